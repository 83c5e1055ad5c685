package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.list;

import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import java.util.List;
import java.util.regex.Pattern;

/** BitTorrent clients that announce themselves over HTTP. Part of {@link Settings}. */
final class BitTorrentSettings {
  static final List<Setting> ALL =
      List.of(
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

  private BitTorrentSettings() {}

  private static SettingType<List<String>> hashes() {
    return list("an info hash", "40 hexadecimal digits", hash -> HASH.matcher(hash).matches());
  }
}
