package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.durationOrZero;
import static io.ppstp.tracker.config.SettingType.host;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.name;
import static io.ppstp.tracker.config.SettingType.optionalHost;
import static io.ppstp.tracker.config.SettingType.optionalPath;
import static io.ppstp.tracker.config.SettingType.port;

import io.ppstp.tracker.config.ClusterConfig.PlainText;
import io.ppstp.tracker.config.EventsConfig.Identities;
import java.util.List;

/** The cluster and the process. Part of {@link Settings}. */
final class NodeSettings {
  private static final int MOST_INSTANCES = 64;

  static final List<Setting> ALL =
      List.of(
          // Events.
          setting(
              "events.identities",
              choice(Identities.class),
              "clear",
              "what events call peers: their IDs (clear), a name for a day (hashed), or none"),
          setting(
              "events.prefixes",
              bool(),
              "false",
              "whether events say from what network a request came: the /24 of IPv4, the /48 of IPv6"),
          setting(
              "events.bus",
              bool(),
              "true",
              "publish events to all members of a cluster; false: a node tells its own only"),
          setting(
              "events.accounts",
              durationOrZero(),
              "0s",
              "time between two records of what a peer uses of a swarm; 0s = none are made"),
          setting(
              "events.readers", integer(0, 1000), "16", "readers of events of one node; 0 = none"),
          setting(
              "events.kept",
              integer(16, 1_000_000),
              "16384",
              "latest events that a node keeps for its readers, of 16 MiB at most"),
          // The cluster.
          setting(
              "cluster.enabled", bool(), "false", "be one node of a cluster; --cluster sets it"),
          setting("cluster.config", optionalPath(), "", "Hazelcast configuration; none = embedded"),
          setting("cluster.name", name(), "ppstp-tracker", "only nodes of the same name join"),
          setting("cluster.backups", integer(0, 6), "1", "synchronous copies of all state"),
          setting(
              "cluster.minimum-members",
              integer(0, 1000),
              "0",
              "members below which a node refuses to serve; 0 = serve always"),
          setting(
              "cluster.member-timeout",
              duration(),
              "5s",
              "silence after which a member counts as dead"),
          setting(
              "cluster.list-interval",
              duration(),
              "150ms",
              "how long changes of lists are gathered; shorter costs more, longer lists lag more"),
          setting(
              "cluster.read-backups",
              bool(),
              "true",
              "answer from backups too; false asks the owner each time, which costs more"),
          setting(
              "cluster.orphans-per-tick",
              integer(0, 1_000_000),
              "2000",
              "members checked per second for a lost registration"),
          setting(
              "cluster.allow-plain-text",
              choice(PlainText.class),
              "false",
              "ports between nodes that may be plain text beyond loopback: none, the member port"
                  + " (members), the event bus too (true)"),
          setting("cluster.bus.host", host(), "127.0.0.1", "host of the event bus between nodes"),
          setting("cluster.bus.port", port(), "0", "port of the event bus; 0 = any free port"),
          setting(
              "cluster.bus.public-host",
              optionalHost(),
              "",
              "host that other nodes reach the event bus at; none = cluster.bus.host"),
          setting("cluster.tls.certificate", optionalPath(), "", "PEM chain for the event bus"),
          setting("cluster.tls.key", optionalPath(), "", "PEM private key for the event bus"),
          setting(
              "cluster.tls.ca",
              optionalPath(),
              "",
              "PEM file of the CA of all nodes, and no other"),
          // The process.
          setting(
              "startup.warm-up",
              durationOrZero(),
              "0s",
              "longest time to compile what is used often before the node is ready; 0s = none"),
          setting(
              "reload.interval",
              duration(),
              "5s",
              "how often changed files are looked for: certificates, accounts, keys, settings"),
          setting(
              "instances.ingress", instances(), "0", "verticles that serve HTTP; 0 = one per CPU"),
          setting(
              "instances.validation", instances(), "0", "verticles that check; 0 = one per CPU"),
          setting("instances.swarm", instances(), "0", "verticles that answer; 0 = one per CPU"),
          setting(
              "shutdown.delay",
              duration(),
              "5s",
              "time between not ready and no new connections, for load balancers"),
          setting("shutdown.deadline", duration(), "30s", "longest time from SIGTERM to exit"));

  private NodeSettings() {}

  private static SettingType<Integer> instances() {
    return integer(0, MOST_INSTANCES);
  }
}
