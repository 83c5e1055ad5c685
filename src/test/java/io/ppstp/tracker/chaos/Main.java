package io.ppstp.tracker.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run without JUnit, against any jar: {@code java -cp … io.ppstp.tracker.chaos.Main --seed 7
 * --duration 10m --jar other.jar}. Exit code 0 if nothing is wrong.
 */
public final class Main {
  private static final String JAR = "--jar=";

  private Main() {}

  /** Runs. */
  public static void main(String... arguments) throws Exception {
    List<String> own = new ArrayList<>();
    String jar = System.getProperty("ppstp.jar", "target/ppstp-tracker.jar");
    for (String argument : joined(arguments)) {
      if (argument.startsWith(JAR)) {
        jar = argument.substring(JAR.length());
      } else {
        own.add(argument);
      }
    }
    System.setProperty("ppstp.jar", Path.of(jar).toAbsolutePath().toString());
    ChaosOptions options = ChaosOptions.parse(own.toArray(String[]::new));
    ChaosReport report = run(options);
    print(report.text());
    System.exit(report.isClean() ? 0 : 1);
  }

  private static ChaosReport run(ChaosOptions options) throws Exception {
    Path folder = Files.createTempDirectory("ppstp-chaos");
    try (LoopbackHosts hosts = new LoopbackHosts(folder);
        ChaosRun run = new ChaosRun(options, hosts, Main::print)) {
      return run.run();
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }

  /** Returns {@code --key value} as {@code --key=value}. */
  private static List<String> joined(String... arguments) {
    List<String> joined = new ArrayList<>();
    for (String argument : Arrays.asList(arguments)) {
      int last = joined.size() - 1;
      if (!argument.startsWith("--") && last >= 0 && !joined.get(last).contains("=")) {
        joined.set(last, joined.get(last) + "=" + argument);
      } else {
        joined.add(argument);
      }
    }
    return joined;
  }
}
