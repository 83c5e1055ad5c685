package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.EventInterest;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.security.Permissions;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which events a reader asks for; immutable.
 *
 * @param ofThisNode whether those of other nodes are left out
 */
record EventQuery(EventInterest interest, boolean ofThisNode) {
  private static final Set<String> PARAMETERS = Set.of("kind", "swarm", "sample", "scope", "after");

  /** A query that says something that has no meaning. */
  static final class BadQueryException extends Exception {
    private static final long serialVersionUID = 1L;

    BadQueryException(String detail) {
      super(detail);
    }
  }

  /**
   * Reads a query.
   *
   * @throws BadQueryException with what is wrong with it
   */
  static EventQuery of(MultiMap parameters) throws BadQueryException {
    for (String name : parameters.names()) {
      if (!PARAMETERS.contains(name)) {
        throw new BadQueryException("there are the parameters " + sorted(PARAMETERS));
      }
    }
    Set<String> kinds = Set.copyOf(words(parameters, "kind"));
    if (!TrackerEvent.KINDS.containsAll(kinds)) {
      throw new BadQueryException("kind is one or more of " + sorted(TrackerEvent.KINDS));
    }
    List<String> patterns = words(parameters, "swarm");
    if (patterns.size() > EventInterest.MOST_PATTERNS) {
      throw new BadQueryException("swarm is at most " + EventInterest.MOST_PATTERNS + " patterns");
    }
    return new EventQuery(
        new EventInterest(
            kinds,
            patterns.isEmpty() ? Permissions.ANY : new Permissions(patterns),
            sample(parameters)),
        ofThisNode(parameters));
  }

  private static double sample(MultiMap parameters) throws BadQueryException {
    if (!parameters.contains("sample")) {
      return 1;
    }
    try {
      double sample = Double.parseDouble(parameters.get("sample"));
      if (sample > 0 && sample <= 1) {
        return sample;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadQueryException("sample is a number above 0 and up to 1, such as 0.01");
  }

  private static boolean ofThisNode(MultiMap parameters) throws BadQueryException {
    String scope = parameters.contains("scope") ? parameters.get("scope") : "cluster";
    return switch (scope) {
      case "node" -> true;
      case "cluster" -> false;
      default -> throw new BadQueryException("scope is node or cluster");
    };
  }

  private static List<String> words(MultiMap parameters, String name) {
    return parameters.getAll(name).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static String sorted(Set<String> words) {
    return String.join(", ", new TreeSet<>(words));
  }

  /** Returns whether {@code event}, which {@code thisNode} or another publishes, is asked for. */
  boolean takes(FeedEvent event, String thisNode) {
    return event.isLoss()
        || ((!ofThisNode || event.node().equals(thisNode)) && interest.takes(event));
  }
}
