package io.ppstp.tracker.app;

/** Entry point of the tracker's process. */
public final class Main {
  private Main() {}

  /** Runs the command line given in {@code args}. */
  public static void main(String[] args) {
    System.out.println("ppstp-tracker");
  }
}
