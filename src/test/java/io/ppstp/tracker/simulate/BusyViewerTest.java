package io.ppstp.tracker.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.RequestReader;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said to a tracker that is warmed up: all kinds of requests, and few that are wrong. */
class BusyViewerTest {
  private static final int VIEWERS = 64;
  private static final int REQUESTS = 120;

  @Test
  void viewersSayAllThatViewersSay() {
    RequestReader reader = new RequestReader(ReaderRules.DEFAULTS);
    Map<String, Integer> counts = new HashMap<>();
    Set<String> forms = new HashSet<>();
    for (int i = 0; i < VIEWERS; i++) {
      BusyViewer viewer = new BusyViewer(i, "127.0.0.1");
      for (int n = 0; n < REQUESTS; n++) {
        Reading reading = reader.read(viewer.next());
        counts.merge(kind(reading), 1, Integer::sum);
        if (reading instanceof Reading.Accepted valid
            && valid.request() instanceof Request.Connect connect) {
          connect.actions().forEach(action -> forms.add(action.action() + " " + action.mode()));
          forms.add("addresses " + connect.addresses().size());
          forms.add(connect.peerNum() == null ? "any number" : "so many");
          forms.add(connect.actions().size() == 2 ? "switch" : "one");
        }
      }
    }

    int all = VIEWERS * REQUESTS;
    assertTrue(counts.getOrDefault("refused", 0) < all / 50, counts::toString);
    assertTrue(counts.getOrDefault("refused", 0) > 0, counts::toString);
    for (String kind : Set.of("Connect", "Find", "StatReport")) {
      assertTrue(counts.getOrDefault(kind, 0) > all / 10, counts::toString);
    }
    assertTrue(
        forms.containsAll(
            Set.of(
                Action.JOIN + " LEECH",
                Action.JOIN + " SEEDER",
                "addresses 0",
                "addresses 1",
                "addresses 2",
                "addresses 3",
                "any number",
                "so many",
                "switch",
                "one")),
        forms::toString);
  }

  @Test
  void theSameNumberSaysTheSame() {
    BusyViewer one = new BusyViewer(5, "127.0.0.1");
    BusyViewer other = new BusyViewer(5, "127.0.0.1");
    for (int n = 0; n < REQUESTS; n++) {
      assertArrayEquals(one.next(), other.next());
    }
  }

  private static String kind(Reading reading) {
    return reading instanceof Reading.Accepted valid
        ? valid.request().getClass().getSimpleName()
        : "refused";
  }
}
