package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;

import io.ppstp.tracker.config.SelectionConfig.SelectionPolicy;
import io.ppstp.tracker.config.SelectionConfig.SwarmPolicy;
import io.ppstp.tracker.config.SelectionConfig.SwarmWeight;
import io.ppstp.tracker.config.text.Urls;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which peers each requester is told of. Part of {@link Settings}. */
final class SelectionSettings {
  private static final double MOST_NEAR = 0.9;

  private static final int MOST_CACHES = 10;
  private static final int MOST_RATE = 30_000;

  /** Each draw may look at all of them. */
  private static final int MOST_PATTERNS = 100;

  private static final int LONGEST_PATTERN = 256;
  private static final int MOST_WEIGHT = 1_000_000;
  private static final Pattern WEIGHT = Pattern.compile("[0-9]{1,7}([.][0-9]{1,6})?");
  private static final Pattern DECIMAL = Pattern.compile("0|0?[.][0-9]{1,3}");

  static final List<Setting> ALL =
      List.of(
          setting(
              "selection.policy",
              policy(),
              "random",
              "which peers are told to whom: random, or some of near, able and cost"),
          setting(
              "selection.near.share",
              share(),
              "0.7",
              "share of a list that is for peers near the requester, or cheap to reach"),
          setting(
              "selection.tables",
              tables(),
              "",
              "what says in which network an address is: files (MaxMind DB, pfx2as text, ALTO maps)"
                  + " and URLs of ALTO servers"),
          setting(
              "selection.refresh",
              SettingType.duration(),
              "15m",
              "how often ALTO servers are asked for their maps"),
          setting(
              "selection.caches",
              SettingType.integer(0, MOST_CACHES),
              "0",
              "edge caches at the end of each list: seeders that their account or token says are"
                  + " one"),
          setting(
              "selection.rate.preferred",
              SettingType.integer(0, MOST_RATE),
              "100",
              "how often one peer is preferred for what it can or costs, per second; 0 = no bound"),
          setting(
              "selection.rate.cache",
              SettingType.integer(0, MOST_RATE),
              "500",
              "how often one edge cache is told of per second; 0 = no bound"),
          setting(
              "selection.importance.upper",
              SettingType.integer(0, Integer.MAX_VALUE),
              "0",
              "members, times the weight, from which on a swarm's abler peers are preferred; 0 ="
                  + " never"),
          setting(
              "selection.importance.lower",
              SettingType.integer(0, Integer.MAX_VALUE),
              "0",
              "members, times the weight, below which a swarm's abler peers are spared; 0 = never"),
          setting(
              "selection.importance.weights",
              weights(),
              "",
              "swarms with a weight other than 1, such as premiere-*=10; the first counts"),
          setting(
              "selection.swarms",
              swarms(),
              "",
              "swarms with a policy of their own, such as radio-*=near+able; the first counts"));

  private SelectionSettings() {}

  private static SettingType<List<SelectionPolicy>> policy() {
    return SettingType.list(
            "random, or some of near, able and cost", "", text -> policyOf(text) != null)
        .as(SelectionSettings::combined);
  }

  /** Returns what the words combine, null if they are none, or do not go together. */
  private static @Nullable List<SelectionPolicy> combined(List<String> words) {
    List<SelectionPolicy> all = new ArrayList<>();
    for (String word : words) {
      SelectionPolicy policy = policyOf(word);
      if (policy == null) {
        return null;
      }
      if (!all.contains(policy)) {
        all.add(policy);
      }
    }
    boolean mixed = all.size() > 1 && all.contains(SelectionPolicy.RANDOM);
    return all.isEmpty() || mixed ? null : List.copyOf(all);
  }

  private static SettingType<List<SwarmPolicy>> swarms() {
    return SettingType.list(
            "a pattern of swarm IDs and a policy",
            "entries such as radio-*=near+able and vod-*=random",
            text -> swarmPolicyOf(text) != null)
        .as(
            texts -> {
              List<SwarmPolicy> all = new ArrayList<>();
              for (String text : texts) {
                SwarmPolicy one = swarmPolicyOf(text);
                if (one != null) {
                  all.add(one);
                }
              }
              return all.size() > MOST_PATTERNS ? null : all;
            });
  }

  private static SettingType<List<SwarmWeight>> weights() {
    return SettingType.list(
            "a pattern of swarm IDs and a weight",
            "entries such as premiere-*=10 and archive-*=0.5, weights up to " + MOST_WEIGHT,
            text -> swarmWeightOf(text) != null)
        .as(
            texts -> {
              List<SwarmWeight> all = new ArrayList<>();
              for (String text : texts) {
                SwarmWeight one = swarmWeightOf(text);
                if (one != null) {
                  all.add(one);
                }
              }
              return all.size() > MOST_PATTERNS ? null : all;
            });
  }

  private static @Nullable SwarmWeight swarmWeightOf(String text) {
    int equals = text.lastIndexOf('=');
    if (equals < 1 || equals > LONGEST_PATTERN) {
      return null;
    }
    String number = text.substring(equals + 1);
    double weight = WEIGHT.matcher(number).matches() ? Double.parseDouble(number) : -1;
    return weight < 0 || weight > MOST_WEIGHT
        ? null
        : new SwarmWeight(text.substring(0, equals), weight);
  }

  /** The policy stands behind the last equals sign: an ID may hold one. */
  private static @Nullable SwarmPolicy swarmPolicyOf(String text) {
    int equals = text.lastIndexOf('=');
    if (equals < 1 || equals > LONGEST_PATTERN) {
      return null;
    }
    List<SelectionPolicy> policy = combined(List.of(text.substring(equals + 1).split("[+]", -1)));
    return policy == null ? null : new SwarmPolicy(text.substring(0, equals), policy);
  }

  private static @Nullable SelectionPolicy policyOf(String text) {
    return Stream.of(SelectionPolicy.values())
        .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElse(null);
  }

  private static SettingType<Double> share() {
    return SettingType.scalar(
        "a number from 0 to " + MOST_NEAR,
        "",
        text -> {
          if (!DECIMAL.matcher(text).matches()) {
            return null;
          }
          double share = Double.parseDouble(text);
          return share > MOST_NEAR ? null : share;
        });
  }

  private static SettingType<List<String>> tables() {
    return SettingType.list(
        "a path to a file or an http or https URL", "", SelectionSettings::isPathOrUrl);
  }

  private static boolean isPathOrUrl(String text) {
    if (Urls.isUrl(text)) {
      return Urls.parse(text).isPresent();
    }
    try {
      return !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
