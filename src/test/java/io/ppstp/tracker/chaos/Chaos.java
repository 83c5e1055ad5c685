package io.ppstp.tracker.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.testing.SplitNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs on hosts of their own where network namespaces can be made, else on loopback, where no link
 * can be cut. Stateless.
 *
 * <p>As clients have to be on that network too, the run is then a process of its own, which ends
 * with this JVM.
 */
public final class Chaos {
  private static final int SPARE_HOSTS = 1;
  private static final String REPORT = "chaos: ";

  private Chaos() {}

  /**
   * Runs wherever it can and returns the report.
   *
   * @param tell is told how it goes, line by line
   */
  public static ChaosReport run(ChaosOptions options, Consumer<String> tell) throws Exception {
    Optional<String> obstacle = SplitNetwork.obstacle();
    if (obstacle.isPresent()) {
      tell.accept("chaos: on loopback, no link is cut: " + obstacle.get());
      return onLoopback(options, tell);
    }
    try (SplitNetwork network = SplitNetwork.of(options.nodes() + SPARE_HOSTS)) {
      return elsewhere(network, options, tell);
    }
  }

  /** Runs here, all nodes on loopback. */
  static ChaosReport onLoopback(ChaosOptions options, Consumer<String> tell) throws Exception {
    Path folder = Files.createTempDirectory("ppstp-chaos");
    try (LoopbackHosts hosts = new LoopbackHosts(folder);
        ChaosRun run = new ChaosRun(options, hosts, tell)) {
      return run.run();
    }
  }

  /** Runs here, which is where the clients of a network are. */
  static ChaosReport onNetwork(SplitNetwork network, ChaosOptions options, Consumer<String> tell)
      throws Exception {
    Path folder = Files.createTempDirectory("ppstp-chaos");
    int hostCount = options.nodes() + SPARE_HOSTS;
    try (NamespaceHosts hosts = new NamespaceHosts(network, hostCount, folder);
        ChaosRun run = new ChaosRun(options, hosts, tell)) {
      return run.run();
    }
  }

  private static ChaosReport elsewhere(
      SplitNetwork network, ChaosOptions options, Consumer<String> tell) throws Exception {
    List<String> command = new ArrayList<>(network.insideClients());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-Dppstp.jar=" + System.getProperty("ppstp.jar"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), Main.NETWORK + network.handle()));
    command.addAll(options.arguments());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> report = new ArrayList<>();
    try {
      read(process.getInputStream(), report, tell);
      int exitCode = process.waitFor();
      if (report.isEmpty()) {
        throw new AssertionError("the run ended with exit code " + exitCode + " and no report");
      }
      return new ChaosReport(exitCode == 0, report.get(0), report.subList(1, report.size()));
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Passes lines on until the report begins, which is all that follows. */
  private static void read(InputStream stream, List<String> report, Consumer<String> tell)
      throws IOException {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!report.isEmpty() || line.startsWith(REPORT)) {
          report.add(line);
        } else {
          tell.accept(line);
        }
      }
    }
  }
}
