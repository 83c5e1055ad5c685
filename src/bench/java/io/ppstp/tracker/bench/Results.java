package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers what was measured and writes it down. Confined to one thread. */
final class Results {
  private final List<String> goals = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();

  /** Notes a figure that shall not exceed {@code most}. */
  void atMost(String what, double measured, double most, String unit) {
    goal(what, "at most " + figure(most) + unit, figure(measured) + unit, measured <= most);
  }

  /** Notes a figure that shall not fall below {@code least}. */
  void atLeast(String what, double measured, double least, String unit) {
    goal(what, "at least " + figure(least) + unit, figure(measured) + unit, measured >= least);
  }

  /** Notes a goal that could not be measured here. */
  void missing(String what, String why) {
    goals.add("| " + what + " | | " + why + " | not measured |");
    Bench.tell(what + ": not measured, " + why);
  }

  private void goal(String what, String goal, String measured, boolean reached) {
    String verdict = reached ? "reached" : "**not reached**";
    goals.add("| %s | %s | %s | %s |".formatted(what, goal, measured, verdict));
    Bench.tell("%s: %s (%s): %s".formatted(what, measured, goal, verdict));
  }

  /** Notes contests, the first of which is what the others are compared with. */
  void table(String title, Map<String, Contest> contests) {
    if (contests.isEmpty()) {
      return;
    }
    StringBuilder table = new StringBuilder("### " + title + "\n\n");
    table.append("| server | CPU µs/request | ratio | requests/s | p50 ms | p99 ms | p99.9 ms |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    Contest first = contests.values().iterator().next();
    for (Contest contest : contests.values()) {
      String line =
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %.2f | %.0f | %.2f | %.2f | %.2f |",
              contest.name(),
              contest.cpuMicros(),
              contest.cpuAgainst(first),
              contest.perSecond(),
              contest.load().ms(50),
              contest.load().ms(99),
              contest.load().ms(99.9));
      table.append(line).append('\n');
    }
    tables.add(table.toString());
    Bench.tell(table.toString());
  }

  private static String figure(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  /** Writes everything to {@code file}. */
  void write(Path file, String command, String method) throws IOException {
    StringBuilder out = new StringBuilder("# What the tracker costs\n\n");
    out.append("Written by `").append(command).append("`.\n\n");
    out.append("| | |\n| --- | --- |\n");
    out.append("| commit | ").append(commit()).append(" |\n");
    out.append("| date | ").append(LocalDate.now(ZoneOffset.UTC)).append(" |\n");
    out.append("| machine | ").append(machine()).append(" |\n");
    out.append("| Java | ").append(System.getProperty("java.runtime.version")).append(" |\n\n");
    out.append("![CPU per request](ladder.svg)\n\n");
    out.append("## Goals\n\n| what | goal | measured | |\n| --- | --- | --- | --- |\n");
    goals.forEach(goal -> out.append(goal).append('\n'));
    out.append("\n## Figures\n\n");
    tables.forEach(table -> out.append(table).append('\n'));
    out.append("## Method\n\n").append(method);
    Files.writeString(file, out.toString());
  }

  private static String commit() throws IOException {
    String commit = output("git", "rev-parse", "--short=12", "HEAD");
    boolean changed = !output("git", "status", "--porcelain", "--", "src/main", "pom.xml").isEmpty();
    return commit.isEmpty() ? "unknown" : commit + (changed ? ", changed since" : "");
  }

  private static String output(String... command) throws IOException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String machine() throws IOException {
    String cpu = "";
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        cpu = line.substring(line.indexOf(':') + 2);
      }
    }
    String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
    long gigabytes = Math.round(Long.parseLong(memory.replaceAll("\\D", "")) / 1048576.0);
    return "%d x %s, %d GiB, Linux %s, load generator included"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            cpu.isBlank() ? System.getProperty("os.arch") : cpu,
            gigabytes,
            System.getProperty("os.version").replaceAll("[^0-9.].*", ""));
  }
}
