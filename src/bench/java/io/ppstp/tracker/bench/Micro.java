package io.ppstp.tracker.bench;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks of the inner parts. Stateless. */
final class Micro {
  private Micro() {}

  /** Runs JMH with its own arguments, such as a pattern of benchmarks. */
  static void run(List<String> arguments) throws RunnerException, CommandLineOptionException {
    Options given = new CommandLineOptions(arguments.toArray(String[]::new));
    Options options = new OptionsBuilder().parent(given).shouldFailOnError(true).build();
    new Runner(options).run();
  }
}
