package io.ppstp.tracker.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.app.CommandLineValues.DurationConverter;
import io.ppstp.tracker.app.CommandLineValues.SizeConverter;
import io.ppstp.tracker.app.process.LogToStandardError;
import io.ppstp.tracker.app.process.OutOfMemoryExit;
import io.ppstp.tracker.tap.BatchRules;
import io.ppstp.tracker.tap.EventFilter;
import io.ppstp.tracker.tap.EventFilter.Scope;
import io.ppstp.tracker.tap.Tap;
import io.ppstp.tracker.tap.TapException;
import io.ppstp.tracker.tap.TapPlan;
import io.ppstp.tracker.tap.TapPlan.Target;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The command that hands the events of trackers to whoever analyses them. */
@Command(
    name = "tap",
    description = "Hand the events of trackers to a pipe, to files or to an HTTP collector.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Events are told on the tracker's own machine only: run tap there, or let",
      "ssh -L or kubectl port-forward lead there. It ends by SIGTERM, after what it",
      "has read is handed over. src/docs/events.md says what is promised."
    })
final class TapCommand implements Callable<Integer> {
  private static final String NAME = "ppstp-tracker tap: ";
  private static final long LAST_HAND_OVER_S = 10;
  private static final long MOST_HEADER_BYTES = 64 << 10;

  @Parameters(
      arity = "1..*",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "management addresses of the nodes to follow, such as http://127.0.0.1:7847")
  private List<URI> nodes = new ArrayList<>();

  @Option(
      names = "--kind",
      split = ",",
      paramLabel = "KIND",
      description = "only events of these kinds")
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--swarm",
      split = ",",
      paramLabel = "PATTERN",
      description = "only events of these swarms, * for any characters")
  private List<String> swarms = new ArrayList<>();

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = "only of a share of the peers, such as 0.01, and of them everything")
  private @Nullable String sample;

  @Option(
      names = "--scope",
      paramLabel = "node|cluster",
      converter = ScopeConverter.class,
      description =
          "whose events to ask each node for: cluster or node; if one is named, its cluster's, if"
              + " several are, its own")
  private @Nullable Scope scope;

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
      names = "--batch-bytes",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      defaultValue = "1MiB",
      description = "most bytes of a post (${DEFAULT-VALUE})")
  private long batchBytes;

  @Option(
      names = "--batch-events",
      paramLabel = "COUNT",
      defaultValue = "10000",
      description = "most events of a post (${DEFAULT-VALUE})")
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

  private final CountDownLatch told = new CountDownLatch(1);
  private volatile int exitCode = ExitCode.OK;

  @Override
  public Integer call() throws InterruptedException {
    List<String> faults = new ArrayList<>();
    TapPlan plan = plan(faults);
    faults.addAll(plan.faults());
    if (!faults.isEmpty()) {
      faults.forEach(TapCommand::say);
      return ExitCode.USAGE;
    }
    OutOfMemoryExit.install();
    LogToStandardError.install();
    Vertx vertx =
        Vertx.builder().with(Platform.vertxOptions()).withTransport(Platform.transport()).build();
    try {
      Tap.Edges edges = new Tap.Edges(InstantSource.system(), new SecureRandom(), TapCommand::say);
      run(Tap.open(vertx, plan, edges));
    } catch (TapException e) {
      say(String.valueOf(e.getMessage()));
      exitCode = ExitCode.USAGE;
    } finally {
      told.countDown();
      vertx.close();
    }
    return exitCode;
  }

  private void run(Tap tap) throws TapException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tap), "ppstp-shutdown"));
    try {
      tap.run().toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TapException reason) {
        throw reason;
      }
      throw new IllegalStateException("the tap failed", e.getCause());
    } finally {
      tellCounts(tap);
    }
  }

  private static void tellCounts(Tap tap) throws InterruptedException {
    try {
      say(tap.counts().toCompletionStage().toCompletableFuture().get(1, TimeUnit.SECONDS).text());
    } catch (ExecutionException | TimeoutException e) {
      say("no count can be had");
    }
  }

  /** A process that ends by a signal would report 128 plus its number, although all went well. */
  private void stop(Tap tap) {
    if (told.getCount() == 0) {
      return;
    }
    tap.stop();
    try {
      if (!told.await(LAST_HAND_OVER_S, TimeUnit.SECONDS)) {
        say("the last events were not taken within " + LAST_HAND_OVER_S + " s");
        exitCode = ExitCode.USAGE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  private TapPlan plan(List<String> faults) {
    if (folder != null && collector != null) {
      faults.add("--files and --post are two outputs, and a tap has one");
    }
    if (collector == null && !headers.isEmpty()) {
      faults.add("--header is for --post");
    }
    Scope chosen = scope != null ? scope : nodes.size() > 1 ? Scope.NODE : Scope.CLUSTER;
    EventFilter filter = new EventFilter(kinds, swarms, sample, chosen);
    Path remembered = state == null && folder != null ? folder.resolve("tap.state") : state;
    return new TapPlan(
        nodes, filter, target(faults), rules(), Optional.ofNullable(remembered), !withoutFsync);
  }

  private BatchRules rules() {
    if (collector == null) {
      return BatchRules.ofStream(memory);
    }
    int bytes = (int) Math.min(Integer.MAX_VALUE, batchBytes);
    return new BatchRules(bytes, batchEvents, batchAge, memory);
  }

  private Target target(List<String> faults) {
    if (folder != null) {
      return new Target.Files(folder, rotateBytes, rotateAge);
    } else if (collector != null) {
      return new Target.Collector(collector, headers(faults));
    }
    // Not System.out, which keeps to itself that nobody reads it any more.
    return new Target.Stream(new FileOutputStream(FileDescriptor.out));
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

  private static void say(String line) {
    System.err.println(NAME + line);
  }

  /**
   * Reads a URL. What is none becomes an empty one, which the plan refuses: were it refused here it
   * would be said again, and it may hold a secret. Stateless.
   */
  static final class UrlConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return new URI(text);
      } catch (URISyntaxException e) {
        return URI.create("");
      }
    }
  }

  /** Reads a scope in the spelling of the request. Stateless. */
  static final class ScopeConverter implements ITypeConverter<Scope> {
    @Override
    public Scope convert(String text) {
      return switch (text) {
        case "node" -> Scope.NODE;
        case "cluster" -> Scope.CLUSTER;
        default -> throw new TypeConversionException("'" + text + "' is neither node nor cluster");
      };
    }
  }
}
