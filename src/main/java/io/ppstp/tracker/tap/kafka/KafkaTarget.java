package io.ppstp.tracker.tap.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.tap.TapException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * A topic of Kafka's, and how to come to it; immutable.
 *
 * @param brokers of which one has to be reached, as Kafka spells them
 */
record KafkaTarget(String brokers, String topic, Properties settings) {
  private static final long MOST_BYTES = 64 << 10;
  private static final Pattern URL =
      Pattern.compile("kafka://([^/?#@\\s]+)/([A-Za-z0-9._-]{1,249})");

  /** What the promise of {@link KafkaOutput} rests on, and what the URL says. */
  private static final Set<String> OURS =
      Set.of(
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          ProducerConfig.RETRIES_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

  /**
   * Reads {@code kafka://BROKER:PORT[,BROKER:PORT...]/TOPIC}.
   *
   * @param settings a file of Kafka's producer settings, such as those of TLS and SASL
   * @throws TapException with what is wrong with either
   */
  static KafkaTarget of(String url, Optional<Path> settings) throws TapException {
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      throw new TapException("--to must be such as kafka://broker-1:9092,broker-2:9092/topic");
    }
    Properties read = settings.isPresent() ? read(settings.get()) : new Properties();
    List<String> refused =
        new TreeSet<>(read.stringPropertyNames()).stream().filter(OURS::contains).toList();
    if (!refused.isEmpty()) {
      throw new TapException("--kafka-config may not say " + String.join(", ", refused));
    }
    return new KafkaTarget(matcher.group(1), matcher.group(2), read);
  }

  private static Properties read(Path file) throws TapException {
    Properties properties = new Properties();
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new TapException("--kafka-config: " + file + " is too long");
      }
      properties.load(new StringReader(Files.readString(file, UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      // What is in it is not said again: it holds secrets.
      throw new TapException("--kafka-config: cannot read " + file);
    }
    return properties;
  }
}
