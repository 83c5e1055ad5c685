package io.ppstp.tracker.networks;

import io.ppstp.tracker.networks.AltoDocument.CostMap;
import io.ppstp.tracker.networks.AltoDocument.Directory;
import io.ppstp.tracker.networks.AltoDocument.NetworkMap;
import io.ppstp.tracker.networks.AltoDocument.Resource;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gets maps from an ALTO server (RFC 7285): from the URL of a map, or by way of a directory and of
 * those that it names (Section 9.2), where a map that is to be had whole is preferred to one that
 * is filtered (Section 11.3), which is asked for whole. Confined to one inquiry.
 */
final class AltoClient {
  private static final String DIRECTORY = "application/alto-directory+json";
  private static final String NETWORK_MAP = "application/alto-networkmap+json";
  private static final String COST_MAP = "application/alto-costmap+json";
  private static final String NETWORK_FILTER = "application/alto-networkmapfilter+json";
  private static final String COST_FILTER = "application/alto-costmapfilter+json";
  private static final String ALL_PIDS = "{\"pids\":[]}";
  private static final String ALL_COSTS =
      "{\"cost-type\":{\"cost-mode\":\"numerical\",\"cost-metric\":\"routingcost\"},"
          + "\"pids\":{\"srcs\":[],\"dsts\":[]}}";
  private static final int MOST_DIRECTORIES = 8;

  private final AltoExchange exchange;
  private @Nullable String wantedMap;
  private final Set<String> routingCosts = new HashSet<>();
  private final List<Resource> resources = new ArrayList<>();

  AltoClient(AltoExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Returns the maps that are to be had by way of {@code url}: a network map and its costs, or the
   * one that is there.
   */
  List<AltoDocument> maps(URI url) throws IOException {
    AltoDocument first = exchange.get(url, String.join(",", DIRECTORY, NETWORK_MAP, COST_MAP));
    if (!(first instanceof Directory directory)) {
      return List.of(first);
    }
    follow(url, directory);
    Resource networkMap = best(NETWORK_MAP, NETWORK_FILTER);
    if (networkMap == null) {
      throw new TableException(url + ": the directory has no network map");
    }
    Resource costMap = best(COST_MAP, COST_FILTER);
    NetworkMap map = networkMap(networkMap);
    if (costMap == null) {
      return List.of(map);
    }
    CostMap costs = costMap(costMap);
    // It may have changed between the two.
    map = costs.version().equals(map.version()) ? map : networkMap(networkMap);
    return List.of(map, costs);
  }

  /** Takes in a directory, and those that it names as long as something is missing. */
  private void follow(URI url, Directory first) throws IOException {
    Set<URI> seen = new HashSet<>(Set.of(url));
    Deque<URI> others = new ArrayDeque<>();
    Directory directory = first;
    while (true) {
      wantedMap = wantedMap == null ? directory.defaultMap() : wantedMap;
      routingCosts.addAll(directory.routingCosts());
      for (Resource resource : directory.resources()) {
        if (!resource.mediaType().equals(DIRECTORY)) {
          resources.add(resource);
        } else if (seen.size() < MOST_DIRECTORIES && seen.add(resource.uri())) {
          others.add(resource.uri());
        }
      }
      URI next = others.poll();
      if (next == null || (isThere(NETWORK_MAP) && isThere(COST_MAP))) {
        return;
      }
      if (!(exchange.get(next, DIRECTORY) instanceof Directory further)) {
        throw new TableException(next + " is no directory of ALTO");
      }
      directory = further;
    }
  }

  /** Returns whether there is a map of a kind that has not to be filtered. */
  private boolean isThere(String mediaType) {
    Resource found = best(mediaType, "");
    return found != null && found.accepts().isEmpty();
  }

  private @Nullable Resource best(String mediaType, String filter) {
    Resource best = null;
    for (Resource resource : resources) {
      boolean whole = resource.accepts().isEmpty();
      boolean fits =
          resource.mediaType().equals(mediaType)
              && (whole || resource.accepts().equals(filter))
              && (mediaType.equals(NETWORK_MAP) ? isOfMap(resource) : isOfCosts(resource));
      if (fits && (best == null || (whole && !best.accepts().isEmpty()))) {
        best = resource;
      }
    }
    return best;
  }

  private boolean isOfMap(Resource resource) {
    String wanted = wantedMap;
    return wanted == null || wanted.equals(resource.id()) || resource.uses().contains(wanted);
  }

  private boolean isOfCosts(Resource resource) {
    return (wantedMap == null || resource.uses().contains(wantedMap))
        && resource.costTypes().stream().anyMatch(routingCosts::contains);
  }

  private NetworkMap networkMap(Resource resource) throws IOException {
    if (document(resource, NETWORK_MAP, ALL_PIDS) instanceof NetworkMap map) {
      return map;
    }
    throw new TableException(resource.uri() + " is no network map");
  }

  private CostMap costMap(Resource resource) throws IOException {
    if (document(resource, COST_MAP, ALL_COSTS) instanceof CostMap map) {
      return map;
    }
    throw new TableException(resource.uri() + " is no cost map");
  }

  private AltoDocument document(Resource resource, String mediaType, String filter)
      throws IOException {
    return resource.accepts().isEmpty()
        ? exchange.get(resource.uri(), mediaType)
        : exchange.post(resource.uri(), mediaType, resource.accepts(), filter);
  }
}
