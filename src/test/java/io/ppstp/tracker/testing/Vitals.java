package io.ppstp.tracker.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running tracker takes of its machine; immutable.
 *
 * @param heapBytes what is left after a collection
 * @param rssBytes of the whole process
 */
public record Vitals(int threads, long heapBytes, long rssBytes) {
  /** Pools start threads when there is work, some as many as there are CPUs. */
  private static final int FEW_THREADS = 8 + 4 * Runtime.getRuntime().availableProcessors();

  private static final long FEW_BYTES = 8L << 20;
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  /** Returns the present vitals of a process, after having it collect its garbage. */
  public static Vitals of(TrackerProcess tracker) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(tracker.pid());
    String histogram = Commands.run(jcmd, pid, "GC.class_histogram");
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IOException(histogram);
    }
    String status = Files.readString(Path.of("/proc", pid, "status"));
    return new Vitals(
        (int) number(status, "Threads"),
        Long.parseLong(total.group(1)),
        number(status, "VmRSS") * 1024);
  }

  /**
   * Asserts that a tracker is soon as it was before, but for a few threads and bytes; prints both.
   *
   * @param what happened meanwhile, for the output
   */
  public static void assertFlat(String what, TrackerProcess tracker, Vitals before)
      throws Exception {
    Vitals[] after = {before};
    boolean flat =
        Await.holdsWithin(
            Duration.ofSeconds(30),
            () -> {
              after[0] = Vitals.of(tracker);
              return after[0].threads() <= before.threads() + FEW_THREADS
                  && after[0].heapBytes() <= before.heapBytes() + FEW_BYTES;
            });
    System.out.println(what + ": before " + before + "; after " + after[0]);
    assertTrue(flat, () -> what + " left something behind: " + after[0]);
  }

  private static long number(String status, String name) throws IOException {
    Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s+(\\d+)").matcher(status);
    if (!matcher.find()) {
      throw new IOException("no " + name + " in " + status);
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public String toString() {
    return "%d threads, %.1f MiB heap, %.0f MiB resident"
        .formatted(threads, heapBytes / 1048576.0, rssBytes / 1048576.0);
  }
}
