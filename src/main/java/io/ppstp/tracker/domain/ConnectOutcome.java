package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a peer's shard decided about a CONNECT. */
public sealed interface ConnectOutcome {

  /** Returns whether the registration was made, changed, touched or ended. */
  boolean changedRegistration();

  /**
   * The request fails as a whole.
   *
   * @param departure what is left to do if the registration ended with it, else null
   */
  record Refused(ErrorCode code, @Nullable Departure departure) implements ConnectOutcome {
    @Override
    public boolean changedRegistration() {
      return departure != null;
    }
  }

  /**
   * The registration stands; the swarms are to follow.
   *
   * @param registered whether this CONNECT made the registration
   * @param terminated whether the registration ended with its last membership
   * @param repeated whether this CONNECT was executed before and is only answered again
   * @param transactionReused whether its transaction ID came before with other content
   * @param stamp for the memberships that it brings or ends
   * @param seed for the peer lists
   * @param addresses those that the peer advertised
   * @param listing what other peers may be told of them
   * @param steps the actions in the order of their results
   * @param readdressed memberships besides, whose addresses are to be renewed
   */
  record Granted(
      boolean registered,
      boolean terminated,
      boolean repeated,
      boolean transactionReused,
      long stamp,
      long seed,
      PeerAddresses addresses,
      Listing listing,
      List<Step> steps,
      List<Step> readdressed)
      implements ConnectOutcome {
    @Override
    public boolean changedRegistration() {
      return true;
    }
  }
}
