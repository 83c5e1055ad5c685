package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.Member.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of many members of many swarms of one {@link SwarmShard}, in order; immutable.
 *
 * @param statements of members, noted after the changes
 */
public record SwarmChange(List<Of<MemberChange>> members, List<Of<Statement>> statements) {

  /** Something about one swarm. */
  public record Of<T>(SwarmKey swarm, T what) {}

  /**
   * The change of one member of one swarm; immutable. It does nothing to a member with a younger
   * stamp, so it may come twice, and late.
   *
   * @param stamp of the change of the registration that it follows
   * @param member as the list is to name it, null if it is to name it no more
   */
  public record MemberChange(String peerId, long stamp, @Nullable Member member) {}
}
