package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a peer's shard decided about a CONNECT. */
public sealed interface ConnectOutcome {

  /**
   * The request fails as a whole.
   *
   * @param departure what is to be told if the registration ended with it, else null
   */
  record Refused(RefusalCause cause, @Nullable Departure departure) implements ConnectOutcome {

    /** Returns the code of the answer. */
    public ErrorCode code() {
      return cause.code();
    }

    /** Returns whether the sender may not speak for the peer that is registered. */
    public boolean foreign() {
      return cause == RefusalCause.FOREIGN;
    }
  }

  /**
   * The registration stands; the lists of its swarms follow.
   *
   * @param registered whether this CONNECT made the registration
   * @param terminated whether the registration ended with its last membership
   * @param execution whether this CONNECT was executed before and is only answered again
   * @param transactionReused whether its transaction ID came before with other content
   * @param stamp for the memberships that it brings or ends
   * @param seed for the peer lists
   * @param addresses those that the peer advertised
   * @param listing what other peers may be told of them
   * @param weight of all memberships that the peer has now, as {@link SwarmKey#weight} counts them
   * @param steps the actions in the order of their results
   * @param secretGiven whether the registration takes the secret that was offered, so that the
   *     answer has to tell it
   * @param replaced what is to be told of the registration that this one takes the place of, null
   *     if there was none
   */
  record Granted(
      boolean registered,
      boolean terminated,
      Execution execution,
      boolean transactionReused,
      long stamp,
      long seed,
      PeerAddresses addresses,
      Listing listing,
      int weight,
      List<Step> steps,
      boolean secretGiven,
      @Nullable Departure replaced)
      implements ConnectOutcome {

    /** Returns whether this CONNECT was executed before and is only answered again. */
    public boolean repeated() {
      return execution != Execution.NOW;
    }
  }

  /** When a CONNECT was executed that is granted. */
  enum Execution {
    /** With this decision. */
    NOW,
    /** Before: it repeats the peer's last one, and its steps say what that one did. */
    LAST,
    /** The same, and that one made the registration. */
    LAST_REGISTERING,
    /** Before others of the peer's; what it did then is not known any more. */
    EARLIER
  }

  /**
   * One swarm action of a CONNECT as decided; immutable.
   *
   * @param mode the mode joined in; null for a LEAVE
   * @param watchedMs how long the membership lasted that it ended, in milliseconds; {@link
   *     #UNKNOWN} if it ended none, or if that is not known any more
   */
  record Step(SwarmKey swarm, @Nullable PeerMode mode, Effect effect, long watchedMs) {
    /** In place of a time that is not known. */
    public static final long UNKNOWN = -1;

    /** Makes one that ends no membership. */
    public Step(SwarmKey swarm, @Nullable PeerMode mode, Effect effect) {
      this(swarm, mode, effect, UNKNOWN);
    }

    /** What an action does to the membership. */
    public enum Effect {
      JOINED,
      /** Joined already, in the same mode: only the list and the addresses are new. */
      REFRESHED,
      MODE_CHANGED,
      LEFT,
      /** The LEAVE half of a change of mode, for which the JOIN half does all the work. */
      LEFT_TO_REJOIN,
      /** Refused for this swarm alone (RFC 7846, Section 2.3.2-A). */
      FAILED;

      /** Returns whether a membership ends with it; with a new mode, another begins. */
      public boolean ends() {
        return this == LEFT || this == MODE_CHANGED;
      }
    }

    /** Returns whether the action succeeded. */
    public boolean successful() {
      return effect != Effect.FAILED;
    }

    /** Returns whether this is a JOIN. */
    public boolean joins() {
      return mode != null;
    }
  }
}
