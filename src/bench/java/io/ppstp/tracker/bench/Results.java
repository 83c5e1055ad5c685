package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers what was measured and writes it down. Confined to one thread. */
final class Results {
  private static final String CHART = "ladder.svg";
  private static final List<String> COLUMNS =
      List.of(
          "server",
          "CPU µs/request",
          "ratio",
          "context switches/request",
          "of them involuntary",
          "read- and write-like system calls/request (syscr + syscw: no send, recv, epoll, futex)",
          "JIT, % of CPU",
          "warm-up s",
          "requests/s",
          "p50 ms",
          "p99 ms",
          "p99.9 ms");

  private final List<String> goals = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();
  private final Map<String, Map<String, Contest>> charted = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();

  /** Notes a figure that shall not exceed {@code most}. */
  void atMost(String what, double measured, double most, String unit) {
    atMost(what, measured, most, unit, "");
  }

  /** Notes a figure that shall not exceed {@code most}, and what has to be said beside it. */
  void atMost(String what, double measured, double most, String unit, String remark) {
    String value = figure(measured) + unit + remark;
    goal(what, "at most " + figure(most) + unit, value, measured <= most);
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

  /** Notes contests as bars of processor time per request. */
  void chart(String title, Map<String, Contest> contests) {
    charted.put(title + ", server CPU per request", contests);
  }

  /** Notes what is to stand in a file of its own beside the results. */
  void file(String name, String content) {
    files.put(name, content);
  }

  /** Notes a section of its own. */
  void text(String section) {
    tables.add(section);
    Bench.tell(section);
  }

  /** Notes contests, the first of which is what the others are compared with. */
  void table(String title, Map<String, Contest> contests) {
    if (contests.isEmpty()) {
      return;
    }
    StringBuilder table = new StringBuilder("### " + title + "\n\n");
    table.append("| ").append(String.join(" | ", COLUMNS)).append(" |\n");
    table.append("| --- ".repeat(COLUMNS.size())).append("|\n");
    Contest first = contests.values().iterator().next();
    StringBuilder remarks = new StringBuilder();
    for (Contest contest : contests.values()) {
      table.append(line(contest, first)).append('\n');
      WarmUp.Outcome warmUp = contest.warmUp();
      if (warmUp != null && !warmUp.steady()) {
        remarks.append("\n**").append(contest.name()).append(" was not steady yet**: ");
        remarks.append(warmUp.standing()).append(".\n");
      }
      Load load = contest.load();
      if (load.repeats > 0) {
        remarks.append("\n**").append(contest.name()).append(" answered with 04 or 05**: ");
        remarks.append(load.repeats).append(" times besides ").append(load.total());
        remarks.append(" answers; the requests were repeated.\n");
      }
    }
    table.append(remarks);
    tables.add(table.toString());
    Bench.tell(table.toString());
  }

  private static String line(Contest contest, Contest first) {
    WarmUp.Outcome warmUp = contest.warmUp();
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.2f | %.3f | %.3f | %.3f | %.1f | %s | %.0f | %.2f | %.2f | %.2f |",
        contest.name(),
        contest.cpuMicros(),
        contest.cpuAgainst(first),
        contest.switches(),
        contest.involuntarySwitches(),
        contest.calls(),
        contest.jitShare() * 100,
        warmUp == null ? "" : Math.round(warmUp.seconds()) + (warmUp.steady() ? "" : ", not steady"),
        contest.perSecond(),
        contest.load().ms(50),
        contest.load().ms(99),
        contest.load().ms(99.9));
  }

  private static String figure(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  /** Writes everything to {@code RESULTS.md} in {@code folder}, and what it shows beside it. */
  void write(Path folder, String command, String method) throws IOException {
    if (!charted.isEmpty()) {
      Chart.write(folder.resolve(CHART), charted);
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    StringBuilder out = new StringBuilder("# What the tracker costs\n\n");
    out.append("Written by `").append(command).append("`.\n\n");
    out.append("| | |\n| --- | --- |\n");
    out.append("| commit | ").append(commit()).append(" |\n");
    out.append("| date | ").append(LocalDate.now(ZoneOffset.UTC)).append(" |\n");
    out.append("| machine | ").append(machine()).append(" |\n");
    out.append("| Java | ").append(System.getProperty("java.runtime.version")).append(" |\n\n");
    if (!charted.isEmpty()) {
      out.append("![CPU per request](" + CHART + ")\n\n");
    }
    out.append("## Goals\n\n| what | goal | measured | |\n| --- | --- | --- | --- |\n");
    goals.forEach(goal -> out.append(goal).append('\n'));
    out.append("\n## Figures\n\n");
    tables.forEach(table -> out.append(table).append('\n'));
    out.append("## Method\n\n").append(method);
    Path file = folder.resolve("RESULTS.md");
    Files.writeString(file, out.toString());
    Bench.tell("written: " + file);
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
