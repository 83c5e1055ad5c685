package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventLines;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.KafkaBroker;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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

  @TempDir private static Path shared = Path.of("set by JUnit");
  private static TrackerProcess tracker;
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
    broker = KafkaBroker.start(shared.resolve("kafka"), PASSWORD);
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
  void credentialsComeFromAFileAndAreNeverSaid() throws Exception {
    broker.create("secured", 1);
    try (TrackerProcess tap =
        tap(url(broker.saslAddress(), "secured"), "--kafka-config=" + config(PASSWORD))) {
      live(tracker.client(), "secured");
      Await.until("all", PATIENCE, () -> broker.records("secured").size() >= EVENTS_OF_A_LIFE);
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
    }
    try (TrackerProcess tap =
        tap(url(broker.saslAddress(), "secured"), "--kafka-config=" + config("guessed"))) {
      live(tracker.client(), "insecure");
      assertEquals(2, tap.exitCode(PATIENCE));
      awaitLine(tap, "Authentication failed");
      assertFalse(tap.log().toString().contains("guessed"), () -> tap.log().toString());
    }
  }

  private Path config(String password) throws Exception {
    return Files.writeString(
        folder.resolve("kafka-" + password),
        String.join(
            "\n",
            "security.protocol=SASL_PLAINTEXT",
            "sasl.mechanism=PLAIN",
            "compression.type=zstd",
            "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"tap\" password=\""
                + password
                + "\";"));
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
