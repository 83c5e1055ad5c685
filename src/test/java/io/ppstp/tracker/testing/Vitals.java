package io.ppstp.tracker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running tracker takes of its machine; immutable.
 *
 * @param heapBytes what is left after a collection
 * @param rssBytes of the whole process
 */
public record Vitals(int threads, long heapBytes, long rssBytes) {
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
