package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventLines;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.KafkaBroker;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tap} to a broker of Apache Kafka. */
class KafkaTapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PASSWORD = "the-password-of-tap";
  private static final int EVENTS_OF_A_LIFE = 5;
  private static final int CHANGES = 100;

  @TempDir private static Path shared = Path.of("set by JUnit");
  private static TrackerProcess tracker;
  private static Authority authority;
  private static KafkaBroker broker;

  @TempDir private Path folder = Path.of("set by JUnit");

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(KafkaBroker.isThere(), "no target/kafka-broker.classpath: .ci/run makes it");
    tracker =
        TrackerProcess.onFreePorts()
            .set("limits.rate.requests", 100_000)
            .set("timers.track", "1h")
            .start();
    authority = Authority.found(shared, "ours");
    X509Bundle named =
        authority.issue("CN=broker", it -> it.rsa2048().addSanIpAddress("127.0.0.1"));
    broker =
        KafkaBroker.start(
            shared.resolve("kafka"), PASSWORD, Authority.write(named, shared, "broker"));
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
      tracker.close();
    }
  }

  private static Path jar() {
    String product = Objects.requireNonNull(System.getProperty("ppstp.jar"), "ppstp.jar");
    return Path.of(product).resolveSibling("ppstp-tap-kafka.jar");
  }

  private static TrackerProcess.Builder command(String... arguments) {
    return TrackerProcess.bare()
        .jar(jar())
        .jvmOption("-XX:TieredStopAtLevel=1")
        .arguments("tap", "http://" + tracker.management().uri().getAuthority())
        .arguments(arguments);
  }

  private static TrackerProcess tap(String... arguments) {
    TrackerProcess tap = command(arguments).launch();
    awaitLine(tap, " follows ");
    return tap;
  }

  private static void awaitLine(TrackerProcess tap, String part) {
    Await.until(
        () -> part + " in " + tap.log(),
        () -> tap.log().stream().anyMatch(line -> line.contains(part)));
  }

  private static String last(TrackerProcess tap) {
    return tap.log().get(tap.log().size() - 1);
  }

  private static String url(String address, String topic) {
    return "--to=kafka://" + address + "/" + topic;
  }

  private static void live(PpstpClient client, String peer) throws Exception {
    client.post(Message.connect(peer, "1").joinAsLeech("a")).expectSuccess();
    client.post(Message.statReport(peer, "2", "a")).expectSuccess();
    client.post(Message.connect(peer, "3").leave("a").joinAsLeech("b")).expectSuccess();
    client.post(Message.connect(peer, "4").leave("b")).expectSuccess();
  }

  private static String header(ConsumerRecord<String, byte[]> got, String name) {
    return new String(got.headers().lastHeader(name).value(), UTF_8);
  }

  /** Returns the lines of a topic without those that are there again, by node and number. */
  private static List<String> distinct(List<ConsumerRecord<String, byte[]>> records) {
    Map<String, String> lines = new TreeMap<>();
    for (ConsumerRecord<String, byte[]> got : records) {
      lines.putIfAbsent(
          header(got, "node") + "-" + header(got, "seq"), new String(got.value(), UTF_8));
    }
    return List.copyOf(lines.values());
  }

  @Test
  void eachEventIsARecordOfItsSwarmInOrder() throws Exception {
    broker.create("swarms", 3);
    try (TrackerProcess tap = tap(url(broker.address(), "swarms"))) {
      for (int i = 0; i < 20; i++) {
        live(tracker.client(), "keyed-" + i);
      }
      int expected = 20 * EVENTS_OF_A_LIFE;
      Await.until("all", PATIENCE, () -> broker.records("swarms").size() >= expected);
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
      assertEquals("ppstp-tracker tap: 100 events written, 0 missing", last(tap));

      List<ConsumerRecord<String, byte[]>> records = broker.records("swarms");
      assertEquals(expected, records.size());
      EventLines.assertWhole(distinct(records));
      Map<String, Integer> partitions = new HashMap<>();
      Map<String, Long> latest = new HashMap<>();
      for (ConsumerRecord<String, byte[]> got : records) {
        JsonNode event = Json.parse(new String(got.value(), UTF_8));
        assertEquals(event.path("node").asText(), header(got, "node"));
        assertEquals(event.path("seq").asText(), header(got, "seq"));
        String swarm = event.path("swarm_id").asText(null);
        assertEquals(swarm, got.key());
        if (swarm != null) {
          assertEquals(got.partition(), partitions.computeIfAbsent(swarm, it -> got.partition()));
          long before =
              Objects.requireNonNullElse(latest.put(swarm, event.path("seq").asLong()), 0L);
          assertTrue(before < event.path("seq").asLong(), "the order of " + swarm);
        }
      }
      assertEquals(2, partitions.size(), partitions::toString);
    }
  }

  /** The broker is away for a while, and the tap is killed and started anew: nothing is lost. */
  @Test
  void whateverIsKilledEachEventIsThereOnceByItsNumber() throws Exception {
    broker.create("killed", 2);
    Path state = folder.resolve("state");
    String[] arguments = {url(broker.address(), "killed"), "--state=" + state};
    int lives = 0;
    try (TrackerProcess tap = tap(arguments)) {
      for (int i = 0; i < 200; i++, lives++) {
        if (i == 50) {
          broker.kill();
        }
        live(tracker.client(), "through-" + lives);
      }
      broker.start();
      awaitLine(tap, "trying again");
      awaitLine(tap, "events are taken again");
      int sofar = lives * EVENTS_OF_A_LIFE;
      Await.until("all", PATIENCE, () -> broker.records("killed").size() >= sofar);
      // Kafka's client sends nothing twice while the tap lives, though answers were lost.
      assertEquals(sofar, broker.records("killed").size());
      for (int i = 0; i < 200; i++, lives++) {
        if (i == 100) {
          tap.kill();
        }
        live(tracker.client(), "through-" + lives);
      }
      tap.exitCode(PATIENCE);
    }
    int expected = lives * EVENTS_OF_A_LIFE;
    try (TrackerProcess tap = tap(arguments)) {
      Await.until("all", PATIENCE, () -> distinct(broker.records("killed")).size() >= expected);
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
      assertTrue(last(tap).endsWith(" 0 missing"), () -> last(tap));
    }
    List<ConsumerRecord<String, byte[]>> records = broker.records("killed");
    System.out.println("KafkaTapIT: " + records.size() + " records of " + expected + " events");
    assertEquals(expected, distinct(records).size());
    EventLines.assertWhole(distinct(records));
  }

  @Test
  void overTlsWithCredentialsFromAFileThatAreNeverSaid() throws Exception {
    broker.create("secured", 1);
    Path ours = authority.certificate();
    Path other = Authority.found(folder, "other").certificate();
    String address = broker.saslAddress();
    try (TrackerProcess tap =
        tap(url(address, "secured"), "--kafka-config=" + config(PASSWORD, ours))) {
      live(tracker.client(), "secured");
      Await.until("all", PATIENCE, () -> broker.records("secured").size() >= EVENTS_OF_A_LIFE);
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
    }
    assertRefused(address, config("guessed", ours), "Authentication failed");
    assertRefused(address, config(PASSWORD, other), "SSL handshake failed");
    // Its certificate names an address.
    String misnamed = address.replace("127.0.0.1", "localhost");
    assertRefused(misnamed, config(PASSWORD, ours), "SSL handshake failed");
    assertEquals(EVENTS_OF_A_LIFE, broker.records("secured").size());
  }

  private static void assertRefused(String address, Path config, String why) throws Exception {
    try (TrackerProcess tap = tap(url(address, "secured"), "--kafka-config=" + config)) {
      live(tracker.client(), "insecure-" + System.nanoTime());
      assertEquals(2, tap.exitCode(PATIENCE), () -> tap.log().toString());
      awaitLine(tap, why);
      assertFalse(tap.log().toString().contains("guessed"), () -> tap.log().toString());
    }
  }

  private Path config(String password, Path authorities) throws Exception {
    return Files.writeString(
        folder.resolve("kafka-" + password.length() + authorities.getFileName()),
        String.join(
            "\n",
            "security.protocol=SASL_SSL",
            "sasl.mechanism=PLAIN",
            "ssl.truststore.type=PEM",
            "ssl.truststore.location=" + authorities,
            "compression.type=zstd",
            "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"tap\" password=\""
                + password
                + "\";"));
  }

  /**
   * One of three nodes is killed while peers come to all: what the others have acknowledged is
   * there once. So is what that one has, but for its last moments, and but for what is counted.
   */
  @Test
  void eachChangeInAClusterIsThereOnceThoughANodeIsKilled() throws Exception {
    broker.create("cluster", 3);
    List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    try (TrackerCluster cluster = TrackerCluster.in(folder, node -> {}).start(3)) {
      List<TrackerProcess> nodes = cluster.nodes();
      try (TrackerProcess tap =
          TrackerProcess.bare()
              .jar(jar())
              .jvmOption("-XX:TieredStopAtLevel=1")
              .arguments("tap", "--scope=cluster", url(broker.address(), "cluster"))
              .arguments(nodes.stream().map(KafkaTapIT::management).toArray(String[]::new))
              .launch()) {
        Await.until(
            () -> "it follows all: " + tap.log(),
            () -> tap.log().stream().filter(line -> line.contains(" follows ")).count() == 3);
        PpstpClient dying = nodes.get(2).client();
        CompletableFuture<Void> end =
            CompletableFuture.runAsync(() -> joinUntilItDies(dying, acknowledged));
        for (int i = 0; i < CHANGES; i++) {
          if (i == CHANGES / 2) {
            cluster.kill(nodes.get(2));
          }
          // For a moment after the loss of a node peers are told to come again.
          Message join = Message.connect("living-" + i, "1").joinAsLeech("a");
          PpstpClient living = nodes.get(i % 2).client();
          Await.until("a change is taken", PATIENCE, () -> living.post(join).isSuccess());
        }
        end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Await.until(
            "all of the living", PATIENCE, () -> joined("cluster", "living-").size() >= CHANGES);
        tap.terminate();
        assertEquals(0, tap.exitCode(PATIENCE));

        List<ConsumerRecord<String, byte[]>> records = broker.records("cluster");
        assertEquals(distinct(records).size(), records.size(), "none twice");
        assertEquals(CHANGES, joined("cluster", "living-").size());
        assertEquals(CHANGES, Set.copyOf(joined("cluster", "living-")).size());
        long missing = missing(distinct(records));
        assertTrue(last(tap).endsWith(" " + missing + " missing"), () -> last(tap));
        List<String> told = joined("cluster", "dying-");
        assertEquals(told.size(), Set.copyOf(told).size());
        List<String> before =
            acknowledged.subList(0, acknowledged.indexOf(lastOf(told, acknowledged)) + 1);
        System.out.printf(
            "KafkaTapIT: of %d changes at the node that was killed %d told, %d numbers missing%n",
            acknowledged.size(), told.size(), missing);
        assertTrue(
            before.stream().filter(it -> !told.contains(it)).count() <= missing,
            "what is not told is counted");
        assertTrue(before.size() + 20 > acknowledged.size(), "only its last are lost uncounted");
      }
    }
  }

  private static String management(TrackerProcess node) {
    return "http://" + node.management().uri().getAuthority();
  }

  private static void joinUntilItDies(PpstpClient client, List<String> acknowledged) {
    try {
      for (int i = 0; i < 100_000; i++) {
        String peer = "dying-" + i;
        if (client.post(Message.connect(peer, "1").joinAsLeech("a")).isSuccess()) {
          acknowledged.add(peer);
        }
      }
    } catch (IOException | InterruptedException e) {
      // It is dead.
    }
  }

  private static String lastOf(List<String> told, List<String> acknowledged) {
    return acknowledged.stream().filter(told::contains).reduce((one, next) -> next).orElse("");
  }

  private static List<String> joined(String topic, String prefix) {
    return broker.records(topic).stream()
        .map(got -> Json.parse(new String(got.value(), UTF_8)))
        .filter(event -> event.path("event").asText().equals("joined"))
        .map(event -> event.path("peer_id").asText())
        .filter(peer -> peer.startsWith(prefix))
        .toList();
  }

  /** Returns how many numbers of nodes are not there between their first and their last. */
  private static long missing(List<String> lines) {
    long missing = 0;
    for (List<Long> seqs : EventLines.numbers(lines).values()) {
      missing += Collections.max(seqs) - Collections.min(seqs) + 1 - seqs.size();
    }
    return missing;
  }

  @Test
  void faultsAreExplainedInALine() throws Exception {
    String url = url(broker.address(), "none");
    Finished foreign = TrackerProcess.bare().arguments("tap", "http://127.0.0.1:1", url).run();
    assertEquals(2, foreign.exitCode(), foreign::toString);
    assertEquals(
        "ppstp-tracker tap: Kafka's client is not in this jar: run 'java -jar ppstp-tap-kafka.jar"
            + " tap ...' instead\n",
        foreign.err());
    Path ours = Files.writeString(folder.resolve("ours"), "acks=0\n");
    Path wrong = Files.writeString(folder.resolve("wrong"), "linger.ms=secret\n");
    List<String> said = new ArrayList<>();
    for (Finished finished :
        List.of(
            command(url, "--kafka-config=" + ours).run(),
            command(url, "--kafka-config=" + wrong).run(),
            command("--to=kafka://secret").run(),
            command("--to=kafka://user:secret@a/b").run())) {
      assertEquals(2, finished.exitCode(), finished::toString);
      assertFalse(finished.err().contains("secret"), finished::toString);
      said.add(finished.err().lines().findFirst().orElse("").replace("ppstp-tracker tap: ", ""));
    }
    String form = "--to must be such as kafka://broker-1:9092,broker-2:9092/topic";
    assertEquals(
        List.of(
            "--kafka-config may not say acks",
            "--kafka-config: Kafka does not take what is said of linger.ms",
            form,
            form),
        said);
  }
}
