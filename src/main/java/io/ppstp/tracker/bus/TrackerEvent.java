package io.ppstp.tracker.bus;

import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of the tracker's state, published once on {@link Addresses#EVENTS}; immutable.
 *
 * <p>A listener gets a JSON object with {@code event} (the kind, in lower case), {@code at} (RFC
 * 3339, UTC), {@code peer_id} and the members of the kind. A membership begins with {@code joined}
 * and ends with {@code left} or with {@code expired}, which names all swarms at once; {@code
 * switched} ends one and begins another.
 */
public sealed interface TrackerEvent {

  /** The names of all kinds. */
  Set<String> KINDS =
      Set.of(
          "registered",
          "joined",
          "left",
          "switched",
          "expired",
          "reported",
          "refused",
          "account",
          "configured");

  /** Returns the kind's name in the JSON form. */
  String kind();

  /** Returns when the change took effect, in epoch milliseconds. */
  long atMs();

  /** Returns whose change it is, empty if it is no peer's. */
  String peerId();

  /** Adds the members that only this kind has. */
  default void describe(MemberWriter json) {}

  /** Returns the swarms that it is about, none if there are none or too many. */
  default List<String> swarmIds() {
    return List.of();
  }

  /** A change that is about one swarm. */
  sealed interface OfSwarm extends TrackerEvent {
    /** Returns the swarm, null if the change is of a request that names several or none. */
    @Nullable String swarmId();

    @Override
    default List<String> swarmIds() {
      String swarmId = swarmId();
      return swarmId == null ? List.of() : List.of(swarmId);
    }
  }

  /** A peer ID was registered. */
  record Registered(long atMs, String peerId) implements TrackerEvent {
    @Override
    public String kind() {
      return "registered";
    }
  }

  /** A peer became a member of a swarm. */
  record Joined(long atMs, String peerId, String swarmId, PeerMode mode) implements OfSwarm {
    @Override
    public String kind() {
      return "joined";
    }

    @Override
    public void describe(MemberWriter json) {
      json.put("swarm_id", swarmId).put("peer_mode", mode.name());
    }
  }

  /** In place of a time or a number that is not known; such a member is left out. */
  long UNKNOWN = -1;

  /** Why a membership ended other than by silence. */
  enum LeaveReason {
    /** The peer said so. */
    LEFT,
    /** The peer is in the swarm in another mode from then on. */
    NEW_MODE,
    /** A CONNECT that Table 6 of RFC 7846 forbids ended the registration. */
    REFUSED,
    /** Somebody else has registered the peer's ID anew, after a silence or with credentials. */
    REPLACED,
    /** A network split is over, and what the peer was on the other side of it was kept. */
    MERGED,
    /** An operator has taken the peer out. */
    KICKED;

    /** Returns the name in the JSON form. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A peer is no longer a member of a swarm.
   *
   * @param registered whether the peer's registration goes on
   * @param watchedMs how long the membership lasted, {@link #UNKNOWN} if nobody knows any more
   * @param last what it had reported last, null if it had not or nobody knows at once
   */
  record Left(
      long atMs,
      String peerId,
      String swarmId,
      boolean registered,
      LeaveReason reason,
      long watchedMs,
      @Nullable StreamStats last)
      implements OfSwarm {
    /** Makes one of a peer of whose reports nothing is known. */
    public Left(
        long atMs,
        String peerId,
        String swarmId,
        boolean registered,
        LeaveReason reason,
        long watchedMs) {
      this(atMs, peerId, swarmId, registered, reason, watchedMs, null);
    }

    @Override
    public String kind() {
      return "left";
    }

    @Override
    public void describe(MemberWriter json) {
      json.put("swarm_id", swarmId).put("registered", registered).put("reason", reason.text());
      EventMembers.putKnown(json, "watched_ms", watchedMs);
      EventMembers.putLast(json, last);
    }
  }

  /**
   * A peer left one swarm and joined another by the same CONNECT.
   *
   * @param watchedMs how long it was in the first, as in {@link Left}
   * @param last what it had reported last of the first, as in {@link Left}
   */
  record Switched(
      long atMs,
      String peerId,
      String fromSwarmId,
      String swarmId,
      PeerMode mode,
      long watchedMs,
      @Nullable StreamStats last)
      implements TrackerEvent {
    /** Makes one of a peer of whose reports nothing is known. */
    public Switched(
        long atMs,
        String peerId,
        String fromSwarmId,
        String swarmId,
        PeerMode mode,
        long watchedMs) {
      this(atMs, peerId, fromSwarmId, swarmId, mode, watchedMs, null);
    }

    @Override
    public String kind() {
      return "switched";
    }

    @Override
    public List<String> swarmIds() {
      return List.of(fromSwarmId, swarmId);
    }

    @Override
    public void describe(MemberWriter json) {
      json.put("from_swarm_id", fromSwarmId).put("swarm_id", swarmId).put("peer_mode", mode.name());
      EventMembers.putKnown(json, "watched_ms", watchedMs);
      EventMembers.putLast(json, last);
    }
  }

  /**
   * A peer's track timer ran out: its registration ended and it left all its swarms.
   *
   * @param ended the memberships, each as long as until the peer was heard of last
   * @param last what it had reported last, as far as is known at once; of some of the memberships
   */
  record Expired(long atMs, String peerId, List<Ended> ended, List<StreamStats> last)
      implements TrackerEvent {
    /** Makes one of a peer of whose reports nothing is known. */
    public Expired(long atMs, String peerId, List<Ended> ended) {
      this(atMs, peerId, ended, List.of());
    }

    @Override
    public String kind() {
      return "expired";
    }

    @Override
    public List<String> swarmIds() {
      return ended.stream().map(one -> one.swarm().swarmId()).toList();
    }

    @Override
    public void describe(MemberWriter json) {
      EventMembers.putEnded(json, ended, last);
    }
  }

  /**
   * A peer reported statistics for one swarm; what it did not state is left out, and stands as
   * {@link #UNKNOWN}: browsers state two numbers only.
   *
   * @param before its report before that, null if it is not known for sure
   * @param mode of the peer there; null, and not told, if the list has its reports too
   */
  record Reported(
      long atMs,
      String peerId,
      StreamStats stats,
      @Nullable StreamStats before,
      @Nullable PeerMode mode)
      implements OfSwarm {
    /** Makes one of a peer whose list has its reports too. */
    public Reported(long atMs, String peerId, StreamStats stats, @Nullable StreamStats before) {
      this(atMs, peerId, stats, before, null);
    }

    @Override
    public String kind() {
      return "reported";
    }

    @Override
    public String swarmId() {
      return stats.swarmId();
    }

    @Override
    public void describe(MemberWriter json) {
      EventMembers.putReport(json, stats, before);
    }
  }

  /**
   * A well-formed request of a peer was refused as a whole.
   *
   * @param swarmId the only swarm that it names, null if there are several or none
   */
  record Refused(
      long atMs, String peerId, RequestType type, RefusalCause cause, @Nullable String swarmId)
      implements OfSwarm {
    @Override
    public String kind() {
      return "refused";
    }

    @Override
    public void describe(MemberWriter json) {
      json.put("request_type", type.name())
          .put("error_code", cause.code().wireValue())
          .put("cause", cause.text());
      if (swarmId != null) {
        json.put("swarm_id", swarmId);
      }
    }
  }

  /**
   * What a peer has used of a swarm since the record before, as far as the node has seen it (RFC
   * 7846, Section 5.2.5).
   *
   * @param atMs up to when
   * @param watchedMs how long it was there
   * @param requests of it that concern the swarm and were granted
   * @param stats what it has reported last, {@link #UNKNOWN} if it has not
   * @param last whether it is there no more
   */
  record Accounted(
      long atMs,
      String peerId,
      String swarmId,
      long watchedMs,
      long requests,
      StreamStats stats,
      boolean last)
      implements OfSwarm {
    @Override
    public String kind() {
      return "account";
    }

    @Override
    public void describe(MemberWriter json) {
      json.put("swarm_id", swarmId).put("watched_ms", watchedMs).put("requests", requests);
      EventMembers.putLast(json, stats);
      json.put("final", last);
    }
  }

  /**
   * Settings have changed, while the tracker runs.
   *
   * @param settings names of those whose new values are in force
   * @param waiting names of those whose new values come into force by a restart only
   */
  record Configured(long atMs, List<String> settings, List<String> waiting)
      implements TrackerEvent {
    @Override
    public String kind() {
      return "configured";
    }

    @Override
    public String peerId() {
      return "";
    }

    @Override
    public void describe(MemberWriter json) {
      json.put("settings", settings).put("waiting", waiting);
    }
  }
}
