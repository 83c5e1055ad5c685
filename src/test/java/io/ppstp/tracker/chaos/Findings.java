package io.ppstp.tracker.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run has found to be wrong, each thing once, and no more than anybody reads. Thread-safe.
 */
final class Findings {
  private static final int DETAILED = 20;
  private static final int KEPT = 10_000;

  /** What can be wrong. */
  enum Kind {
    /** An answer that no order of execution explains. */
    CONTRADICTION("contradictions"),
    /** An answer that is explained if a request was executed after its peer had given it up. */
    LATE("late"),
    /** A registration or membership that a node denies, or does not give up, when it is checked. */
    DENIED("denied"),
    /** A listed peer that is no member by all that was acknowledged. */
    GHOST("ghosts"),
    /** A member that is not listed. */
    MISSING("missing"),
    /** Figures on the management port. */
    COUNT("counts"),
    /** Nodes that do not start, end by themselves or do not become one cluster again. */
    CLUSTER("cluster failures");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private record Key(Kind kind, String what) {}

  private final Map<Key, String> found = new LinkedHashMap<>();

  /**
   * Adds a finding unless it is known.
   *
   * @param what tells it from others of its kind
   */
  synchronized void add(Kind kind, String what, String detail) {
    if (found.size() < KEPT) {
      found.putIfAbsent(new Key(kind, what), detail);
    }
  }

  /** Adds all findings of {@code other}, which nobody changes meanwhile. */
  synchronized void addAll(Findings other) {
    other.found.forEach((key, detail) -> add(key.kind(), key.what(), detail));
  }

  synchronized boolean isEmpty() {
    return found.isEmpty();
  }

  synchronized long count(Kind kind) {
    return found.keySet().stream().filter(key -> key.kind() == kind).count();
  }

  /** Returns the first of each kind with all that is known of them, and of the rest a line. */
  synchronized List<String> details() {
    List<String> details = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int told = 0;
      for (Map.Entry<Key, String> entry : found.entrySet()) {
        if (entry.getKey().kind() == kind) {
          String text = kind + " " + entry.getKey().what();
          details.add(told++ < DETAILED ? text + entry.getValue() : text);
        }
      }
    }
    return details;
  }

  /** Returns all counts in one line. */
  String summary() {
    return Arrays.stream(Kind.values())
        .map(kind -> count(kind) + " " + kind.label)
        .collect(Collectors.joining(", "));
  }
}
