package io.ppstp.tracker.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a server's process on this machine; Linux only. Immutable. */
public record ServerProcess(long pid) {
  /** What processor time is counted in for programs, on Linux. */
  private static final long TICK_MICROS = 10_000;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  /** Returns the processor time used so far by all threads, in microseconds. */
  public long cpuMicros() throws IOException {
    String stat = Files.readString(file("stat"));
    // The name may hold blanks; what follows its bracket does not.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * TICK_MICROS;
  }

  /** Returns the memory in use, in KiB. */
  public long residentKib() throws IOException {
    for (String line : Files.readAllLines(file("status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS of " + pid);
  }

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
