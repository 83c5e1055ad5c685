package io.ppstp.tracker.networks;

import io.ppstp.tracker.domain.address.PathCosts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an ALTO server says in one answer (RFC 7285, Section 8.5); immutable by agreement. */
sealed interface AltoDocument {

  /**
   * A version of a network map (Section 6.3).
   *
   * @param map resource ID of the network map
   */
  record VersionTag(String map, String tag) {}

  /**
   * Groups of addresses, called PIDs (Section 11.2.1).
   *
   * @param prefixes whose numbers are twice the place of a PID in the list below plus two, and one
   *     more for a prefix of no length, which stands for the rest of the Internet
   * @param networks of the PIDs, as {@link io.ppstp.tracker.domain.address.Place} has them
   * @param rest those of them that have such a prefix
   */
  @SuppressWarnings("ArrayRecordComponent")
  record NetworkMap(VersionTag version, PrefixTable prefixes, int[] networks, Set<Integer> rest)
      implements AltoDocument {}

  /**
   * What it costs to get from one PID to others (Section 11.2.3).
   *
   * @param bySource cheapest first, by the network that the source is
   */
  record CostMap(VersionTag version, Map<Integer, PathCosts> bySource) implements AltoDocument {}

  /**
   * Where maps are to be had (Section 9.2).
   *
   * @param defaultMap the resource ID of the network map to be used, null if it does not say
   * @param routingCosts names of the cost type that is needed
   */
  record Directory(@Nullable String defaultMap, Set<String> routingCosts, List<Resource> resources)
      implements AltoDocument {}

  /**
   * One entry of a directory.
   *
   * @param accepts media type of what has to be posted; empty if it is to be got
   * @param costTypes names of those that it tells
   * @param uses resource IDs of network maps
   */
  record Resource(
      String id,
      URI uri,
      String mediaType,
      String accepts,
      List<String> costTypes,
      List<String> uses) {}
}
