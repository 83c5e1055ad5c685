package io.ppstp.tracker.rules;

import io.ppstp.tracker.limits.IpPrefix;
import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.rules.Rule.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All rules in force; immutable. Asked with every request, so that it costs next to nothing where
 * there are none.
 */
public final class RuleSet {
  /** Forbids nothing. */
  public static final RuleSet NONE = new RuleSet(List.of());

  private final List<Rule> rules;
  private final Set<String> swarms = new HashSet<>();
  private final List<String> beginnings = new ArrayList<>();
  private final CidrList refused;

  /** Returns what {@code rules} forbid together; {@link #NONE} if there are none. */
  public static RuleSet of(Collection<Rule> rules) {
    return rules.isEmpty() ? NONE : new RuleSet(rules);
  }

  private RuleSet(Collection<Rule> rules) {
    this.rules = List.copyOf(rules);
    List<IpPrefix> ranges = new ArrayList<>();
    for (Rule rule : rules) {
      String what = rule.what();
      IpPrefix range = rule.kind() == Kind.REFUSE ? IpPrefix.parse(what) : null;
      if (range != null) {
        ranges.add(range);
      } else if (rule.kind() == Kind.CLOSE && what.endsWith("*")) {
        beginnings.add(what.substring(0, what.length() - 1));
      } else if (rule.kind() == Kind.CLOSE) {
        swarms.add(what);
      }
    }
    refused = new CidrList(ranges);
  }

  /** Returns the rules, in the order in which they were given. */
  public List<Rule> rules() {
    return rules;
  }

  /** Returns whether a swarm, by its ID or by another of its names, is closed. */
  public boolean closes(String name) {
    // Not to be looked for, which would take a hash of the name.
    if (!swarms.isEmpty() && swarms.contains(name)) {
      return true;
    }
    for (String beginning : beginnings) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether nobody at {@code address} is served. */
  public boolean refuses(IpAddress address) {
    return !refused.ranges().isEmpty() && refused.contains(address);
  }
}
