package io.ppstp.tracker.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a run has found to be wrong. Thread-safe; bounded: beyond that, findings are counted. */
final class Findings {
  private static final int DETAILED = 200;

  /** What can be wrong. */
  enum Kind {
    /** An answer that no order of execution explains. */
    CONTRADICTION("contradictions"),
    /** An answer that is explained if a request was executed after its peer had given it up. */
    LATE("late"),
    /** A listed peer that is no member by all that was acknowledged. */
    GHOST("ghosts"),
    /** A member that is not listed. */
    MISSING("missing"),
    /** A registration or membership that a node denies, or does not give up. */
    DENIED("denied"),
    /** Figures on the management port. */
    COUNT("counts");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final Set<String> keys = new HashSet<>();
  private final List<String> details = new ArrayList<>();

  synchronized void add(Kind kind, String detail) {
    counts.merge(kind, 1, Integer::sum);
    if (details.size() < DETAILED) {
      details.add(kind + " " + detail);
    }
  }

  /** Adds a finding unless one of the same kind and key was added before. */
  synchronized void addOnce(Kind kind, String key, String detail) {
    if (keys.add(kind + key)) {
      add(kind, detail);
    }
  }

  synchronized int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  synchronized List<String> details() {
    return List.copyOf(details);
  }

  /** Returns all counts in one line. */
  String summary() {
    return Arrays.stream(Kind.values())
        .map(kind -> count(kind) + " " + kind.label)
        .collect(Collectors.joining(", "));
  }
}
