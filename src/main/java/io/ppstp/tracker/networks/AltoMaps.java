package io.ppstp.tracker.networks;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.networks.AltoDocument.CostMap;
import io.ppstp.tracker.networks.AltoDocument.NetworkMap;
import io.ppstp.tracker.networks.AltoDocument.VersionTag;
import io.ppstp.tracker.protocol.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Network maps of ALTO servers, each with its costs if there are any; of several, the first that
 * knows an address counts. Immutable.
 *
 * <p>What a map has no longer prefix for than the one of no length is in its PID for the rest of
 * the Internet. That tells what it costs to reach others from there, but does not make its peers
 * neighbours: their networks are told apart otherwise. And who costs as much as the rest is no
 * better than the rest.
 */
final class AltoMaps {
  static final AltoMaps NONE = new AltoMaps(List.of());

  private final List<Priced> maps;

  private record Priced(NetworkMap map, Map<Integer, PathCosts> costs) {
    /** Returns the number of the prefix that {@code ip} is in, 0 if there is none. */
    int numberOf(IpAddress ip) {
      return (int) map.prefixes().numberOf(ip);
    }

    int network(int number) {
      return map.networks()[number / 2 - 1];
    }
  }

  private AltoMaps(List<Priced> maps) {
    this.maps = List.copyOf(maps);
  }

  /**
   * Puts maps and costs together.
   *
   * @throws TableException if there are costs of a network map, or of a version of it, that is not
   *     there
   */
  static AltoMaps of(List<AltoDocument> documents) throws TableException {
    Map<VersionTag, Map<Integer, PathCosts>> costs = new HashMap<>();
    for (AltoDocument document : documents) {
      if (document instanceof CostMap map) {
        costs.put(map.version(), map.bySource());
      }
    }
    List<Priced> maps = new ArrayList<>();
    for (AltoDocument document : documents) {
      if (document instanceof NetworkMap map) {
        Map<Integer, PathCosts> itsCosts = costs.remove(map.version());
        maps.add(new Priced(map, itsCosts == null ? Map.of() : nearerThanRest(map, itsCosts)));
      }
    }
    for (VersionTag left : costs.keySet()) {
      String there =
          maps.stream()
              .map(map -> map.map().version())
              .filter(version -> version.map().equals(left.map()))
              .map(version -> "that is at version " + version.tag())
              .findFirst()
              .orElse("which is not there");
      throw new TableException(
          "costs of version " + left.tag() + " of the network map " + left.map() + ", " + there);
    }
    return maps.isEmpty() ? NONE : new AltoMaps(maps);
  }

  private static Map<Integer, PathCosts> nearerThanRest(
      NetworkMap map, Map<Integer, PathCosts> all) {
    Map<Integer, PathCosts> nearer = new HashMap<>();
    all.forEach(
        (source, costs) -> {
          float bound = Float.POSITIVE_INFINITY;
          for (int rest : map.rest()) {
            int at = costs.indexOf(map.networks()[rest]);
            bound = at < 0 ? bound : Math.min(bound, costs.costAt(at));
          }
          nearer.put(source, costs.below(bound));
        });
    return Map.copyOf(nearer);
  }

  /** Returns the network that the PID of {@code ip} is, {@link Place#NOWHERE} if it has none. */
  int networkOf(IpAddress ip) {
    Priced map = knowing(ip, number -> number % 2 == 0);
    return map == null ? Place.NOWHERE : map.network(map.numberOf(ip));
  }

  /** Returns what it costs to reach networks from {@code ip}. */
  PathCosts costsFrom(IpAddress ip) {
    Priced map = knowing(ip, number -> true);
    return map == null
        ? PathCosts.NONE
        : map.costs().getOrDefault(map.network(map.numberOf(ip)), PathCosts.NONE);
  }

  private @Nullable Priced knowing(IpAddress ip, IntPredicate which) {
    for (Priced map : maps) {
      int number = map.numberOf(ip);
      if (number != 0 && which.test(number)) {
        return map;
      }
    }
    return null;
  }
}
