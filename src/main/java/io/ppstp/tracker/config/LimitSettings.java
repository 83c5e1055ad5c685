package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bytes;
import static io.ppstp.tracker.config.SettingType.cidrs;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.integer;

import java.util.List;

/** What anybody may have of the tracker. Part of {@link Settings}. */
final class LimitSettings {
  static final List<Setting> ALL =
      List.of(
          // Bounds.
          setting("limits.body", bytes("1KiB", "16MiB"), "256KiB", "longest request body"),
          setting("limits.headers", bytes("1KiB", "64KiB"), "8KiB", "longest header of a request"),
          setting("limits.depth", integer(8, 64), "16", "deepest JSON nesting of a request"),
          setting(
              "limits.in-flight", integer(1, 1_000_000), "10000", "requests worked on per node"),
          setting(
              "limits.swarms-per-peer", integer(1, 1_000_000), "1024", "swarms a peer may join"),
          setting(
              "limits.addresses-per-peer", integer(1, 32), "8", "addresses a peer may advertise"),
          setting(
              "limits.peers",
              integer(1, 1_000_000_000),
              "2000000",
              "peers registered with one node"),
          setting(
              "limits.memberships",
              integer(0, 1_000_000_000),
              "0",
              "swarms that those peers are in, all together, with one more for each 256 characters"
                  + " of an ID; 0 = what the heap has room for"),
          setting("limits.peer-id", integer(1, 2048), "256", "longest peer ID, in characters"),
          setting(
              "limits.swarm-id", integer(1, 131_070), "2048", "longest swarm ID, in characters"),
          setting(
              "limits.peers-per-response",
              integer(1, 1_000_000),
              "1000",
              "peers listed in all swarm results of one response together"),
          setting(
              "limits.lists-per-response",
              integer(1, 1_000_000),
              "32",
              "swarm results of one response that have a peer list; the others have none"),
          setting(
              "limits.list-bytes-per-response",
              bytes("16KiB", "16MiB"),
              "256KiB",
              "length of all peer lists of one response together"),
          setting("limits.expiry-batch", integer(1, 1_000_000), "10000", "peers expired per tick"),
          setting(
              "limits.exempt",
              cidrs(),
              "127.0.0.0/8,::1",
              "addresses that the limits below do not apply to, unless through a proxy"),
          setting(
              "limits.ipv4-prefix",
              integer(8, 32),
              "32",
              "bits of an IPv4 address that make one client"),
          setting(
              "limits.ipv6-prefix",
              integer(32, 128),
              "64",
              "bits of an IPv6 address that make one client"),
          setting(
              "limits.ipv6-network",
              integer(0, 64),
              "48",
              "bits of an IPv6 address that make one network of clients; 0 = no networks"),
          setting(
              "limits.network-factor",
              integer(1, 1000),
              "16",
              "how often a network has what one client may have"),
          setting(
              "limits.peers-per-address",
              count(),
              "10000",
              "peers registered by one client with one node, each counted as often as it is in a"
                  + " swarm; 0 = no bound"),
          setting(
              "limits.connections.total",
              integer(1, 10_000_000),
              "50000",
              "open connections of one node, loopback's too"),
          setting(
              "limits.connections.per-address",
              integer(1, 10_000_000),
              "2000",
              "open connections of one client"),
          setting(
              "limits.connections.first-request",
              duration(),
              "15s",
              "longest time from accepting a connection to its first whole request"),
          setting(
              "limits.connections.max-age",
              duration(),
              "1h",
              "age at which a connection is closed once its requests are answered"),
          setting(
              "limits.rate.requests",
              count(),
              "500",
              "requests of one client per second; 0 = no bound"),
          setting("limits.rate.requests-burst", burst(), "5000", "requests of one client at once"),
          setting(
              "limits.rate.identity",
              count(),
              "100",
              "requests of one authenticated identity per second; 0 = no bound"),
          setting(
              "limits.rate.identity-burst", burst(), "1000", "requests of one identity at once"),
          setting(
              "limits.rate.registrations",
              count(),
              "100",
              "new peers of one client per second; 0 = no bound"),
          setting(
              "limits.rate.registrations-burst",
              burst(),
              "5000",
              "new peers of one client at once"),
          setting(
              "limits.rate.connections",
              count(),
              "100",
              "new connections of one client per second; 0 = no bound"),
          setting(
              "limits.rate.connections-burst",
              burst(),
              "2000",
              "new connections of one client at once"),
          setting(
              "limits.rate.handshakes",
              count(),
              "20",
              "new connections of one client to HTTPS per second; 0 = no bound"),
          setting(
              "limits.rate.handshakes-burst",
              burst(),
              "200",
              "new connections of one client to HTTPS at once"),
          setting(
              "limits.lock-out.failures",
              count(),
              "20",
              "bad credentials of one client that lock it out; 0 = never"),
          setting(
              "limits.lock-out.window", duration(), "1m", "time within which they have to come"),
          setting(
              "limits.lock-out.duration",
              duration(),
              "1m",
              "how long a client is locked out; shorter than timers.track"),
          setting(
              "limits.unsent.per-connection",
              bytes("64KiB", "256MiB"),
              "4MiB",
              "answers waiting for one connection's client to read them"),
          setting(
              "limits.unsent.total",
              bytes("1MiB", "1GiB"),
              "64MiB",
              "answers of one node waiting for their clients to read them"),
          setting(
              "limits.http2.streams",
              integer(1, 10_000),
              "100",
              "requests at once on one HTTP/2 connection"),
          setting(
              "limits.http2.resets",
              integer(1, 1_000_000),
              "200",
              "HTTP/2 streams that a client may reset in 30 s before it is cut off"),
          setting(
              "limits.http2.control-frames",
              integer(10, 1_000_000),
              "500",
              "HTTP/2 frames without a request in 30 s before a client is cut off"));

  private LimitSettings() {}

  private static SettingType<Integer> count() {
    return integer(0, 1_000_000);
  }

  private static SettingType<Integer> burst() {
    return integer(1, 1_000_000);
  }
}
