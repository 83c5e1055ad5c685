package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What has happened in one channel. Not thread-safe. */
public final class ChannelTally {
  private static final String JOINED = "joined";
  private static final String LEFT = "left";
  private static final String SILENT = "silent";
  private static final String SWITCHED_IN = "switched_in";
  private static final String SWITCHED_OUT = "switched_out";
  private static final String NEW_MODE = "new_mode";
  private static final String WATCHED_MS = "watched_ms";
  private static final String WATCHED = "watched";

  private long joined;
  private long left;
  private long silent;
  private long switchedIn;
  private long switchedOut;
  private long newMode;
  private long watchedMs;
  private final WatchTimes watched = new WatchTimes();

  /** Nothing has happened yet. */
  public ChannelTally() {}

  void joined() {
    joined++;
  }

  void switchedIn() {
    joined++;
    switchedIn++;
  }

  /** Counts a membership that the peer ended for another one. */
  void switchedOut(long lastedMs) {
    left++;
    switchedOut++;
    ended(lastedMs);
  }

  /** Counts a membership that ended other than by silence. */
  void left(LeaveReason reason, long lastedMs) {
    if (reason == LeaveReason.NEW_MODE) {
      // It is there still: the event behind this one says that it has joined.
      newMode++;
      watchedMs += Math.max(0, lastedMs);
    } else {
      left++;
      ended(lastedMs);
    }
  }

  /** Counts a membership of a peer that has fallen silent. */
  void silent(long lastedMs) {
    silent++;
    ended(lastedMs);
  }

  private void ended(long lastedMs) {
    if (lastedMs >= 0) {
      watchedMs += lastedMs;
      watched.add(lastedMs);
    }
  }

  /** Returns how often somebody came, by switching or otherwise. */
  public long joins() {
    return joined - newMode;
  }

  /** Returns how often somebody went, other than by falling silent. */
  public long leaves() {
    return left;
  }

  /** Returns how often somebody fell silent. */
  public long silentDeaths() {
    return silent;
  }

  /** Returns how often somebody came from another channel by the same request. */
  public long switchesIn() {
    return switchedIn;
  }

  /** Returns how often somebody went to another channel by the same request. */
  public long switchesOut() {
    return switchedOut;
  }

  /** Returns how long all memberships that have ended have lasted together, in milliseconds. */
  public long watchedMs() {
    return watchedMs;
  }

  /** Returns the time that a share of memberships has lasted at most, in milliseconds. */
  public long watchedMs(double quantile) {
    return watched.quantileMs(quantile);
  }

  /** Returns the form in which nodes tell each other. */
  JsonObject toJson() {
    return new JsonObject()
        .put(JOINED, joined)
        .put(LEFT, left)
        .put(SILENT, silent)
        .put(SWITCHED_IN, switchedIn)
        .put(SWITCHED_OUT, switchedOut)
        .put(NEW_MODE, newMode)
        .put(WATCHED_MS, watchedMs)
        .put(WATCHED, watched.toJson());
  }

  /** Adds what {@link #toJson} returned; what is not of its form counts for nothing. */
  void add(JsonObject json) {
    joined += number(json, JOINED);
    left += number(json, LEFT);
    silent += number(json, SILENT);
    switchedIn += number(json, SWITCHED_IN);
    switchedOut += number(json, SWITCHED_OUT);
    newMode += number(json, NEW_MODE);
    watchedMs += number(json, WATCHED_MS);
    if (json.getValue(WATCHED) instanceof JsonArray times) {
      watched.add(times);
    }
  }

  private static long number(JsonObject json, String name) {
    return json.getValue(name) instanceof Number number ? Math.max(0, number.longValue()) : 0;
  }
}
