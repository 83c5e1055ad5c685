package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a member does takes effect in order, and what it is given is bounded. */
class SocketMemberTest {
  private static final long SECOND = 1_000_000_000L;

  private final SocketMember member = new SocketMember("h", "p", 1, "id", new SwarmKey("s"));

  @Test
  void worksRunOneAfterAnother() {
    List<CompletableFuture<Void>> works = new ArrayList<>();
    List<CompletableFuture<Void>> done = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      done.add(
          member
              .run(
                  () -> {
                    works.add(new CompletableFuture<>());
                    return works.get(works.size() - 1);
                  })
              .toCompletableFuture());
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(i + 1, works.size());
      assertFalse(member.isIdle());
      assertFalse(done.get(i).isDone());
      if (i == 2) {
        works.get(i).completeExceptionally(new IllegalStateException("a work may fail"));
      } else {
        works.get(i).complete(null);
      }
      assertTrue(done.get(i).isDone() && !done.get(i).isCompletedExceptionally());
    }
    assertTrue(member.isIdle());
  }

  @Test
  void offersAreBoundedPerSecond() {
    long nowNs = -7 * SECOND;
    for (int second = 0; second < 3; second++) {
      int given = 0;
      for (int i = 0; i < 1000; i++) {
        given += member.tryOffer(10, nowNs + i) ? 1 : 0;
      }
      assertEquals(10, given);
      nowNs += 2 * SECOND;
    }
    int given = 0;
    for (int i = 0; i < 1000; i++) {
      given += member.tryOffer(10, nowNs + i * SECOND / 100) ? 1 : 0;
    }
    assertTrue(given >= 105 && given <= 111, () -> "in ten seconds");
  }
}
