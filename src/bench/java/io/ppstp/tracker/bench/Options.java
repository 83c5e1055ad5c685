package io.ppstp.tracker.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The command line of a benchmark of whole servers. Immutable.
 *
 * @param scale how long and how large a run is
 * @param parts to run; never empty
 * @param before the jar of an earlier release, to be measured beside, if there is one
 * @param folder where the results go
 */
record Options(
    Scale scale, Set<Part> parts, ClusterOptions cluster, Optional<Path> before, Path folder) {
  private static final String BEFORE = "--before=";
  private static final String SETTING = "--cluster-set=";
  private static final String JVM_OPTION = "--cluster-jvm=";
  private static final String PROPERTY = "--cluster-property=";
  private static final String FOLDER = "--to=";
  private static final String WARM_UP = "--warm-up=";

  /** What can be measured by itself. */
  enum Part {
    LADDER,
    /** The live mix for the tracker alone: with {@code --before}, against an earlier release. */
    LOCAL,
    /** Of the ladder the tracker alone and the limit of the platform, and of the zapping mix too. */
    LIMIT,
    /** The announces of BitTorrent clients, beside the trackers that are made for them. */
    ANNOUNCES,
    /** The live mix of the ladder for the tracker alone and for its clusters, and nothing else. */
    CLUSTER,
    /** Of that the cluster of two, and again with each of its means switched off. */
    MEANS,
    ZAPPING,
    /** As {@link #MEANS}, with the zapping mix. */
    ZAPPING_MEANS,
    MEMORY,
    GIANT,
    EXPIRY,
    SILENCE,
    /** Viewers in browsers, over WebSocket. */
    WEBTORRENT,
    /** The first two minutes of a node, with and without what is meant to help. */
    COLD_START,
    /** Many peers at once, at nodes that have just started. */
    FLASH_CROWD,
    /** Those who listen to events, and what that costs peers. */
    EVENTS,
    /** What lists cost that are of those near. */
    SELECTION,
    /** What it brings that Java's memory is in large pages. */
    PAGES
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if a word has no meaning
   */
  static Options of(List<String> words) {
    Scale scale = Scale.FULL;
    Set<Part> parts = EnumSet.noneOf(Part.class);
    List<String> settings = new ArrayList<>();
    List<String> jvmOptions = new ArrayList<>();
    List<String> properties = new ArrayList<>();
    Optional<Path> folder = Optional.empty();
    Optional<Path> before = Optional.empty();
    Optional<Long> warmUp = Optional.empty();
    for (String word : words) {
      if (word.equals("--quick")) {
        scale = Scale.QUICK;
      } else if (word.startsWith(SETTING)) {
        settings.add(word.substring(SETTING.length()));
      } else if (word.startsWith(JVM_OPTION)) {
        jvmOptions.add(word.substring(JVM_OPTION.length()));
      } else if (word.startsWith(PROPERTY)) {
        properties.add(word.substring(PROPERTY.length()));
      } else if (word.startsWith(WARM_UP)) {
        long mostMs = TimeUnit.SECONDS.toMillis(Long.parseLong(word.substring(WARM_UP.length())));
        warmUp = Optional.of(mostMs);
      } else if (word.startsWith(BEFORE)) {
        before = Optional.of(Path.of(word.substring(BEFORE.length())));
      } else if (word.startsWith(FOLDER)) {
        folder = Optional.of(Path.of(word.substring(FOLDER.length())));
      } else {
        parts.add(Part.valueOf(word.toUpperCase(Locale.ROOT)));
      }
    }
    // Only the whole at its defaults may replace the figures that the repository holds.
    Path usual = Path.of(words.isEmpty() ? "src/bench" : "target/bench");
    if (parts.isEmpty()) {
      parts.addAll(EnumSet.complementOf(EnumSet.of(
                  Part.LOCAL,
                  Part.LIMIT,
                  Part.ANNOUNCES,
                  Part.CLUSTER,
                  Part.MEANS,
                  Part.ZAPPING_MEANS)));
    }
    return new Options(
        warmUp.map(scale::withWarmUpOf).orElse(scale),
        parts,
        new ClusterOptions(settings, jvmOptions, properties),
        before,
        folder.orElse(usual));
  }
}
