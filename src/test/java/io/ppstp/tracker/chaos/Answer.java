package io.ppstp.tracker.chaos;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tracker answered, without peer lists; immutable.
 *
 * @param code the PPSTP error code, 0 for success, -1 if there was none
 * @param results 0 or 1 by swarm, empty if the whole request failed
 */
record Answer(int code, SortedMap<String, Integer> results) {
  static final Answer FORBIDDEN = new Answer(3, new TreeMap<>());

  static Answer success(Map<String, Integer> results) {
    return new Answer(0, new TreeMap<>(results));
  }

  /**
   * Returns whether the request is settled: neither an internal server error (04) nor a service
   * that is unavailable (05), after which peers repeat it.
   */
  boolean isDefinite() {
    return code != 4 && code != 5;
  }

  @Override
  public String toString() {
    return "0" + code + (results.isEmpty() ? "" : results);
  }
}
