package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.CommandLineValues.DurationConverter;
import io.ppstp.tracker.simulate.RequestCount;
import io.ppstp.tracker.simulate.Scenario;
import io.ppstp.tracker.simulate.ServerProcess;
import io.ppstp.tracker.simulate.Simulation;
import io.ppstp.tracker.simulate.SimulationText;
import io.ppstp.tracker.simulate.Truth;
import io.ppstp.tracker.simulate.network.NetworkScenario;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that loads trackers with an audience that does not exist. */
@Command(
    name = "simulate",
    description = {
      "Load trackers with virtual peers, and tell what came of it.",
      "With --network and without trackers: play a live stream among peers of many networks in this",
      "process, and tell what each policy of selection comes to."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Peers are at addresses of 198.18.0.0/15, which is set aside for tests. Those that are",
      "still there at the end stay with the tracker until its track timer ends them.",
      "Point it at trackers of your own only."
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long LIVE_MS = 1000;
  private static final int PLAIN_LINE_EVERY = 10;

  @Parameters(arity = "0..*", paramLabel = "URL", description = "trackers to load")
  private List<URI> trackers = new ArrayList<>();

  @Option(
      names = "--peers",
      defaultValue = "1000",
      description = "peers present at a time (${DEFAULT-VALUE})")
  private int peers;

  @Option(
      names = "--connections",
      defaultValue = "0",
      description = "connections that the peers share; 0 = each has its own (${DEFAULT-VALUE})")
  private int connections;

  @Option(names = "--channels", defaultValue = "100", description = "channels (${DEFAULT-VALUE})")
  private int channels;

  @Option(
      names = "--zipf",
      defaultValue = "1.0",
      description =
          "exponent of the channels' popularity, or the networks' sizes; 0 = all alike"
              + " (${DEFAULT-VALUE})")
  private double zipf;

  @Option(
      names = "--arrival",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "time in which the first peers arrive, at random (${DEFAULT-VALUE})")
  private Duration arrival = Duration.ZERO;

  @Option(names = "--flash-crowd", description = "all arrive within one second")
  private boolean flashCrowd;

  @Option(
      names = "--duration",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "of the whole (${DEFAULT-VALUE})")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--report",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "time between a peer's STAT_REPORTs (${DEFAULT-VALUE})")
  private Duration report = Duration.ZERO;

  @Option(
      names = "--find",
      defaultValue = "120s",
      converter = DurationConverter.class,
      description = "mean time between a peer's FINDs (${DEFAULT-VALUE})")
  private Duration find = Duration.ZERO;

  @Option(
      names = "--switch",
      defaultValue = "600s",
      converter = DurationConverter.class,
      description = "mean time between a peer's switches of channel (${DEFAULT-VALUE})")
  private Duration change = Duration.ZERO;

  @Option(
      names = "--stay",
      defaultValue = "1800s",
      converter = DurationConverter.class,
      description = "mean time that a peer stays; another comes in its place (${DEFAULT-VALUE})")
  private Duration stay = Duration.ZERO;

  @Option(
      names = "--silent",
      defaultValue = "0.1",
      description = "share of the departures without a LEAVE (${DEFAULT-VALUE})")
  private double silent;

  @Option(names = "--seed", description = "for the same audience again")
  private @Nullable Long seed;

  @Option(
      names = "--truth",
      paramLabel = "FILE",
      description = "write to a file what the peers did, channel by channel, as JSON")
  private @Nullable Path truthFile;

  @Option(names = "--network", description = "play a stream, see above")
  private boolean network;

  @Option(
      names = "--networks",
      defaultValue = "200",
      description = "networks that the peers are in, with --network (${DEFAULT-VALUE})")
  private int networks;

  @Option(
      names = "--near-first",
      description = "peers ask those of their own network first, with --network")
  private boolean nearFirst;

  @Option(names = "--insecure", description = "trust any certificate")
  private boolean insecure;

  @Option(
      names = "--server-pid",
      paramLabel = "PID",
      description = "process on this machine whose CPU and memory to tell; may be repeated")
  private List<Long> servers = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    long chosen = seed == null ? ThreadLocalRandom.current().nextLong() : seed;
    if (network) {
      return stream(chosen);
    }
    Scenario scenario =
        new Scenario(
            trackers,
            insecure,
            peers,
            connections,
            channels,
            zipf,
            flashCrowd ? Duration.ofSeconds(1) : arrival,
            duration,
            report,
            find,
            change,
            stay,
            silent,
            chosen);
    List<String> faults = new ArrayList<>(scenario.faults());
    if (trackers.isEmpty()) {
      faults.add("URL: name a tracker to load, or --network");
    }
    for (long pid : servers) {
      if (usage(pid) == null) {
        faults.add("--server-pid: no process " + pid + " can be looked at");
      }
    }
    if (truthFile != null && !isWritten(truthFile, "")) {
      faults.add("--truth: cannot write " + truthFile);
    }
    if (!faults.isEmpty()) {
      return refuse(faults);
    }
    System.out.println(peers + " peers, seed " + chosen);
    return run(scenario);
  }

  private static boolean isWritten(Path file, String text) {
    try {
      Files.writeString(file, text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int refuse(List<String> faults) {
    faults.forEach(fault -> System.err.println("ppstp-tracker simulate: " + fault));
    return ExitCode.USAGE;
  }

  private int stream(long chosen) {
    NetworkScenario scenario =
        new NetworkScenario(
            peers,
            networks,
            zipf,
            (int) duration.toSeconds(),
            (int) stay.toSeconds(),
            nearFirst,
            chosen);
    List<String> faults = new ArrayList<>(scenario.faults());
    if (!trackers.isEmpty()) {
      faults.add("--network: plays without trackers; leave them out");
    }
    if (!faults.isEmpty()) {
      return refuse(faults);
    }
    NetworkSimulation.print(scenario);
    return ExitCode.OK;
  }

  private int run(Scenario scenario) throws InterruptedException {
    Vertx vertx = Vertx.vertx(Platform.vertxOptions());
    try {
      List<Usage> before = usages();
      Truth truth = new Truth(System::currentTimeMillis);
      Simulation simulation = new Simulation(scenario, vertx, truth);
      CompletableFuture<Void> end = simulation.run().toCompletionStage().toCompletableFuture();
      follow(simulation, end);
      Simulation.Snapshot last = snapshot(simulation);
      SimulationText.summary(last).forEach(System.out::println);
      long answers = last.requests().stream().mapToLong(RequestCount::answered).sum();
      for (Usage was : before) {
        tellServer(was, answers);
      }
      if (answers == 0) {
        System.err.println("ppstp-tracker simulate: no tracker answered");
      }
      boolean told =
          truthFile == null
              || isWritten(truthFile, truth.toJson(scenario.seed()).encodePrettily() + "\n");
      if (!told) {
        System.err.println("ppstp-tracker simulate: cannot write " + truthFile);
      }
      return answers == 0 || !told ? ExitCode.USAGE : ExitCode.OK;
    } finally {
      vertx.close();
    }
  }

  private void follow(Simulation simulation, CompletableFuture<Void> end)
      throws InterruptedException {
    boolean terminal = isTerminal();
    Simulation.Snapshot before = snapshot(simulation);
    for (int second = 1; !isDone(end); second++) {
      if (terminal || second % PLAIN_LINE_EVERY == 0) {
        Simulation.Snapshot now = snapshot(simulation);
        String line = SimulationText.progress(now, before, duration);
        System.out.print(terminal ? "\r" + line + "\033[K" : line + "\n");
        System.out.flush();
        before = now;
      }
    }
    if (terminal) {
      System.out.println();
    }
  }

  /** Returns whether somebody watches; from JDK 22 on a console is always there. */
  private static boolean isTerminal() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/1"))
          .toString()
          .matches("/dev/(pts|tty).*");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isDone(CompletableFuture<Void> end) throws InterruptedException {
    try {
      end.get(LIVE_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the simulation failed", e.getCause());
    }
  }

  private static Simulation.Snapshot snapshot(Simulation simulation) {
    return simulation.snapshot().toCompletionStage().toCompletableFuture().join();
  }

  private record Usage(long pid, long cpuMicros, long residentKib) {}

  private static @Nullable Usage usage(long pid) {
    ServerProcess process = new ServerProcess(pid);
    try {
      return new Usage(pid, process.cpuMicros(), process.residentKib());
    } catch (IOException e) {
      return null;
    }
  }

  private List<Usage> usages() {
    List<Usage> usages = new ArrayList<>();
    for (long pid : servers) {
      Usage usage = usage(pid);
      if (usage != null) {
        usages.add(usage);
      }
    }
    return usages;
  }

  private static void tellServer(Usage was, long answers) {
    Usage now = usage(was.pid());
    System.out.println(
        now == null
            ? "server process " + was.pid() + " has ended"
            : SimulationText.server(
                was.pid(), now.cpuMicros() - was.cpuMicros(), answers, now.residentKib()));
  }
}
