package io.ppstp.tracker.channels;

import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.vertx.core.json.JsonArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many viewers the largest channels of one node had in each minute of the last hour. Not
 * thread-safe.
 */
final class ChannelCurves {
  /** Minutes that are known. */
  static final int MINUTES = 60;

  private static final int UNKNOWN = -1;

  /** However fast strangers' swarms come and go among the largest. */
  private static final int MOST = 4000;

  private final Map<String, Curve> bySwarm =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Curve> eldest) {
          return size() > MOST;
        }
      };

  /** One channel's numbers, each in the place of its minute. */
  private static final class Curve {
    private final int[] leeches = new int[MINUTES];
    private final int[] seeders = new int[MINUTES];
    private long firstMinute = Long.MAX_VALUE;
    private long lastMinute = Long.MIN_VALUE;
  }

  /**
   * Notes how large channels are in a minute, more than once if need be: the last one stays. A
   * channel that is not among {@code largest} for an hour is forgotten, and of more than 4000 the
   * one that was there longest ago.
   *
   * @param minute counted from the epoch, never less than before
   */
  void note(long minute, List<SwarmSize> largest) {
    for (SwarmSize size : largest) {
      Curve curve = bySwarm.computeIfAbsent(size.swarmId(), first -> new Curve());
      forget(curve, minute);
      curve.leeches[place(minute)] = size.leeches();
      curve.seeders[place(minute)] = size.seeders();
      curve.firstMinute = Math.min(curve.firstMinute, minute);
      curve.lastMinute = minute;
    }
    bySwarm.values().removeIf(curve -> curve.lastMinute <= minute - MINUTES);
  }

  /** Nothing is known of the minutes between the last one that was noted and {@code minute}. */
  private static void forget(Curve curve, long minute) {
    if (curve.lastMinute == Long.MIN_VALUE) {
      return;
    }
    long from = Math.max(curve.lastMinute + 1, minute - MINUTES + 1);
    for (long between = from; between <= minute; between++) {
      curve.leeches[place(between)] = UNKNOWN;
    }
  }

  private static int place(long minute) {
    return Math.floorMod(minute, MINUTES);
  }

  /**
   * Returns the numbers of a channel up to {@code minute}: minute, leeches and seeders, one after
   * another. Minutes in which it was not among the largest are left out.
   */
  JsonArray toJson(String swarmId, long minute) {
    JsonArray json = new JsonArray();
    Curve curve = bySwarm.get(swarmId);
    if (curve != null) {
      long first = Math.max(curve.firstMinute, minute - MINUTES + 1);
      for (long each = first; each <= Math.min(minute, curve.lastMinute); each++) {
        if (curve.leeches[place(each)] != UNKNOWN) {
          json.add(each).add(curve.leeches[place(each)]).add(curve.seeders[place(each)]);
        }
      }
    }
    return json;
  }
}
