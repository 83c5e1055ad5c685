package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/** Counts what is alive in the heap of another Java process. Stateless. */
final class LiveHeap {
  private LiveHeap() {}

  /** Collects the garbage of process {@code pid} and returns the bytes of all objects left. */
  static long bytes(long pid) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String told = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    for (String line : told.lines().toList()) {
      if (line.startsWith("Total")) {
        String[] fields = line.trim().split("\\s+", -1);
        return Long.parseLong(fields[2]);
      }
    }
    throw new IOException("jcmd told no total: " + told.lines().limit(3).toList());
  }
}
