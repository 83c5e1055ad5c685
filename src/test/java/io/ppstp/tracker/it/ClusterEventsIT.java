package io.ppstp.tracker.it;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.ListenerProcess;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.NodeHere;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TapExample;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerEvents;
import io.ppstp.tracker.testing.TrackerEvents.Heard;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every change of state reaches every listener once: one on a node of the cluster, and one in the
 * application of {@code src/examples/tap-vertx}, built by its own pom and run with the libraries
 * that this names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterEventsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TRACK = "timers.track=8s";
  private static final int PEERS = 40;
  private static final String GREETER = "greeter";

  /** What {@code vertx-hazelcast} brings where no pom says otherwise; Maven fetches it. */
  private static final Path OLD_HAZELCAST = Path.of("target", "foreign", "hazelcast-5.3.8.jar");

  private final List<String> expected = new ArrayList<>();
  private Path folder;
  private TapExample.Build build;
  private TrackerCluster cluster;
  private ListenerProcess application;

  /** The same application with an old Hazelcast; null where that cannot be had. */
  private @Nullable ListenerProcess old;

  private String oldClassPath = "";

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    Path example = Files.createDirectory(folder.resolve("tap-vertx"));
    CompletableFuture<TapExample.Build> building =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return TapExample.build(example);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    cluster = TrackerCluster.in(folder, node -> node.set("timers.track", "8s")).start(2);
    build = building.join();
    application =
        build.example().isPresent()
            ? ListenerProcess.of(cluster, folder, build.example().get())
            : ListenerProcess.of(cluster, folder);
    if (build.example().isPresent() && Files.exists(OLD_HAZELCAST)) {
      oldClassPath = build.example().get().classPathWith(OLD_HAZELCAST, folder);
      Path config = ListenerProcess.config(cluster, folder);
      String patient = Files.readString(config);
      String impatient = patient.replace("join.seconds\">30<", "join.seconds\">5<");
      assertNotEquals(patient, impatient);
      Files.writeString(config, impatient);
      old = ListenerProcess.launch(oldClassPath, config.toString());
    }
  }

  @AfterAll
  void stop() {
    if (old != null) {
      old.close();
    }
    if (application != null) {
      application.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void theApplicationIsBuiltByItsOwnPom() {
    assumeTrue(
        build.example().isPresent(),
        () -> "the example runs with the tracker's libraries here: " + build.lack());
  }

  @Test
  @Order(2)
  void eachEventArrivesOnceAtEachListener() throws Exception {
    try (NodeHere node = NodeHere.join(cluster, TRACK)) {
      List<PpstpClient> clients = cluster.nodes().stream().map(TrackerProcess::client).toList();
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

  /** It has asked once a second since the start; the log has one line of that, no stack traces. */
  @Test
  @Order(3)
  void anOldHazelcastIsRefusedInOneLineOnEachSide() throws Exception {
    assumeTrue(build.example().isPresent(), build.lack());
    assumeTrue(old != null, () -> "Maven has not fetched " + OLD_HAZELCAST);
    ListenerProcess untold = requireNonNull(old);
    assertEquals(1, untold.exitCode(), () -> untold.log().toString());
    assertEquals(1, linesOf(untold).size(), () -> untold.log().toString());
    assertTrue(
        linesOf(untold).get(0).startsWith("not joined, by Hazelcast 5.3.8: "),
        () -> untold.log().toString());
    try (ListenerProcess told =
        ListenerProcess.launch(
            oldClassPath, "listener.xml", "status=" + ListenerProcess.status(cluster))) {
      assertEquals(1, told.exitCode(), () -> told.log().toString());
      assertEquals(
          List.of(
              "this tracker runs Hazelcast "
                  + hazelcastOfNodes()
                  + ", this application 5.3.8: set hazelcast.version in pom.xml"),
          linesOf(told));
    }
    List<String> lines = new ArrayList<>();
    for (TrackerProcess node : cluster.nodes()) {
      lines.addAll(node.log());
    }
    long lineCount =
        lines.stream().filter(it -> it.contains(" asks to join and cannot be ")).count();
    assertEquals(1, lineCount);
    assertEquals(
        List.of(),
        lines.stream()
            .filter(line -> line.startsWith("\tat ") || line.contains("Serialization"))
            .toList());
  }

  private String hazelcastOfNodes() throws Exception {
    JsonNode members = TrackerCluster.cluster(cluster.nodes().get(0)).path("members");
    return members.path(0).path("hazelcast").asText();
  }

  /** Returns what the application says; Java's own warnings are about its libraries. */
  private static List<String> linesOf(ListenerProcess application) {
    return application.log().stream().filter(line -> !line.startsWith("WARNING: ")).toList();
  }

  @Test
  @Order(4)
  void theApplicationOutlivesANode() throws Exception {
    cluster.kill(cluster.nodes().get(0));
    awaitListening(List.of(cluster.nodes().get(0).client()), List.of(application.events()), "left");
  }

  @Test
  @Order(5)
  void aNodeMayKeepItsEventsToItself() throws Exception {
    TrackerProcess silent = cluster.start(cluster.node().set("events.bus", "false"));
    cluster.awaitSafe(PATIENCE);
    TrackerProcess other = cluster.nodes().get(0);
    try (EventTap own = EventTap.open(silent, "");
        EventTap others = EventTap.open(other, "")) {
      awaitHeard(silent.client(), "at-silent", own);
      awaitHeard(other.client(), "at-other", others);
      awaitListening(List.of(other.client()), List.of(application.events()), "last");

      assertTrue(application.events().tellOf("at-other"));
      assertFalse(application.events().tellOf("at-silent"), "to the application");
      assertFalse(others.tellsOf("at-silent"), "to readers at the other node");
      assertFalse(own.tellsOf("at-other"), "from the other node");
      try (EventTap whole = EventTap.open(silent, "scope=cluster")) {
        Await.until("an answer", PATIENCE, () -> !whole.lines().isEmpty());
        assertTrue(whole.lines().get(0).contains("\"status\":400"), () -> whole.lines().get(0));
      }
    }
  }

  private static void awaitHeard(PpstpClient client, String peer, EventTap tap) throws Exception {
    Await.until(
        peer + " is heard of",
        PATIENCE,
        () -> {
          client.post(Message.statReport(peer, "0"));
          return tap.tellsOf(peer);
        });
  }

  /** As on SIGTERM, and the nodes need not wait until they miss it. */
  @Test
  @Order(6)
  void theApplicationLeaves() throws Exception {
    application.terminate();

    assertEquals(0, application.exitCode());
    List<String> said = linesOf(application);
    assertEquals(summary(application.events().all()), said.get(said.size() - 1));
    for (TrackerProcess node : cluster.nodes()) {
      Await.until(
          "only nodes are left",
          PATIENCE,
          () -> TrackerCluster.cluster(node).path("members").size() == cluster.nodes().size());
    }
  }

  /** Returns how many events there are, and how many numbers are missing among those of a node. */
  private static String summary(List<Heard> events) {
    Map<String, TreeSet<Long>> numbers = new TreeMap<>();
    for (Heard heard : events) {
      numbers
          .computeIfAbsent(heard.event().path("node").asText(), node -> new TreeSet<>())
          .add(heard.event().path("seq").asLong());
    }
    long lost = 0;
    for (TreeSet<Long> ofNode : numbers.values()) {
      for (long seq = ofNode.first(); seq < ofNode.last(); seq++) {
        lost += ofNode.contains(seq) ? 0 : 1;
      }
    }
    return events.size() + " events, " + lost + " lost on the way";
  }

  /** Waits until each node has learned of each listener, which takes a moment. */
  private static void awaitListening(List<PpstpClient> clients, List<TrackerEvents> listeners)
      throws Exception {
    awaitListening(clients, listeners, "first");
  }

  private static void awaitListening(
      List<PpstpClient> clients, List<TrackerEvents> listeners, String when) throws Exception {
    for (int i = 0; i < clients.size(); i++) {
      PpstpClient client = clients.get(i);
      String greeter = GREETER + i + when;
      Await.until(
          "all hear the node numbered " + i,
          PATIENCE,
          () -> {
            client.post(Message.statReport(greeter, "0"));
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
