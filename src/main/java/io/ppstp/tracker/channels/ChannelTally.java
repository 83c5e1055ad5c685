package io.ppstp.tracker.channels;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What has happened in one channel. Counts stop at their largest number. Not thread-safe. */
public final class ChannelTally {
  private static final String JOINED = "joined";
  private static final String LEFT = "left";
  private static final String SILENT = "silent";
  private static final String SWITCHED_IN = "switched_in";
  private static final String SWITCHED_OUT = "switched_out";
  private static final String NEW_MODE = "new_mode";
  private static final String REFUSED = "refused";
  private static final String WATCHED_MS = "watched_ms";
  private static final String WATCHED = "watched";
  private static final String UPLOADED = "uploaded";
  private static final String UPLOADED_BY_LEECHES = "uploaded_by_leeches";
  private static final String DOWNLOADED = "downloaded";
  private static final String PEAK = "peak";
  private static final String PEAK_LEECHES = "peak_leeches";
  private static final String PEAK_SEEDERS = "peak_seeders";

  /** Of what was received, the part that may have been sent and not been reported yet: a tenth. */
  private static final int TOLERANCE = 10;

  private int joined;
  private int left;
  private int silent;
  private int switchedIn;
  private int switchedOut;
  private int newMode;
  private int refused;
  private int peak;
  private int peakLeeches;
  private int peakSeeders;
  private long watchedMs;
  private long uploaded;
  private long uploadedByLeeches;
  private long downloaded;
  private final WatchTimes watched = new WatchTimes();

  /** Nothing has happened yet. */
  public ChannelTally() {}

  private static int sum(int count, long more) {
    return (int) Math.min(Integer.MAX_VALUE, count + Math.min(more, Integer.MAX_VALUE));
  }

  private static long sum(long count, long more) {
    long sum = count + more;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  void joined() {
    joined = sum(joined, 1);
  }

  void switchedIn() {
    joined();
    switchedIn = sum(switchedIn, 1);
  }

  /** Counts a membership that the peer ended for another one. */
  void switchedOut(long lastedMs) {
    left = sum(left, 1);
    switchedOut = sum(switchedOut, 1);
    ended(lastedMs);
  }

  /** Counts a membership that ended other than by silence. */
  void left(LeaveReason reason, long lastedMs) {
    if (reason == LeaveReason.NEW_MODE) {
      // It is there still: the event behind this one says that it has joined.
      newMode = sum(newMode, 1);
      watchedMs = sum(watchedMs, Math.max(0, lastedMs));
    } else {
      left = sum(left, 1);
      ended(lastedMs);
    }
  }

  /** Counts a membership of a peer that has fallen silent. */
  void silent(long lastedMs) {
    silent = sum(silent, 1);
    ended(lastedMs);
  }

  private void ended(long lastedMs) {
    if (lastedMs >= 0) {
      watchedMs = sum(watchedMs, lastedMs);
      watched.add(lastedMs);
    }
  }

  /** Counts a request that was refused. */
  void refused() {
    refused = sum(refused, 1);
  }

  /** Notes that so many are there at the same time. */
  void present(int leeches, int seeders) {
    peak = Math.max(peak, sum(leeches, seeders));
    peakLeeches = Math.max(peakLeeches, leeches);
    peakSeeders = Math.max(peakSeeders, seeders);
  }

  /**
   * Counts bytes that a member has reported.
   *
   * @param mode in which it is there
   * @param sent to the swarm, not negative
   * @param received from the swarm, not negative
   */
  void moved(PeerMode mode, long sent, long received) {
    uploaded = sum(uploaded, sent);
    downloaded = sum(downloaded, received);
    if (mode == PeerMode.LEECH) {
      uploadedByLeeches = sum(uploadedByLeeches, sent);
    }
  }

  /** Returns how often somebody came, by switching or otherwise. */
  public long joins() {
    return (long) joined - newMode;
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

  /** Returns how many requests that named this channel only were refused. */
  public long refusals() {
    return refused;
  }

  /** Returns how long all memberships that have ended have lasted together, in milliseconds. */
  public long watchedMs() {
    return watchedMs;
  }

  /** Returns the time that a share of memberships has lasted at most, in milliseconds. */
  public long watchedMs(double quantile) {
    return watched.quantileMs(quantile);
  }

  /** Returns the bytes that members say they have sent to the swarm. */
  public long uploadedBytes() {
    return uploaded;
  }

  /** Returns those of {@link #uploadedBytes} that were sent by LEECHes. */
  public long uploadedByLeeches() {
    return uploadedByLeeches;
  }

  /** Returns the bytes that members say they have received from the swarm. */
  public long downloadedBytes() {
    return downloaded;
  }

  /**
   * Returns whether more was received than sent, by more than a tenth: somebody does not report, or
   * not the truth. Who is right nobody can tell from that.
   */
  public boolean isInconsistent() {
    return downloaded - downloaded / TOLERANCE > uploaded;
  }

  /** Returns how many were there at the same time at most. */
  public int peak() {
    return peak;
  }

  /** Returns how many were there in a mode at the same time at most. */
  public int peak(PeerMode mode) {
    return mode == PeerMode.LEECH ? peakLeeches : peakSeeders;
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
        .put(REFUSED, refused)
        .put(WATCHED_MS, watchedMs)
        .put(WATCHED, watched.toJson())
        .put(UPLOADED, uploaded)
        .put(UPLOADED_BY_LEECHES, uploadedByLeeches)
        .put(DOWNLOADED, downloaded)
        .put(PEAK, peak)
        .put(PEAK_LEECHES, peakLeeches)
        .put(PEAK_SEEDERS, peakSeeders);
  }

  /**
   * Adds what {@link #toJson} returned; what is not of its form counts for nothing. Those who were
   * there at the same time are not added: the owner of a list has seen them all.
   */
  void add(JsonObject json) {
    joined = sum(joined, number(json, JOINED));
    left = sum(left, number(json, LEFT));
    silent = sum(silent, number(json, SILENT));
    switchedIn = sum(switchedIn, number(json, SWITCHED_IN));
    switchedOut = sum(switchedOut, number(json, SWITCHED_OUT));
    newMode = sum(newMode, number(json, NEW_MODE));
    refused = sum(refused, number(json, REFUSED));
    watchedMs = sum(watchedMs, number(json, WATCHED_MS));
    uploaded = sum(uploaded, number(json, UPLOADED));
    uploadedByLeeches = sum(uploadedByLeeches, number(json, UPLOADED_BY_LEECHES));
    downloaded = sum(downloaded, number(json, DOWNLOADED));
    peak = Math.max(peak, sum(0, number(json, PEAK)));
    peakLeeches = Math.max(peakLeeches, sum(0, number(json, PEAK_LEECHES)));
    peakSeeders = Math.max(peakSeeders, sum(0, number(json, PEAK_SEEDERS)));
    if (json.getValue(WATCHED) instanceof JsonArray times) {
      watched.add(times);
    }
  }

  private static long number(JsonObject json, String name) {
    return json.getValue(name) instanceof Number number ? Math.max(0, number.longValue()) : 0;
  }
}
