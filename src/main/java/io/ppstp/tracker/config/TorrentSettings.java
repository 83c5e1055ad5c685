package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.list;

import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Browsers that speak the WebTorrent tracker protocol, and BitTorrent clients that announce
 * themselves over HTTP. Part of {@link Settings}.
 */
final class TorrentSettings {
  /** An attribute as in a playlist of HLS (RFC 8216, Section 4.2), of which some are numbers. */
  private static final String ATTRIBUTE =
      "(BANDWIDTH=[0-9]{1,12}"
          + "|RESOLUTION=[0-9]{1,5}x[0-9]{1,5}"
          + "|FRAME-RATE=[0-9]{1,5}(\\.[0-9]{1,9})?"
          + "|(?!BANDWIDTH=|RESOLUTION=|FRAME-RATE=)[A-Z0-9-]+=(\"[^\"]*\"|[^\\s,\"]+))";

  private static final Pattern SWARM =
      Pattern.compile(
          "[0-9a-fA-F]{40}"
              + "|\\S+ +(main|secondary)( +"
              + ATTRIBUTE
              + "([ ,]+"
              + ATTRIBUTE
              + ")*)?");

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
              "webtorrent.token",
              choice(TokenPlace.class),
              "off",
              "where in the URL a page may bring a bearer token: off, query (?token=) or path"),
          setting(
              "webtorrent.allowed",
              swarms(),
              "",
              "swarms that browsers may use: info hashes, or streams by name; empty = all"),
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
              "offers that one member of a swarm is given per second"),
          setting(
              "bittorrent.enabled",
              bool(),
              "false",
              "serve BitTorrent clients that announce themselves over HTTP"),
          setting(
              "bittorrent.paths",
              ListenerSettings.urlPaths(),
              "/announce",
              "paths of announces; a scrape has scrape in place of announce"),
          setting(
              "bittorrent.token",
              choice(TokenPlace.class),
              "off",
              "where in the URL a client may bring a bearer token: off, query (?token=) or path"),
          setting(
              "bittorrent.allowed",
              hashes(),
              "",
              "info hashes of the swarms that BitTorrent clients may use; empty = all"),
          setting("bittorrent.peers", integer(1, 200), "50", "peers listed in one answer at most"));

  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{40}");

  private TorrentSettings() {}

  private static SettingType<List<String>> swarms() {
    return list(
        "a swarm",
        "40 hexadecimal digits, or a stream such as 'news main BANDWIDTH=800000"
            + " RESOLUTION=640x360', see webtorrent.md",
        swarm -> SWARM.matcher(swarm).matches());
  }

  private static SettingType<List<String>> originsOrAny() {
    return list(
        "an origin",
        "origins such as https://player.example or http://localhost:8080, in lower case, or * for"
            + " all",
        origin -> origin.equals(WebTorrentConfig.ANY) || ListenerSettings.isOrigin(origin));
  }

  private static SettingType<List<String>> hashes() {
    return list("an info hash", "40 hexadecimal digits", hash -> HASH.matcher(hash).matches());
  }
}
