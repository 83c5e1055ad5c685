package io.ppstp.tracker.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.app.process.CommandLineValues.DurationConverter;
import io.ppstp.tracker.app.process.CommandLineValues.SizeConverter;
import io.ppstp.tracker.app.process.CommandLineValues.UrlConverter;
import io.ppstp.tracker.tap.BatchRules;
import io.ppstp.tracker.tap.TapException;
import io.ppstp.tracker.tap.TapPlan.Target;
import io.ppstp.tracker.tap.kafka.KafkaOutput;
import io.ppstp.tracker.tap.syslog.SyslogOutputs;
import io.ppstp.tracker.tap.syslog.SyslogTarget;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code tap} that say where events go. */
final class TapOutputs {
  private static final long MOST_HEADER_BYTES = 64 << 10;
  private static final String KAFKA = "kafka:";
  private static final String SYSLOG = "syslog:";

  @Option(
      names = "--files",
      paramLabel = "DIR",
      description = "write to files in this folder, instead of standard output")
  private @Nullable Path folder;

  @Option(
      names = "--rotate-bytes",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "128MiB",
      description = "size at which a file is compressed and the next begins (${DEFAULT-VALUE})")
  private long rotateBytes;

  @Option(
      names = "--rotate-age",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "1h",
      description = "age at which it is (${DEFAULT-VALUE})")
  private Duration rotateAge = Duration.ZERO;

  @Option(
      names = "--no-fsync",
      description = "do not wait once a second until files are on the disk")
  private boolean withoutFsync;

  @Option(
      names = "--post",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "post batches to this collector, instead of standard output")
  private @Nullable URI collector;

  @Option(
      names = "--header",
      paramLabel = "LINE|@FILE",
      description = "header of each post, 'name: value', or a file of such lines; may be repeated")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "URL",
      description =
          "send to kafka://BROKER:PORT[,BROKER:PORT]/TOPIC (with ppstp-tap-kafka.jar only),"
              + " syslog:udp://HOST[:PORT] or syslog:tls://HOST[:PORT], instead of standard output")
  private @Nullable String to;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "further settings of Kafka's producer, such as those of TLS and SASL")
  private @Nullable Path kafkaConfig;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM: who signs the certificate of syslog:tls, if Java does not trust it")
  private @Nullable Path authorities;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM: the tap's own certificate for syslog:tls")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM: the key of --certificate")
  private @Nullable Path key;

  @Option(
      names = "--batch-bytes",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "1MiB",
      description = "most bytes of a batch (${DEFAULT-VALUE})")
  private long batchBytes;

  @Option(
      names = "--batch-events",
      paramLabel = "COUNT",
      defaultValue = "10000",
      description = "most events of a batch (${DEFAULT-VALUE})")
  private int batchEvents;

  @Option(
      names = "--batch-age",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "1s",
      description = "time that an event waits for others (${DEFAULT-VALUE})")
  private Duration batchAge = Duration.ZERO;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "64MiB",
      description =
          "most bytes that wait for the output; beyond it nothing is read (${DEFAULT-VALUE})")
  private long memory;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "remember here how far it is, to go on from there (DIR/tap.state with --files)")
  private @Nullable Path state;

  /** Returns where events go; adds what is wrong with the options to {@code faults}. */
  Target target(List<String> faults) {
    if (Stream.of(folder, collector, to).filter(Objects::nonNull).count() > 1) {
      faults.add("--files, --post and --to are outputs, and a tap has one");
    }
    if (collector == null && !headers.isEmpty()) {
      faults.add("--header is for --post");
    }
    if (kafkaConfig != null && !isTo(KAFKA)) {
      faults.add("--kafka-config is for --to=kafka://...");
    }
    boolean tls = Stream.of(authorities, certificate, key).anyMatch(Objects::nonNull);
    if (tls && !isTo(SYSLOG + "tls:")) {
      faults.add("--ca, --certificate and --key are for --to=syslog:tls://...");
    }
    if (folder != null) {
      return new Target.Files(folder, rotateBytes, rotateAge);
    } else if (collector != null) {
      return new Target.Collector(collector, headers(faults));
    } else if (to != null) {
      try {
        return made(to);
      } catch (TapException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    // Not System.out, which keeps to itself that nobody reads it any more.
    return new Target.Stream(new FileOutputStream(FileDescriptor.out));
  }

  private boolean isTo(String scheme) {
    return to != null && to.startsWith(scheme);
  }

  private Target made(String url) throws TapException {
    if (url.startsWith(KAFKA)) {
      return kafka(url);
    } else if (url.startsWith(SYSLOG)) {
      return new Target.Made(
          SyslogOutputs.maker(SyslogTarget.of(url, authorities, certificate, key)));
    }
    throw new TapException("--to is kafka://..., syslog:udp://... or syslog:tls://...");
  }

  /** Kafka's client is in an artefact of its own, which has the class that is asked for here. */
  private Target kafka(String url) throws TapException {
    try {
      return new Target.Made(KafkaOutput.maker(url, Optional.ofNullable(kafkaConfig)));
    } catch (NoClassDefFoundError e) {
      throw new TapException(
          "Kafka's client is not in this jar: run 'java -jar ppstp-tap-kafka.jar tap ...' instead");
    }
  }

  /** Returns how events are put together for that output. */
  BatchRules rules() {
    int bytes = (int) Math.min(Integer.MAX_VALUE, batchBytes);
    if (collector != null) {
      return new BatchRules(bytes, batchEvents, batchAge, memory);
    } else if (isTo(KAFKA)) {
      return new BatchRules(bytes, batchEvents, Duration.ZERO, memory);
    } else if (isTo(SYSLOG)) {
      return SyslogTarget.rules(memory);
    }
    return BatchRules.ofStream(memory);
  }

  /** Returns the file in which a tap remembers how far it is. */
  Optional<Path> state() {
    return Optional.ofNullable(
        state == null && folder != null ? folder.resolve("tap.state") : state);
  }

  /** Returns whether what was remembered has to be on the disk. */
  boolean fsync() {
    return !withoutFsync;
  }

  private Map<String, String> headers(List<String> faults) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String option : headers) {
      for (String line : lines(option, faults)) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon).strip();
        String value = line.substring(colon + 1).strip();
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || value.matches(".*\\p{Cntrl}.*")) {
          // It may hold a secret, and is not said again.
          faults.add("--header is a line such as 'authorization: Bearer ...', or @FILE");
        }
        all.put(name, value);
      }
    }
    return all;
  }

  private static List<String> lines(String option, List<String> faults) {
    if (!option.startsWith("@")) {
      return List.of(option);
    }
    Path file = Path.of(option.substring(1));
    try {
      if (Files.size(file) <= MOST_HEADER_BYTES) {
        return Files.readString(file, UTF_8).lines().filter(line -> !line.isBlank()).toList();
      }
      faults.add("--header: " + file + " is too long");
    } catch (IOException e) {
      faults.add("--header: cannot read " + file);
    }
    return List.of();
  }
}
