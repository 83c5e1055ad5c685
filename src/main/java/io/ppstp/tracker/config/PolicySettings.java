package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.port;
import static io.ppstp.tracker.config.SettingType.ports;

import io.ppstp.tracker.config.TrackerConfig.AddressTrust;
import io.ppstp.tracker.config.TrackerConfig.AnonymousPolicy;
import io.ppstp.tracker.config.TrackerConfig.ListedAddresses;
import io.ppstp.tracker.config.TrackerConfig.PrivateAddresses;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import java.util.List;

/** How the protocol is read and what peers are told. Part of {@link Settings}. */
final class PolicySettings {
  static final List<Setting> ALL =
      List.of(
          // The protocol.
          setting("timers.track", duration(), "180s", "time a peer stays without a request"),
          setting("timers.tick", duration(), "1s", "how often expired peers are looked for"),
          setting(
              "timers.reply", duration(), "5s", "time ingress waits for an answer from behind it"),
          setting(
              "peer-list.default", integer(0, 29), "20", "peers listed if the request is silent"),
          setting("peer-list.maximum", integer(1, 29), "29", "most peers listed for one swarm"),
          setting(
              "peer-list.addresses",
              choice(ListedAddresses.class),
              "all",
              "all addresses of a listed peer, or its best"),
          setting(
              "policy.connect",
              choice(ConnectPolicy.class),
              "table6",
              "how a CONNECT changes what the peer has joined"),
          setting(
              "policy.find-requires-membership",
              bool(),
              "true",
              "answer FIND only for swarms the peer has joined"),
          setting(
              "policy.strict",
              bool(),
              "false",
              "refuse with 01 what neither the RFC's schema nor its examples have"),
          setting("policy.fold-hex-ids", bool(), "false", "read long hex IDs as lower case"),
          setting(
              "policy.anonymous",
              choice(AnonymousPolicy.class),
              "bound",
              "who acts for a peer without credentials: who registered it, or anybody (open)"),
          setting(
              "addresses.trust",
              choice(AddressTrust.class),
              "observed",
              "addresses that peers are told: those seen or vouched for, those seen, or all"),
          setting(
              "addresses.private",
              choice(PrivateAddresses.class),
              "same-address",
              "who is told addresses that are not public: peers seen from the same one, or anyone"),
          setting(
              "addresses.refused-ports",
              ports(),
              "7,9,13,17,19-23,25,37,42,53,67-69,88,110,111,113,119,123,135,137-139,143,161,"
                  + "162,177,179,389,427,445,464,465,500,512-515,520,523,548,587,623,626,631,636,"
                  + "873,993,995,1434,1900,2049,3283,3306,3389,3702,5060,5093,5351,5353,5432,5683,"
                  + "6379,10001,11211,27015,30718,32414,33848,37810,47808",
              "ports of which no address is told: services and what amplifies; empty = none"),
          setting(
              "addresses.default-port",
              port(),
              "0",
              "port listed for peers without an address to tell; 0 = not listed"));

  private PolicySettings() {}
}
