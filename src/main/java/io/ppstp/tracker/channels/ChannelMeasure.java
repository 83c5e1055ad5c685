package io.ppstp.tracker.channels;

import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What channels can be put in order by, besides how large they are now. */
public enum ChannelMeasure {
  JOINS,
  LEAVES,
  SILENT,
  SWITCHES_IN,
  SWITCHES_OUT,
  REFUSED,
  /** How long memberships that have ended have lasted together. */
  WATCHED,
  /** The bytes that members say they have sent to the swarm. */
  UPLOADED,
  /** The bytes that they say they have received from it. */
  DOWNLOADED,
  /** The most members at the same time. */
  PEAK,
  PEAK_SEEDERS;

  /** Returns what a channel is measured at. */
  public long of(ChannelTally tally) {
    return switch (this) {
      case JOINS -> tally.joins();
      case LEAVES -> tally.leaves();
      case SILENT -> tally.silentDeaths();
      case SWITCHES_IN -> tally.switchesIn();
      case SWITCHES_OUT -> tally.switchesOut();
      case REFUSED -> tally.refusals();
      case WATCHED -> tally.watchedMs();
      case UPLOADED -> tally.uploadedBytes();
      case DOWNLOADED -> tally.downloadedBytes();
      case PEAK -> tally.peak();
      case PEAK_SEEDERS -> tally.peak(PeerMode.SEEDER);
    };
  }

  /** Returns what two nodes have measured together: each saw all that were there at a time. */
  long together(long one, long other) {
    long sum = one + other;
    return this == PEAK || this == PEAK_SEEDERS
        ? Math.max(one, other)
        : sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Returns the name in requests. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the one of that name, null if there is none. */
  public static @Nullable ChannelMeasure named(@Nullable String text) {
    return Arrays.stream(values()).filter(it -> it.text().equals(text)).findFirst().orElse(null);
  }

  /** Returns all names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(ChannelMeasure::text).toList();
  }
}
