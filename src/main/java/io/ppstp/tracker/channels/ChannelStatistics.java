package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
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
    counts = new ChannelCounts(Math.min(MOST_BYTES, heapBytes / SHARE_OF_THE_HEAP));
  }

  /** Returns a sink that counts each event, and hands it on to {@code next}. */
  public EventSink before(EventSink next) {
    return new EventSink() {
      @Override
      public void publish(TrackerEvent event) {
        counts.publish(event);
        next.publish(event);
      }

      @Override
      public void publish(TrackerEvent event, Requester sender) {
        counts.publish(event);
        next.publish(event, sender);
      }
    };
  }

  /** Notes how large the largest swarms of this node are at {@code nowMs}. */
  public void note(List<SwarmSize> largest, long nowMs) {
    minute = Math.max(minute, nowMs / MINUTE_MS);
    curves.note(minute, largest);
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
