package io.ppstp.tracker.security.digest;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How Digest is offered; immutable.
 *
 * @param realm that users belong to, printable ASCII without quotes and backslashes
 * @param offered one challenge each, most preferred first
 * @param hideUsers whether clients are asked to send the hash of the user's name (userhash)
 */
public record DigestRules(String realm, List<Variant> offered, boolean hideUsers) {
  /** Copies {@code offered}. */
  public DigestRules {
    offered = List.copyOf(offered);
  }

  /** Returns the algorithms that a client may choose from. */
  public Set<DigestAlgorithm> algorithms() {
    Set<DigestAlgorithm> algorithms = EnumSet.noneOf(DigestAlgorithm.class);
    offered.forEach(variant -> algorithms.add(variant.algorithm()));
    return algorithms;
  }
}
