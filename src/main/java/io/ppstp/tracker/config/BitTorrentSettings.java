package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.integer;

import java.util.List;

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
          setting("bittorrent.peers", integer(1, 200), "50", "peers listed in one answer at most"));

  private BitTorrentSettings() {}
}
