package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ListenerProcess;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.NodeHere;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerEvents;
import io.ppstp.tracker.testing.TrackerEvents.Heard;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every change of state reaches every listener once: one on a node of the cluster, and one in an
 * application that knows no more of the tracker than {@code src/docs/events.md} tells.
 */
class ClusterEventsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TRACK = "timers.track=8s";
  private static final int PEERS = 40;
  private static final String GREETER = "greeter";

  private final List<String> expected = new ArrayList<>();

  @Test
  void eachEventArrivesOnceAtEachListener(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster =
            TrackerCluster.in(folder, node -> node.set("timers.track", "8s")).start(2);
        ListenerProcess application = ListenerProcess.of(cluster, folder);
        NodeHere node = NodeHere.join(cluster, TRACK)) {
      List<TrackerProcess> nodes = cluster.nodes();
      List<PpstpClient> clients = nodes.stream().map(TrackerProcess::client).toList();
      awaitListening(clients, List.of(application.events(), node.events()));
      for (int i = 0; i < PEERS; i++) {
        live("p" + i, clients.get(i % 2), clients.get(i / 2 % 2), i % 4 == 0);
      }
      List<String> wanted = expected.stream().sorted().toList();
      for (TrackerEvents events : List.of(application.events(), node.events())) {
        if (!Await.holdsWithin(PATIENCE, () -> heard(events).size() >= wanted.size())) {
          assertEquals(wanted, heard(events));
        }
      }
      // Whatever a node sent twice, it sent before this.
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).post(Message.statReport("last" + i, "1")).expect(403, 3);
        expected.add("refused last" + i + " \"STAT_REPORT\" 3 \"unregistered\"");
      }
      List<String> all = expected.stream().sorted().toList();
      for (TrackerEvents events : List.of(application.events(), node.events())) {
        Await.until(
            "the last events", PATIENCE, () -> events.tellOf("last0") && events.tellOf("last1"));
        assertEquals(all, heard(events));
      }
      System.out.println(all.size() + " events, each once at each listener");
    }
  }

  /** Waits until each node has learned of each listener, which takes a moment. */
  private static void awaitListening(List<PpstpClient> clients, List<TrackerEvents> listeners)
      throws Exception {
    for (int i = 0; i < clients.size(); i++) {
      PpstpClient client = clients.get(i);
      String greeter = GREETER + i;
      Await.until(
          "all hear the node numbered " + i,
          PATIENCE,
          () -> {
            client.post(Message.statReport(greeter, "0")).expect(403, 3);
            return listeners.stream().allMatch(events -> events.tellOf(greeter));
          });
    }
  }

  /** Returns what was heard of others than the greeters, sorted. */
  private static List<String> heard(TrackerEvents events) {
    return events.all().stream()
        .filter(event -> !event.peer().startsWith(GREETER))
        .map(Heard::text)
        .sorted()
        .toList();
  }

  /** A peer's life, of which either node serves a part, and all that there is to hear of it. */
  private void live(String peer, PpstpClient here, PpstpClient there, boolean leaves)
      throws Exception {
    here.post(Message.connect(peer, "1").joinAsSeeder("a").joinAsSeeder("b")).expectSuccess();
    expect(peer, "registered", "joined \"a\" \"SEEDER\"", "joined \"b\" \"SEEDER\"");
    there.post(Message.statReport(peer, "2", "a")).expectSuccess();
    expect(peer, "reported \"a\" 512 768 1024000 5");
    there.post(Message.find(peer, "3", "elsewhere")).expect(403, 3);
    expect(peer, "refused \"FIND\" 3 \"not_a_member\" \"elsewhere\"");
    here.post(Message.connect(peer, "4").leave("b")).expectSuccess();
    expect(peer, "left \"b\" true \"left\"");
    if (leaves) {
      there.post(Message.connect(peer, "5").leave("a")).expectSuccess();
      expect(peer, "left \"a\" false \"left\"");
    } else {
      expect(peer, "expired [\"a\"] \"silent\"");
    }
  }

  /** Notes events as they read with the peer behind their kind. */
  private void expect(String peer, String... events) {
    Stream.of(events).forEach(event -> expected.add(event.replaceFirst("^\\w+", "$0 " + peer)));
  }
}
