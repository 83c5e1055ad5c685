package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.list;

import java.util.List;

/** Browsers that speak the WebTorrent tracker protocol. Part of {@link Settings}. */
final class WebTorrentSettings {
  static final List<Setting> ALL =
      List.of(
          setting(
              "webtorrent.enabled",
              bool(),
              "false",
              "serve browsers that speak the WebTorrent tracker protocol over WebSocket"),
          setting(
              "webtorrent.paths",
              ListenerSettings.urlPaths(),
              "/announce,/",
              "paths that WebSockets are opened on"),
          setting(
              "webtorrent.origins",
              originsOrAny(),
              "",
              "web pages of other origins that may open WebSockets; * = all, empty = none"),
          setting(
              "webtorrent.sockets", integer(1, 10_000_000), "20000", "open WebSockets of one node"),
          setting(
              "webtorrent.ping-interval",
              duration(),
              "25s",
              "how often a WebSocket is pinged; one that is silent for three of them is closed"),
          setting(
              "webtorrent.idle-timeout",
              duration(),
              "10m",
              "WebSockets without a message for so long are closed"),
          setting(
              "webtorrent.offers-per-second",
              integer(1, 1000),
              "10",
              "offers that one member of a swarm is given per second"));

  private WebTorrentSettings() {}

  private static SettingType<List<String>> originsOrAny() {
    return list(
        "an origin",
        "origins such as https://player.example or http://localhost:8080, in lower case, or * for"
            + " all",
        origin -> origin.equals(WebTorrentConfig.ANY) || ListenerSettings.isOrigin(origin));
  }
}
