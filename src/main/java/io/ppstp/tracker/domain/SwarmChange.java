package io.ppstp.tracker.domain;

import java.util.List;

/**
 * Changes of many members of many swarms of one {@link SwarmShard}, in order; immutable.
 *
 * @param statements of members, noted after the changes
 */
public record SwarmChange(List<Of<MemberChange>> members, List<Of<Statement>> statements) {

  /** Something about one swarm. */
  public record Of<T>(SwarmKey swarm, T what) {}
}
