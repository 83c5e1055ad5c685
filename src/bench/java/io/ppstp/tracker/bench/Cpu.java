package io.ppstp.tracker.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernel's account of what processes use. Stateless. */
final class Cpu {
  /** What the kernel counts processor time in, in microseconds; fixed for programs on Linux. */
  private static final long TICK_MICROS = 10_000;

  private Cpu() {}

  /** Returns the processor time that processes have used so far, all threads, in microseconds. */
  static long micros(List<Long> pids) {
    long ticks = 0;
    for (long pid : pids) {
      String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
      // The name may hold blanks; what follows its bracket does not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks * TICK_MICROS;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
