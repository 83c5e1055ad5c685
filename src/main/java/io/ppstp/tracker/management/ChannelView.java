package io.ppstp.tracker.management;

import io.ppstp.tracker.channels.ChannelTally;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel as an operator is told of it: how large it is, and what has happened in it since each
 * node started; immutable.
 *
 * @param silent how often somebody fell silent
 * @param watchedMs all memberships that have ended, together
 * @param watchedQuantilesMs how long half of them have lasted at most, and so on
 * @param inconsistent as in {@link ChannelTally#isInconsistent}
 * @param curve null if it is not asked for, and then left out
 */
record ChannelView(
    String swarmId,
    String protocol,
    int peers,
    int leeches,
    int seeders,
    Peak peak,
    long joins,
    long leaves,
    long silent,
    long switchesIn,
    long switchesOut,
    long refused,
    long watchedMs,
    Quantiles watchedQuantilesMs,
    Traffic traffic,
    boolean inconsistent,
    @Nullable List<Minute> curve) {

  /** The most that were there at the same time, each for itself. */
  record Peak(int peers, int leeches, int seeders) {}

  /** Within what time so many of a hundred memberships have ended. */
  record Quantiles(long p50, long p90, long p99) {}

  /**
   * What members say that they have sent to the swarm and received from it.
   *
   * @param uploadedByLeechesBytes those of {@code uploadedBytes} that viewers have sent
   * @param offload their part of all that was received, left out if that is nothing
   */
  record Traffic(
      long uploadedBytes,
      long uploadedByLeechesBytes,
      long downloadedBytes,
      @Nullable Double offload) {
    private static final double DIGITS = 1e4;

    static Traffic of(ChannelTally tally) {
      long received = tally.downloadedBytes();
      Double offload =
          received == 0 ? null : Math.round(DIGITS * tally.uploadedByLeeches() / received) / DIGITS;
      return new Traffic(tally.uploadedBytes(), tally.uploadedByLeeches(), received, offload);
    }
  }

  /** How many were there in a minute. */
  record Minute(String at, int leeches, int seeders) {}

  static ChannelView of(SwarmSize size, ChannelTally tally, @Nullable List<Minute> curve) {
    return new ChannelView(
        size.swarmId(),
        TorrentIds.protocolOf(size.swarmId()),
        size.peers(),
        size.leeches(),
        size.seeders(),
        new Peak(
            Math.max(size.peers(), tally.peak()),
            Math.max(size.leeches(), tally.peak(PeerMode.LEECH)),
            Math.max(size.seeders(), tally.peak(PeerMode.SEEDER))),
        tally.joins(),
        tally.leaves(),
        tally.silentDeaths(),
        tally.switchesIn(),
        tally.switchesOut(),
        tally.refusals(),
        tally.watchedMs(),
        new Quantiles(tally.watchedMs(0.5), tally.watchedMs(0.9), tally.watchedMs(0.99)),
        Traffic.of(tally),
        tally.isInconsistent(),
        curve);
  }
}
