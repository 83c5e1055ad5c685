package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.membership.AnnounceInterval;

/**
 * The part of the configuration that this room decides by; immutable.
 *
 * @param connect of a member, which is in one swarm
 * @param swarmsPerSocket memberships of one socket at most
 * @param announces that are worked on at a time, at most, on one node
 * @param offersPerSecond that one member gets at most
 */
public record RoomRules(
    ConnectRules connect, int swarmsPerSocket, int announces, int offersPerSecond) {
  /** Returns the rules that {@code config} sets, with {@code limits} in place of its own. */
  public static RoomRules of(TrackerConfig config, LimitsConfig limits) {
    return new RoomRules(
        new ConnectRules(
            ConnectPolicy.ADDITIVE,
            1,
            Integer.MAX_VALUE,
            false,
            config.timers().track().toMillis()),
        limits.swarmsPerPeer(),
        limits.inFlight(),
        config.webtorrent().offersPerSecond());
  }

  /**
   * Returns the seconds until the next announce.
   *
   * @param chance from 0 to 1, drawn anew for each answer
   */
  int intervalSeconds(double chance) {
    return new AnnounceInterval(connect.trackMs()).seconds(chance);
  }
}
