package io.ppstp.tracker.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The kernel's account of processes at one moment: what they have used so far, all together.
 * Immutable.
 *
 * <p>Linux keeps context switches by thread, and those of a thread end with it. So what a thread
 * did that ended between two accounts is missing from their difference; processor time and calls
 * are kept by process and miss nothing.
 */
final class ProcessAccount {
  /** What the kernel counts processor time in, in microseconds; fixed for programs on Linux. */
  private static final long TICK_MICROS = 10_000;

  private static final Path PROC = Path.of("/proc");

  /** That of processes which are not started yet. */
  static final ProcessAccount NOTHING = new ProcessAccount();

  private final Map<Long, OfThread> threads = new HashMap<>();
  private long cpuMicros;
  private long calls;

  private ProcessAccount() {}

  /**
   * What one thread has used so far.
   *
   * @param jitMicros processor time if it is one of the JIT compiler's, otherwise 0
   */
  private record OfThread(long jitMicros, long voluntary, long involuntary) {
    static final OfThread NOTHING = new OfThread(0, 0, 0);
  }

  /**
   * What was used between two accounts.
   *
   * @param cpuMicros processor time of all threads
   * @param jitMicros the JIT compiler's part of it
   * @param voluntary context switches of threads that waited for something
   * @param involuntary context switches of threads that had to make room
   * @param calls system calls of the kinds read and write, see {@link #calls(Path)}
   */
  record Usage(long cpuMicros, long jitMicros, long voluntary, long involuntary, long calls) {
    /** Returns the JIT compiler's part of the processor time, from 0 to 1. */
    double jitShare() {
      return cpuMicros == 0 ? 0 : (double) jitMicros / cpuMicros;
    }
  }

  /** Returns the account of the processes {@code pids} now. */
  static ProcessAccount of(List<Long> pids) {
    ProcessAccount account = new ProcessAccount();
    try {
      for (long pid : pids) {
        Path process = PROC.resolve(Long.toString(pid));
        account.cpuMicros += cpuMicros(fields(Files.readString(process.resolve("stat"))));
        account.calls += calls(process.resolve("io"));
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
          tasks.forEach(account::addThread);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return account;
  }

  private void addThread(Path task) {
    try {
      String stat = Files.readString(task.resolve("stat"));
      String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      boolean compiles = name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler");
      String status = Files.readString(task.resolve("status"));
      threads.put(
          Long.valueOf(task.getFileName().toString()),
          new OfThread(
              compiles ? cpuMicros(fields(stat)) : 0,
              number(status, "\nvoluntary_ctxt_switches:"),
              number(status, "\nnonvoluntary_ctxt_switches:")));
    } catch (IOException e) {
      // The thread has ended since the folder was read, and its files with it.
    }
  }

  /** Returns what follows the name in brackets, which alone may hold blanks. */
  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static long cpuMicros(String[] fields) {
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MICROS;
  }

  /**
   * Returns the calls that the kernel counts as {@code syscr} and {@code syscw}: read, write, and
   * their kin by offset or vector. Calls that only sockets have (send, recv, sendmsg, recvmsg), those
   * that wait (epoll_wait, futex) and all others are not among them.
   */
  private static long calls(Path io) throws IOException {
    String text = Files.readString(io);
    return number(text, "\nsyscr:") + number(text, "\nsyscw:");
  }

  private static long number(String text, String label) throws IOException {
    int at = text.indexOf(label);
    if (at < 0) {
      throw new IOException("the kernel does not tell" + label.replace('\n', ' '));
    }
    int end = text.indexOf('\n', at + 1);
    return Long.parseLong(
        text.substring(at + label.length(), end < 0 ? text.length() : end).strip());
  }

  /** Returns what was used since {@code earlier}, an account of the same processes. */
  Usage since(ProcessAccount earlier) {
    long jitMicros = 0;
    long voluntary = 0;
    long involuntary = 0;
    for (Map.Entry<Long, OfThread> thread : threads.entrySet()) {
      OfThread now = thread.getValue();
      OfThread then = earlier.threads.getOrDefault(thread.getKey(), OfThread.NOTHING);
      jitMicros += now.jitMicros - then.jitMicros;
      voluntary += now.voluntary - then.voluntary;
      involuntary += now.involuntary - then.involuntary;
    }
    return new Usage(
        cpuMicros - earlier.cpuMicros, jitMicros, voluntary, involuntary, calls - earlier.calls);
  }
}
