package io.ppstp.tracker.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run is told; immutable.
 *
 * @param seed what faults, peers and requests are drawn from
 * @param duration after which no fault is begun
 * @param nodes that run between faults
 * @param clients each of which has {@code peersPerClient} peers
 * @param swarms that peers choose among
 * @param rate requests per second of all peers together, repeats included
 * @param pairPercent how many changes of a peer go to two nodes at once
 * @param gap load between two faults, at most; it is drawn
 * @param settle time from the end of a fault until which lists and counts may lag behind
 * @param linger time after a failed check to another one, which tells what has healed by then
 * @param deck the faults, each of which is drawn once before one is drawn again
 * @param checkEach whether all nodes are checked after each fault, and not only at the end
 * @param counts whether figures are compared too: versions in which each node counts the whole
 *     cluster fail that always
 * @param lateFails whether it is a failure that a request was executed long after its peer gave it
 *     up
 */
public record ChaosOptions(
    long seed,
    Duration duration,
    int nodes,
    int clients,
    int peersPerClient,
    int swarms,
    int rate,
    int pairPercent,
    Duration gap,
    Duration settle,
    Duration linger,
    List<FaultKind> deck,
    boolean checkEach,
    boolean counts,
    boolean lateFails) {
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("seed", "1"),
          Map.entry("duration", "150s"),
          Map.entry("nodes", "3"),
          Map.entry("clients", "12"),
          Map.entry("peers", "40"),
          Map.entry("swarms", "40"),
          Map.entry("rate", "600"),
          Map.entry("pairs", "15"),
          Map.entry("gap", "4s"),
          Map.entry("settle", "10s"),
          Map.entry("linger", "0s"),
          Map.entry("faults", "all"),
          Map.entry("check-each", "true"),
          Map.entry("counts", "true"),
          Map.entry("late", "fail"));

  /**
   * Reads arguments such as {@code --seed=7}.
   *
   * @throws IllegalArgumentException if something is not understood
   */
  public static ChaosOptions parse(String... arguments) {
    Map<String, String> values = new TreeMap<>(DEFAULTS);
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      String key = parts[0].startsWith("--") ? parts[0].substring(2) : "";
      if (parts.length != 2 || !DEFAULTS.containsKey(key)) {
        throw new IllegalArgumentException(
            "not understood: " + argument + "; known: " + new TreeMap<>(DEFAULTS));
      }
      values.put(key, parts[1]);
    }
    return of(values);
  }

  /** Takes the seed as it is and all else from system properties {@code ppstp.chaos.…}. */
  public static ChaosOptions ofSystemProperties(long seed) {
    Map<String, String> values = new TreeMap<>();
    DEFAULTS.forEach(
        (key, value) -> values.put(key, System.getProperty("ppstp.chaos." + key, value)));
    values.put("seed", Long.toString(seed));
    return of(values);
  }

  private static ChaosOptions of(Map<String, String> values) {
    return new ChaosOptions(
        Long.parseLong(value(values, "seed")),
        duration(value(values, "duration")),
        number(values, "nodes"),
        number(values, "clients"),
        number(values, "peers"),
        number(values, "swarms"),
        number(values, "rate"),
        number(values, "pairs"),
        duration(value(values, "gap")),
        duration(value(values, "settle")),
        duration(value(values, "linger")),
        deck(value(values, "faults")),
        Boolean.parseBoolean(value(values, "check-each")),
        Boolean.parseBoolean(value(values, "counts")),
        !value(values, "late").equals("count"));
  }

  private static String value(Map<String, String> values, String key) {
    return values.getOrDefault(key, "");
  }

  private static int number(Map<String, String> values, String key) {
    return Integer.parseInt(value(values, key));
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a duration such as 90s: " + text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private static List<FaultKind> deck(String text) {
    if (text.equals("all")) {
      return Arrays.stream(FaultKind.values()).filter(it -> it != FaultKind.NONE).toList();
    }
    List<FaultKind> deck = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      deck.add(FaultKind.valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_')));
    }
    return List.copyOf(deck);
  }

  /** Returns this as arguments that {@link #parse} reads. */
  public List<String> arguments() {
    return List.of(
        "--seed=" + seed,
        "--duration=" + duration.toMillis() + "ms",
        "--nodes=" + nodes,
        "--clients=" + clients,
        "--peers=" + peersPerClient,
        "--swarms=" + swarms,
        "--rate=" + rate,
        "--pairs=" + pairPercent,
        "--gap=" + gap.toMillis() + "ms",
        "--settle=" + settle.toMillis() + "ms",
        "--linger=" + linger.toMillis() + "ms",
        "--faults=" + String.join(",", deck.stream().map(FaultKind::name).toList()),
        "--check-each=" + checkEach,
        "--counts=" + counts,
        "--late=" + (lateFails ? "fail" : "count"));
  }
}
