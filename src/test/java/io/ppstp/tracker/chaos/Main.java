package io.ppstp.tracker.chaos;

import io.ppstp.tracker.testing.SplitNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run without JUnit, against any jar: {@code java -cp … io.ppstp.tracker.chaos.Main --seed 7
 * --duration 10m --jar other.jar}. Exit code 0 if nothing is wrong.
 */
public final class Main {
  /** Tells that this JVM is where the clients of an existing network are. */
  static final String NETWORK = "--network=";

  private static final String JAR = "--jar=";
  private static final String LOOPBACK = "--loopback=";

  private Main() {}

  /** Runs and exits. */
  public static void main(String... arguments) throws Exception {
    List<String> own = new ArrayList<>();
    String jar = System.getProperty("ppstp.jar", "target/ppstp-tracker.jar");
    String network = "";
    boolean onLoopback = false;
    for (String argument : joined(arguments)) {
      if (argument.startsWith(JAR)) {
        jar = argument.substring(JAR.length());
      } else if (argument.startsWith(NETWORK)) {
        network = argument.substring(NETWORK.length());
      } else if (argument.startsWith(LOOPBACK)) {
        onLoopback = Boolean.parseBoolean(argument.substring(LOOPBACK.length()));
      } else {
        own.add(argument);
      }
    }
    System.setProperty("ppstp.jar", Path.of(jar).toAbsolutePath().toString());
    ChaosOptions options = ChaosOptions.parse(own.toArray(String[]::new));
    ChaosReport report;
    if (onLoopback) {
      report = Chaos.onLoopback(options, Main::print);
    } else if (network.isEmpty()) {
      report = Chaos.run(options, Main::print);
    } else {
      endWithStandardInput();
      report = Chaos.onNetwork(SplitNetwork.ofHandle(network), options, Main::print);
    }
    print(report.text());
    System.exit(report.isClean() ? 0 : 1);
  }

  /** The JVM that started this one holds the other end, whatever happens to it. */
  private static void endWithStandardInput() {
    Thread guard =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // As good as its end.
              }
              Runtime.getRuntime().halt(3);
            },
            "guard");
    guard.setDaemon(true);
    guard.start();
  }

  private static void print(String line) {
    System.out.println(line);
  }

  /** Returns {@code --key value} as {@code --key=value}. */
  private static List<String> joined(String... arguments) {
    List<String> joined = new ArrayList<>();
    for (String argument : arguments) {
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
