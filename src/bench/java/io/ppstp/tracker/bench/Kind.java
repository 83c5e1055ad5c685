package io.ppstp.tracker.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kinds of PPSTP requests that are told apart, since their answers differ in length. */
enum Kind {
  STAT_REPORT(0, 100),
  FIND(1, 29 * 120),
  SWITCH(2, 20 * 120),
  JOIN(3, 20 * 120),
  LEAVE(4, 100);

  private final int number;
  private final int leastBody;

  Kind(int number, int leastBody) {
    this.number = number;
    this.leastBody = leastBody;
  }

  /** Returns the number by which plans and scripts know this. */
  int number() {
    return number;
  }

  /** Returns the path that requests of this kind are posted to; the tracker serves any. */
  String path() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  static List<Integer> leastBodies() {
    return Stream.of(values()).map(kind -> kind.leastBody).toList();
  }
}
