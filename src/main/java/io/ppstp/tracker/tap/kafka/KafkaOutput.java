package io.ppstp.tracker.tap.kafka;

import io.ppstp.tracker.tap.Batch;
import io.ppstp.tracker.tap.Output;
import io.ppstp.tracker.tap.Reasons;
import io.ppstp.tracker.tap.TapException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends each event as a record, and takes a batch when all replicas in sync have every one of its
 * records. Confined to one event loop, save for what is said to run on its worker.
 *
 * <p>Kafka's client is idempotent and never gives a record up by itself: while a broker is away the
 * records wait in it, and go out in their order, once each. So a batch that comes again here
 * because nobody answered is not sent again, only waited for. What the client refused is sent
 * again, and where that leaves the client useless, by a new one; then a record may be there twice,
 * as after the end of this process.
 *
 * <p>The client is one of Vert.x, whose own {@code send} would take a turn of a worker for each
 * record; here a turn sends a whole batch.
 */
public final class KafkaOutput implements Output {
  private static final Pattern SETTING = Pattern.compile("for configuration ([a-z0-9._]+)");
  private static final int PATIENCE_MS = 5000;
  private static final int BATCH_BYTES = 128 << 10;
  private static final int LINGER_MS = 5;
  private static final int LONGEST_RECONNECT_MS = 2000;
  private static final long CLOSE_MS = 2000;

  private final Vertx vertx;
  private final KafkaTarget target;
  private final Consumer<String> notes;
  private final WorkerExecutor worker;
  private KafkaProducer<byte[], byte[]> client;
  private @Nullable Batch begun;
  private @Nullable Sending sending;
  private boolean everTaken;
  private long refused;

  /**
   * Makes one; nobody is asked yet.
   *
   * @param everTaken whether Kafka has taken events of an earlier run
   * @throws ConfigException if Kafka does not take the settings
   */
  KafkaOutput(Vertx vertx, KafkaTarget target, boolean everTaken, Consumer<String> notes) {
    this.vertx = vertx;
    this.target = target;
    this.everTaken = everTaken;
    this.notes = notes;
    this.client = connect();
    this.worker = vertx.createSharedWorkerExecutor("tap-kafka", 1, 1, TimeUnit.DAYS);
  }

  /**
   * Returns what makes an output of {@code kafka://BROKER:PORT[,BROKER:PORT...]/TOPIC}.
   *
   * @param settings a file of Kafka's producer settings, such as those of TLS and SASL
   * @throws TapException with what is wrong with either
   */
  public static Output.Maker maker(String url, Optional<Path> settings) throws TapException {
    KafkaTarget target = KafkaTarget.of(url, settings);
    return (vertx, everTaken, notes) -> {
      try {
        return new KafkaOutput(vertx, target, everTaken, notes);
      } catch (ConfigException e) {
        throw new TapException(fault(e));
      }
    };
  }

  /** Kafka says the value too, which may be a secret. */
  private static String fault(ConfigException failure) {
    Matcher setting = SETTING.matcher(String.valueOf(failure.getMessage()));
    return setting.find()
        ? "--kafka-config: Kafka does not take what is said of " + setting.group(1)
        : "Kafka takes neither --to nor --kafka-config as they are";
  }

  private KafkaProducer<byte[], byte[]> connect() {
    Properties all = new Properties();
    all.setProperty(ProducerConfig.CLIENT_ID_CONFIG, "ppstp-tap");
    all.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
    all.setProperty(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(LINGER_MS));
    all.setProperty(
        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, Integer.toString(LONGEST_RECONNECT_MS));
    all.setProperty(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
    all.putAll(target.settings());
    all.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, target.brokers());
    all.setProperty(ProducerConfig.ACKS_CONFIG, "all");
    all.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    all.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(PATIENCE_MS));
    all.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
    String bytes = ByteArraySerializer.class.getName();
    all.setProperty(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, bytes);
    all.setProperty(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, bytes);
    return KafkaProducer.create(vertx, all);
  }

  @Override
  public Future<Integer> write(Batch batch) {
    Sending current = sending;
    if (begun != batch || current == null) {
      current = new Sending(target.topic(), batch, KafkaOutput::isForGood);
      begun = batch;
      sending = current;
    }
    Sending whole = current;
    Producer<byte[], byte[]> producer = client.unwrap();
    return worker
        .executeBlocking(() -> whole.goOn(producer, PATIENCE_MS), true)
        .compose(failure -> judge(whole, failure.orElse(null)));
  }

  /** Returns whether a record that fails so would fail each time; on any thread. */
  private static boolean isForGood(Exception failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof InvalidTimestampException;
  }

  private Future<Integer> judge(Sending whole, @Nullable Exception failure) {
    everTaken |= whole.taken() > 0;
    if (failure == null && whole.isOver()) {
      if (whole.refused() > 0) {
        refused += whole.refused();
        notes.accept("Kafka refuses " + whole.refused() + " events, which are given up");
      }
      begun = null;
      sending = null;
      return Future.succeededFuture(whole.taken());
    }
    if (failure == null) {
      return Future.failedFuture(
          OutputException.passing(where() + " does not answer in " + PATIENCE_MS + " ms"));
    }
    String reason = where() + ": " + Reasons.of(failure);
    if (failure instanceof RetriableException) {
      return Future.failedFuture(OutputException.passing(reason));
    } else if (!everTaken) {
      return Future.failedFuture(OutputException.fatal(reason));
    }
    // Some failures leave the client good for nothing.
    KafkaProducer<byte[], byte[]> old = client;
    client = connect();
    return old.close(1)
        .otherwiseEmpty()
        .compose(closed -> Future.failedFuture(OutputException.passing(reason)));
  }

  private String where() {
    return "Kafka at " + target.brokers();
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public Future<Void> close() {
    return client.close(CLOSE_MS).eventually(worker::close);
  }
}
