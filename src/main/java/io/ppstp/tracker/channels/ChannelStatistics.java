package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.ChannelBus;
import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.channels.ChannelCounts.Measured;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one node knows of channels besides how large they are now, and how the knowledge of several
 * nodes is put together. Events are taken from any thread; all else is confined to one.
 */
public final class ChannelStatistics {
  private static final long MOST_BYTES = 32L << 20;
  private static final int SHARE_OF_THE_HEAP = 32;
  private static final long MINUTE_MS = 60_000;
  private static final long MOST_MINUTES = 1_000_000_000L;
  private static final String TALLY = "tally";
  private static final String CURVE = "curve";

  private final LastReports lastReports = new LastReports();
  private final ChannelCounts counts;
  private final ChannelCurves curves = new ChannelCurves();
  private long minute;

  /**
   * What all nodes together know of a channel.
   *
   * @param curve its size by minute, counted from the epoch
   */
  public record ChannelHistory(ChannelTally tally, SortedMap<Long, SwarmSize> curve) {}

  /** Nothing is known yet; of a heap of so many bytes, a part may be used. */
  public ChannelStatistics(long heapBytes) {
    counts = new ChannelCounts(Math.min(MOST_BYTES, heapBytes / SHARE_OF_THE_HEAP), lastReports);
  }

  /** Returns what has to be told what happens in the lists that this node owns. */
  public SwarmObserver observer() {
    return counts;
  }

  /**
   * Returns a sink that counts each event, and hands it on to {@code next} with what is known here
   * of the last reports of who is gone.
   */
  public EventSink before(EventSink next) {
    return new EventSink() {
      @Override
      public void publish(TrackerEvent event) {
        counts.publish(event);
        next.publish(lastReports.completing(event));
      }

      @Override
      public void publish(TrackerEvent event, Requester sender) {
        counts.publish(event);
        next.publish(lastReports.completing(event), sender);
      }

      @Override
      public void heard(String peerId, String swarmId, Requester sender, long nowMs) {
        next.heard(peerId, swarmId, sender, nowMs);
      }
    };
  }

  /** Notes how large the largest swarms of this node are at {@code nowMs}. */
  public void note(List<SwarmSize> largest, long nowMs) {
    minute = Math.max(minute, nowMs / MINUTE_MS);
    curves.note(minute, largest);
    // Those that came from another node and do not grow.
    largest.forEach(size -> counts.grown(size.swarmId(), size.leeches(), size.seeders()));
  }

  /**
   * Returns the thousand channels that this node measures highest, each an ID and a value, one
   * after another. Takes some milliseconds; for any thread.
   */
  public JsonArray highest(ChannelMeasure measure) {
    JsonArray highest = new JsonArray();
    for (Measured one : counts.highest(measure, ChannelBus.MOST)) {
      highest.add(one.swarmId()).add(one.value());
    }
    return highest;
  }

  /**
   * Returns the {@code most} channels that are measured highest by what nodes have answered by
   * {@link #highest}, the highest first. Of a channel whose value is the sum of what several nodes
   * have counted, and that is among the highest of none of them, nothing is known.
   */
  public static List<String> highest(ChannelMeasure measure, int most, List<JsonArray> answers) {
    Map<String, Long> sums = new HashMap<>();
    for (JsonArray answer : answers) {
      for (int i = 0; i + 1 < Math.min(answer.size(), 2 * ChannelBus.MOST); i += 2) {
        if (answer.getValue(i) instanceof String swarmId
            && answer.getValue(i + 1) instanceof Number value) {
          sums.merge(swarmId, Math.max(0, value.longValue()), measure::together);
        }
      }
    }
    return sums.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns what this node knows of the channels that are asked for, in their order. */
  public JsonArray answer(ChannelQuestion question) {
    JsonArray answer = new JsonArray();
    for (String swarmId : question.swarmIds()) {
      JsonObject known = new JsonObject();
      counts.read(swarmId, tally -> known.put(TALLY, tally.toJson()));
      if (question.curves()) {
        known.put(CURVE, curves.toJson(swarmId, minute));
      }
      answer.add(known);
    }
    return answer;
  }

  /**
   * Puts together what nodes have answered about {@code swarmIds}. What is not of the form of
   * {@link #answer} counts for nothing, for it may come from anybody who is a member.
   */
  public static List<ChannelHistory> together(List<String> swarmIds, List<JsonArray> answers) {
    List<ChannelHistory> histories = new ArrayList<>(swarmIds.size());
    for (int i = 0; i < swarmIds.size(); i++) {
      ChannelHistory history = new ChannelHistory(new ChannelTally(), new TreeMap<>());
      for (JsonArray answer : answers) {
        if (i < answer.size() && answer.getValue(i) instanceof JsonObject known) {
          add(history, swarmIds.get(i), known);
        }
      }
      histories.add(history);
    }
    return histories;
  }

  /** Minutes of the next thousand years, and numbers that a swarm can have. */
  private static boolean isPlausible(long minute, Number leeches, Number seeders) {
    return minute >= 0
        && minute <= MOST_MINUTES
        && leeches.intValue() >= 0
        && seeders.intValue() >= 0
        && (long) leeches.intValue() + seeders.intValue() <= Integer.MAX_VALUE;
  }

  private static void add(ChannelHistory history, String swarmId, JsonObject known) {
    if (known.getValue(TALLY) instanceof JsonObject tally) {
      history.tally().add(tally);
    }
    if (known.getValue(CURVE) instanceof JsonArray curve
        && curve.size() <= 3 * ChannelCurves.MINUTES) {
      for (int i = 0; i + 2 < curve.size(); i += 3) {
        if (curve.getValue(i) instanceof Number at
            && curve.getValue(i + 1) instanceof Number leeches
            && curve.getValue(i + 2) instanceof Number seeders
            && isPlausible(at.longValue(), leeches, seeders)) {
          SwarmSize size = new SwarmSize(swarmId, leeches.intValue(), seeders.intValue());
          // A shard that moved within the minute was counted by both of its owners.
          history
              .curve()
              .merge(at.longValue(), size, (one, two) -> one.peers() >= two.peers() ? one : two);
        }
      }
    }
  }
}
