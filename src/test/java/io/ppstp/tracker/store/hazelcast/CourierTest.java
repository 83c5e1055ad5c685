package io.ppstp.tracker.store.hazelcast;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.store.hazelcast.Applied.Copying;
import io.ppstp.tracker.store.hazelcast.Applied.News;
import io.ppstp.tracker.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Errands between two nodes. */
class CourierTest {
  private static final int BROKEN = 1000;
  private static final long T0 = 1_000_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, TestPost> posts = new ConcurrentHashMap<>();
  private volatile long journeyMs;
  private final Desk here = new Desk();
  private final Desk there = new Desk();
  private final Courier courier = new Courier("here", TestPost.open("here", posts), here, () -> T0);
  private final Courier other =
      new Courier("there", TestPost.open("there", posts), there, () -> T0 + journeyMs);

  CourierTest() {
    courier.open();
    other.open();
  }

  /**
   * Answers with the number of an errand's shard; refuses negative ones and breaks on a large one.
   */
  private static final class Desk implements Courier.Host {
    final Queue<Errand<?>> seen = new ConcurrentLinkedQueue<>();
    final CompletableFuture<Void> opened = new CompletableFuture<>();
    volatile boolean waits;

    @Override
    @SuppressWarnings("unchecked")
    public <R> CompletionStage<Optional<Applied<R>>> run(Errand<R> errand, String sender) {
      seen.add(errand);
      int index = ((Errand.ToShard<R>) errand).index();
      if (index == BROKEN) {
        throw new IllegalStateException("for the test");
      }
      Optional<Applied<R>> answer =
          index < 0
              ? Optional.empty()
              : Optional.of(
                  new Applied<>(
                      (R) Integer.valueOf(index),
                      new Copying(
                          new Errand.ShardCopy(index, 5, new PeerCommand.Touches(List.of())),
                          List.of(sender))));
      return waits ? opened.thenApply(open -> answer) : CompletableFuture.completedStage(answer);
    }
  }

  private static Errand<Integer> errand(int index) {
    return new Errand.ToShard<>(index, new PeerCommand.Touches(List.of()));
  }

  private CompletableFuture<Optional<Applied<Integer>>> send(int index) {
    return courier.send("there", errand(index), Runnable::run).toCompletableFuture();
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void anErrandIsRunThereAndItsAnswerComesBackWithWhatTheCopyHereIsToldWithIt() throws Exception {
    Applied<Integer> applied = await(send(7)).orElseThrow();

    assertEquals(List.of(errand(7)), List.copyOf(there.seen));
    assertEquals(7, applied.result());
    assertEquals(
        new Copying(
            new Errand.ShardCopy(7, 5, new PeerCommand.Touches(List.of())), List.of("here")),
        requireNonNull(applied.copying()));
  }

  @Test
  void whatCannotBeRunThereIsAnsweredWithNothing() throws Exception {
    assertEquals(Optional.empty(), await(send(-1)));
  }

  @Test
  void anErrandThatFailsHarmsNoOther() throws Exception {
    CompletableFuture<Optional<Applied<Integer>>> failing = send(BROKEN);
    CompletableFuture<Optional<Applied<Integer>>> other = send(3);

    assertEquals(Optional.empty(), await(failing));
    assertEquals(3, await(other).orElseThrow().result());
  }

  @Test
  void whatComesMeanwhileTravelsTogether() throws Exception {
    there.waits = true;
    List<CompletableFuture<Optional<Applied<Integer>>>> answers = new ArrayList<>();
    answers.add(send(0));
    Await.until("the first errand", PATIENCE, () -> there.seen.size() == 1);
    long before = TestPost.open("there", posts).letters();
    for (int i = 1; i <= 100; i++) {
      answers.add(send(i));
    }
    there.opened.complete(null);

    for (int i = 0; i <= 100; i++) {
      assertEquals(i, await(answers.get(i)).orElseThrow().result());
    }
    assertEquals(1, TestPost.open("there", posts).letters() - before);
  }

  @Test
  void nobodyWaitsForANodeThatIsNotThere() throws Exception {
    assertEquals(
        Optional.empty(),
        await(courier.send("nowhere", errand(1), Runnable::run).toCompletableFuture()));
  }

  @Test
  void whatIsNotAnsweredForLongIsGivenUpAndTheNextGoesOn() throws Exception {
    TestPost.open("there", posts).loses = true;
    CompletableFuture<Optional<Applied<Integer>>> lost = send(1);
    courier.giveUp(System.nanoTime() - PATIENCE.toNanos());
    assertFalse(lost.isDone());

    TestPost.open("there", posts).loses = false;
    courier.giveUp(System.nanoTime());
    assertEquals(Optional.empty(), await(lost));
    assertEquals(2, await(send(2)).orElseThrow().result());
  }

  /** A node that was stopped finds letters when it goes on. */
  @Test
  void whatWasTooLongUnderWayIsNotRun() throws Exception {
    journeyMs = Courier.LATE_MS + 1;
    assertEquals(Optional.empty(), await(send(1)));

    journeyMs = Courier.LATE_MS;
    assertEquals(2, await(send(2)).orElseThrow().result());
    assertEquals(List.of(errand(2)), List.copyOf(there.seen));
  }

  @Test
  void whatIsGivenUpBeforeItLeavesNeverLeaves() throws Exception {
    there.waits = true;
    CompletableFuture<Optional<Applied<Integer>>> first = send(1);
    Await.until("the first errand", PATIENCE, () -> there.seen.size() == 1);
    CompletableFuture<Optional<Applied<Integer>>> second = send(2);
    courier.giveUp(System.nanoTime());
    assertEquals(Optional.empty(), await(first));
    assertEquals(Optional.empty(), await(second));

    there.waits = false;
    assertEquals(3, await(send(3)).orElseThrow().result());
    assertEquals(List.of(errand(1), errand(3)), List.copyOf(there.seen));
  }

  @Test
  void whatIsUnderWayToANodeThatGoesIsGivenUpAtOnce() throws Exception {
    there.waits = true;
    CompletableFuture<Optional<Applied<Integer>>> unanswered = send(1);
    Await.until("the errand", PATIENCE, () -> there.seen.size() == 1);
    courier.lost("there");

    assertEquals(Optional.empty(), await(unanswered));
    there.opened.complete(null);
    there.waits = false;
    assertEquals(2, await(send(2)).orElseThrow().result(), "one of that name is there again");
  }

  @Test
  void newsTravelWithTheNextErrandOrWhenThereIsLeisure() throws Exception {
    courier.mention(new News(errand(1), "there"));
    assertEquals(2, await(send(2)).orElseThrow().result());
    assertEquals(List.of(errand(1), errand(2)), List.copyOf(there.seen));

    courier.mention(new News(errand(3), "there"));
    courier.giveUp(System.nanoTime() - PATIENCE.toNanos());
    Await.until("the news", PATIENCE, () -> there.seen.size() == 3);
    assertTrue(here.seen.isEmpty());
  }

  @Test
  void aLetterThatCannotBeReadHarmsNobody() throws Exception {
    TestPost.open("elsewhere", posts).send("there", new byte[] {99, 1, 2});
    TestPost.open("elsewhere", posts).send("there", new byte[0]);

    assertEquals(2, await(send(2)).orElseThrow().result());
  }
}
