package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.CommandLineValues.UrlConverter;
import io.ppstp.tracker.app.process.LogToStandardError;
import io.ppstp.tracker.app.process.OutOfMemoryExit;
import io.ppstp.tracker.tap.EventFilter;
import io.ppstp.tracker.tap.EventFilter.Scope;
import io.ppstp.tracker.tap.Tap;
import io.ppstp.tracker.tap.TapException;
import io.ppstp.tracker.tap.TapPlan;
import io.ppstp.tracker.tap.TapPlan.NodePass;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The command that hands the events of trackers to whoever analyses them. */
@Command(
    name = "tap",
    description =
        "Hand the events of trackers to a pipe, to files, to an HTTP collector, to Kafka or syslog.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Without management.tokens events are told on the tracker's own machine only: run",
      "tap there, or let ssh -L or kubectl port-forward lead there. It ends by SIGTERM,",
      "after what it has read is handed over. src/docs/events.md says what is promised."
    })
final class TapCommand implements Callable<Integer> {
  private static final String NAME = "ppstp-tracker tap: ";
  private static final long LAST_HAND_OVER_S = 10;
  private static final long MOST_FILE_BYTES = 1 << 20;

  /** RFC 6750, Section 2.1. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,8192}=*");

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
      names = "--token-file",
      paramLabel = "FILE",
      description = "a file with an operator's token, where nodes have management.tokens")
  private @Nullable Path tokenFile;

  @Option(
      names = "--node-ca",
      paramLabel = "FILE",
      description = "PEM: who signs the nodes' management certificates, if Java does not trust it")
  private @Nullable Path nodeAuthorities;

  @Mixin private TapOutputs outputs = new TapOutputs();

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
    Scope chosen = scope != null ? scope : nodes.size() > 1 ? Scope.NODE : Scope.CLUSTER;
    EventFilter filter = new EventFilter(kinds, swarms, sample, chosen);
    return new TapPlan(
        nodes,
        filter,
        outputs.target(faults),
        outputs.rules(),
        outputs.state(),
        outputs.fsync(),
        pass(faults));
  }

  private NodePass pass(List<String> faults) {
    Optional<String> token = text("--token-file", tokenFile, faults).map(String::strip);
    if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
      // Nothing of it is said: it may be a token all the same.
      faults.add("--token-file: " + tokenFile + " holds more or less than one token");
    }
    return new NodePass(token, text("--node-ca", nodeAuthorities, faults));
  }

  private static Optional<String> text(String option, @Nullable Path file, List<String> faults) {
    try {
      if (file == null) {
        return Optional.empty();
      }
      if (Files.size(file) > MOST_FILE_BYTES) {
        faults.add(option + ": " + file + " is larger than 1 MiB");
        return Optional.empty();
      }
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      faults.add(option + ": cannot read " + file);
      return Optional.empty();
    }
  }

  private static void say(String line) {
    System.err.println(NAME + line);
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
