package io.ppstp.tracker.app;

import picocli.CommandLine;

/** Entry point of the process. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code args} name and exits with its code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new TrackerCommand()).execute(args));
  }
}
