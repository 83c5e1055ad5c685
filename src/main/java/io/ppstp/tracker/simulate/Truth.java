package io.ppstp.tracker.simulate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What the virtual peers did, channel by channel, as far as a tracker has granted it: what whoever
 * counts events has to come to. Confined to the simulation's event loop, and for any thread once
 * the simulation has ended.
 */
public final class Truth {
  private static final long MINUTE_MS = 60_000;

  private final LongSupplier wallMs;
  private final long beginMs;
  private final Map<Integer, Channel> channels = new TreeMap<>();
  private final Set<VirtualPeer> present = Collections.newSetFromMap(new IdentityHashMap<>());
  private long unclear;

  /** What has happened in one channel. */
  private static final class Channel {
    private long joins;
    private long leaves;
    private long silent;
    private long switchesIn;
    private long switchesOut;
    private long watchedMs;

    /** By how much {@link #watchedMs} may be off, for requests take their time. */
    private long watchedWithinMs;

    private long uploaded;
    private long downloaded;
    private long present;

    /** Those who are there at the end of each minute in which somebody came or went. */
    private final TreeMap<Long, Long> byMinute = new TreeMap<>();
  }

  /** Begins now; {@code wallMs} is the time of day in epoch milliseconds. */
  public Truth(LongSupplier wallMs) {
    this.wallMs = wallMs;
    this.beginMs = wallMs.getAsLong();
  }

  long nowMs() {
    return wallMs.getAsLong();
  }

  private Channel channel(int number) {
    return channels.computeIfAbsent(number, first -> new Channel());
  }

  private void present(Channel channel, int more) {
    channel.present += more;
    channel.byMinute.put(nowMs() / MINUTE_MS, channel.present);
  }

  void joined(VirtualPeer peer, int number) {
    Channel channel = channel(number);
    channel.joins++;
    present(channel, 1);
    peer.joinedMs = peer.heardMs;
    peer.joinedWithinMs = peer.heardWithinMs;
    present.add(peer);
  }

  void left(VirtualPeer peer, int number) {
    Channel channel = channel(number);
    channel.leaves++;
    gone(peer, channel);
  }

  private void gone(VirtualPeer peer, Channel channel) {
    channel.watchedMs += peer.heardMs - peer.joinedMs;
    channel.watchedWithinMs += peer.joinedWithinMs + peer.heardWithinMs;
    present(channel, -1);
    present.remove(peer);
  }

  void switched(VirtualPeer peer, int from, int to) {
    left(peer, from);
    joined(peer, to);
    channel(from).switchesOut++;
    channel(to).switchesIn++;
  }

  /** Somebody went without a word, and was there until its last request. */
  void silent(VirtualPeer peer, int number) {
    Channel channel = channel(number);
    channel.silent++;
    gone(peer, channel);
  }

  void reported(int number, long uploaded, long downloaded) {
    Channel channel = channel(number);
    channel.uploaded += uploaded;
    channel.downloaded += downloaded;
  }

  /** A request was refused or had no answer: nobody here knows what came of it. */
  void unclear() {
    unclear++;
  }

  /**
   * Returns all of it.
   *
   * @param seed that repeats the audience
   */
  public JsonObject toJson(long seed) {
    long endMs = nowMs();
    JsonArray all = new JsonArray();
    channels.forEach((number, channel) -> all.add(toJson(number, channel, endMs)));
    return new JsonObject()
        .put("seed", seed)
        .put("begin", Instant.ofEpochMilli(beginMs).toString())
        .put("end", Instant.ofEpochMilli(endMs).toString())
        .put("unclear", unclear)
        .put("channels", all);
  }

  private JsonObject toJson(int number, Channel channel, long endMs) {
    long presentMs = 0;
    long withinMs = channel.watchedWithinMs;
    for (VirtualPeer peer : present) {
      if (peer.channel() == number) {
        presentMs += peer.heardMs - peer.joinedMs;
        withinMs += peer.joinedWithinMs + peer.heardWithinMs;
      }
    }
    JsonArray minutes = new JsonArray();
    for (long minute = beginMs / MINUTE_MS; minute <= endMs / MINUTE_MS; minute++) {
      Map.Entry<Long, Long> last = channel.byMinute.floorEntry(minute);
      minutes.add(
          new JsonObject()
              .put("at", Instant.ofEpochMilli(minute * MINUTE_MS).toString())
              .put("viewers", last == null ? 0 : last.getValue()));
    }
    return new JsonObject()
        .put("swarm_id", VirtualPeer.swarm(number))
        .put("joins", channel.joins)
        .put("leaves", channel.leaves)
        .put("silent", channel.silent)
        .put("switches_in", channel.switchesIn)
        .put("switches_out", channel.switchesOut)
        .put("watched_ms", channel.watchedMs)
        .put("uploaded_bytes", channel.uploaded)
        .put("downloaded_bytes", channel.downloaded)
        .put("present", channel.present)
        .put("present_watched_ms", presentMs)
        .put("watched_within_ms", withinMs)
        .put("minutes", minutes);
  }
}
