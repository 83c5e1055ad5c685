package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka in a process of its own, broker and controller in one (KRaft). Confined to one
 * thread; the process ends with this JVM.
 */
public final class KafkaBroker implements AutoCloseable {
  /** Written by {@code .ci/run}. */
  private static final Path CLASS_PATH = Path.of("target", "kafka-broker.classpath");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qk";

  private final Path folder;
  private final int port = Ports.free(3);
  private final Map<String, TopicReader> readers = new HashMap<>();
  private @Nullable Process process;

  private KafkaBroker(Path folder) {
    this.folder = folder;
  }

  /** Returns whether this machine has what it takes. */
  public static boolean isThere() {
    return Files.exists(CLASS_PATH);
  }

  /**
   * Starts one whose second listener is behind TLS and lets those in who know {@code password}, and
   * returns it when it answers.
   *
   * @param folder where it keeps all that it has
   * @param own its certificate and key
   */
  public static KafkaBroker start(Path folder, String password, Tls.PemFiles own) throws Exception {
    KafkaBroker broker = new KafkaBroker(folder);
    Files.createDirectories(folder);
    Files.writeString(
        broker.keys(), Files.readString(own.key()) + Files.readString(own.certificate()), UTF_8);
    Files.writeString(broker.config(), broker.settings(password), UTF_8);
    Process format =
        broker.java(
            "format",
            "kafka.tools.StorageTool",
            "format",
            "-t",
            CLUSTER,
            "--standalone",
            "-c",
            broker.config().toString());
    if (!format.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || format.exitValue() != 0) {
      format.destroyForcibly();
      throw new IllegalStateException(Files.readString(folder.resolve("format.log")));
    }
    broker.start();
    return broker;
  }

  private Path config() {
    return folder.resolve("server.properties");
  }

  private Path keys() {
    return folder.resolve("keys.pem");
  }

  private String settings(String password) {
    return String.join(
        "\n",
        "process.roles=broker,controller",
        "node.id=1",
        "controller.quorum.bootstrap.servers=127.0.0.1:" + (port + 2),
        "listeners=PLAINTEXT://127.0.0.1:%d,SASL://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(port, port + 1, port + 2),
        "advertised.listeners=PLAINTEXT://127.0.0.1:%d,SASL://127.0.0.1:%d"
            .formatted(port, port + 1),
        "listener.security.protocol.map="
            + "PLAINTEXT:PLAINTEXT,SASL:SASL_SSL,CONTROLLER:PLAINTEXT",
        "controller.listener.names=CONTROLLER",
        "inter.broker.listener.name=PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN",
        "listener.name.sasl.plain.sasl.jaas.config="
            + "org.apache.kafka.common.security.plain.PlainLoginModule required user_tap=\""
            + password
            + "\";",
        "listener.name.sasl.ssl.keystore.type=PEM",
        "listener.name.sasl.ssl.keystore.location=" + keys(),
        "log.dirs=" + folder.resolve("data"),
        "auto.create.topics.enable=false",
        "offsets.topic.replication.factor=1",
        "offsets.topic.num.partitions=1",
        "");
  }

  private Process java(String log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", Files.readString(CLASS_PATH).strip()));
    command.addAll(List.of(arguments));
    Process started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log + ".log").toFile())
            .start();
    TrackerProcess.guard(started.pid());
    return started;
  }

  /** Starts it again after {@link #kill}, and returns when it answers. */
  public void start() throws Exception {
    process = java("broker", "kafka.Kafka", config().toString());
    try (Admin admin = Admin.create(clientSettings())) {
      Await.until("a broker", PATIENCE, () -> answers(admin));
    }
  }

  private static boolean answers(Admin admin) throws InterruptedException {
    try {
      return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private Map<String, Object> clientSettings() {
    return Map.of(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        address(),
        CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
        "100");
  }

  /** Makes a topic. */
  public void create(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(clientSettings())) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Returns all records of a topic so far, those of a partition in their order. */
  public List<ConsumerRecord<String, byte[]>> records(String topic) {
    return readers.computeIfAbsent(topic, TopicReader::new).read();
  }

  /** Reads on from where it was. */
  private final class TopicReader {
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    private final KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            clientSettings(), new StringDeserializer(), new ByteArrayDeserializer());
    private final List<TopicPartition> partitions;

    TopicReader(String topic) {
      partitions =
          consumer.partitionsFor(topic).stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }

    List<ConsumerRecord<String, byte[]>> read() {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(it -> consumer.position(it) < ends.getOrDefault(it, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return List.copyOf(records);
    }
  }

  /** Returns where it lets anybody in. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Returns where it speaks TLS and asks for the password. */
  public String saslAddress() {
    return "127.0.0.1:" + (port + 1);
  }

  /** Ends it as a power failure would. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  @Override
  public void close() {
    readers.values().forEach(reader -> reader.consumer.close());
    kill();
  }
}
