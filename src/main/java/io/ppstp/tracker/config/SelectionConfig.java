package io.ppstp.tracker.config;

import io.ppstp.tracker.config.text.Urls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Which peers each requester is told of. Immutable.
 *
 * @param policy what is combined
 * @param near how those near the requester are preferred
 * @param tables of networks, files and URLs, of which the first that knows an address counts
 * @param refresh how often ALTO servers are asked
 * @param caches edge caches in each list
 * @param rate how often one peer may be told of
 * @param importance by which content is popular or uncommon
 * @param swarms that have another policy, of which the first that matches counts
 */
public record SelectionConfig(
    List<SelectionPolicy> policy,
    Near near,
    List<String> tables,
    Duration refresh,
    int caches,
    Rate rate,
    Importance importance,
    List<SwarmPolicy> swarms) {
  /** Copies the lists, so that the record is immutable. */
  public SelectionConfig {
    policy = List.copyOf(policy);
    tables = List.copyOf(tables);
    swarms = List.copyOf(swarms);
  }

  /** Returns the tables that are files. */
  public List<Path> files() {
    return tables.stream().filter(table -> !Urls.isUrl(table)).map(Path::of).toList();
  }

  /** Returns the URLs of ALTO servers. */
  public List<URI> servers() {
    return tables.stream().filter(Urls::isUrl).flatMap(url -> Urls.parse(url).stream()).toList();
  }

  /**
   * How those near the requester are preferred.
   *
   * @param share of a list that is for them, 0 to 0.9
   */
  public record Near(double share) {}

  /**
   * How often one peer may be told of in a second; 0 if there is no bound.
   *
   * @param preferred for what it can or costs
   * @param cache as an edge cache
   */
  public record Rate(int preferred, int cache) {}

  /**
   * By what content is popular or uncommon: the members of its swarm, times a weight.
   *
   * @param upper from which on it is popular; 0 if none is
   * @param lower below which it is uncommon; 0 if none is
   * @param weights of some swarms, of which the first that matches counts; 1 of the others
   */
  public record Importance(int upper, int lower, List<SwarmWeight> weights) {
    /** Copies the list, so that the record is immutable. */
    public Importance {
      weights = List.copyOf(weights);
    }
  }

  /**
   * How important a member makes some swarms.
   *
   * @param pattern of their IDs, in which {@code *} stands for any characters
   */
  public record SwarmWeight(String pattern, double weight) {}

  /**
   * The policy of some swarms.
   *
   * @param pattern of their IDs, in which {@code *} stands for any characters
   * @param policy what is combined
   */
  public record SwarmPolicy(String pattern, List<SelectionPolicy> policy) {
    /** Copies the list, so that the record is immutable. */
    public SwarmPolicy {
      policy = List.copyOf(policy);
    }
  }

  /** What makes one peer a better choice than another. */
  public enum SelectionPolicy {
    /** Nothing. */
    RANDOM,
    /** That it is in the requester's network. */
    NEAR,
    /** That it is known to have what the requester asks for. */
    ABLE,
    /** That it costs little to reach it, as an ALTO server tells. */
    COST
  }
}
