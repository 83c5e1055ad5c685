package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events nodes are asked for; immutable. What the words mean is the nodes' business: they
 * refuse what has no meaning.
 *
 * @param kinds all if empty
 * @param swarms patterns; all if empty
 * @param sample the share of peers, null for all
 * @param scope whose events each node is asked for
 */
public record EventFilter(
    List<String> kinds, List<String> swarms, @Nullable String sample, Scope scope) {

  /** Whose events a node is asked for. */
  public enum Scope {
    /** Its own. */
    NODE,
    /** Those of all nodes of its cluster. */
    CLUSTER
  }

  /** Takes copies. */
  public EventFilter {
    kinds = List.copyOf(kinds);
    swarms = List.copyOf(swarms);
  }

  /** Returns whether every event is asked for, so that a number that does not come is a loss. */
  boolean isWhole() {
    return kinds.isEmpty() && swarms.isEmpty() && sample == null;
  }

  /** Returns the query of a URL, without its question mark. */
  String query() {
    List<String> parameters = new ArrayList<>();
    add(parameters, "kind", kinds);
    add(parameters, "swarm", swarms);
    if (sample != null) {
      add(parameters, "sample", List.of(sample));
    }
    if (scope == Scope.NODE) {
      // The other is what a node tells anyway, and with events.bus=false as much of it as it has.
      add(parameters, "scope", List.of("node"));
    }
    return String.join("&", parameters);
  }

  private static void add(List<String> parameters, String name, List<String> values) {
    if (!values.isEmpty()) {
      // A form's plus for a space means a plus elsewhere.
      String value = URLEncoder.encode(String.join(",", values), UTF_8).replace("+", "%20");
      parameters.add(name + "=" + value);
    }
  }
}
