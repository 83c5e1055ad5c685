package io.ppstp.tracker.security;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the authenticator found out about the sender of a request; immutable. */
public sealed interface AuthState {
  /** Returns why {@code request} must not be carried out, or null if it may. */
  @Nullable ErrorCode objectionTo(Request request);

  /**
   * Returns whether somebody may be in a swarm by a peer ID that the tracker has given, so that it
   * matters nothing which are the sender's own.
   *
   * @param names of that swarm: one at least
   */
  boolean permitsSwarm(List<String> names);

  /**
   * Returns when what the sender has proved stops being so, in epoch milliseconds of the wall
   * clock; {@link Identity#FOR_EVER} if never.
   */
  default long untilMs() {
    return Identity.FOR_EVER;
  }

  /** Returns whether the sender has proved who it is. */
  default boolean isAuthenticated() {
    return this instanceof Authenticated;
  }

  /** Returns whether whoever vouches for the sender says that it is an edge cache. */
  default boolean isEdgeCache() {
    return this instanceof Authenticated it && it.identity().edgeCache();
  }

  /** Nobody in particular, where that is enough. */
  enum Anonymous implements AuthState {
    /** Of nobody there is only one. */
    INSTANCE;

    @Override
    public @Nullable ErrorCode objectionTo(Request request) {
      return null;
    }

    @Override
    public boolean permitsSwarm(List<String> names) {
      return true;
    }
  }

  /**
   * Nobody in particular, where that is enough for some swarms only.
   *
   * @param closed the swarms that need credentials
   */
  record Visitor(Permissions closed) implements AuthState {
    @Override
    public @Nullable ErrorCode objectionTo(Request request) {
      return Identity.swarmsOf(request).stream().anyMatch(closed::allows)
          ? ErrorCode.AUTHENTICATION_REQUIRED
          : null;
    }

    @Override
    public boolean permitsSwarm(List<String> names) {
      return names.stream().noneMatch(closed::allows);
    }
  }

  /** Somebody who may do what the identity is allowed. */
  record Authenticated(Identity identity) implements AuthState {
    @Override
    public @Nullable ErrorCode objectionTo(Request request) {
      return identity.permits(request) ? null : ErrorCode.FORBIDDEN_ACTION;
    }

    @Override
    public boolean permitsSwarm(List<String> names) {
      return names.stream().anyMatch(identity.swarms()::allows);
    }

    @Override
    public long untilMs() {
      return identity.untilMs();
    }
  }

  /**
   * Somebody whose credentials were not looked at.
   *
   * @param remaining how long they had better wait
   */
  record LockedOut(Duration remaining) implements AuthState {
    @Override
    public ErrorCode objectionTo(Request request) {
      return ErrorCode.SERVICE_UNAVAILABLE;
    }

    @Override
    public boolean permitsSwarm(List<String> names) {
      return false;
    }
  }

  /** Somebody who brought no or bad credentials and is answered {@code code} whatever it asks. */
  record Denied(ErrorCode code) implements AuthState {
    @Override
    public ErrorCode objectionTo(Request request) {
      return code;
    }

    @Override
    public boolean permitsSwarm(List<String> names) {
      return false;
    }
  }

  /**
   * Somebody who has proved who they are, and what they may do; immutable.
   *
   * @param name unique within its scheme, for logs and for limits per identity
   * @param scheme of the proof, such as {@code digest}
   * @param peerIds the peer IDs that it may use
   * @param swarms the swarms that it may join, ask for and report on
   * @param untilMs when the proof stops being good, in epoch milliseconds of the wall clock; for
   *     connections that outlast it
   * @param edgeCache whether it is an edge cache of the operator's, as its account or token says
   */
  record Identity(
      String name,
      String scheme,
      Permissions peerIds,
      Permissions swarms,
      long untilMs,
      boolean edgeCache) {
    /** The end of what has none. */
    public static final long FOR_EVER = Long.MAX_VALUE;

    /** Makes one that is no edge cache. */
    public Identity(
        String name, String scheme, Permissions peerIds, Permissions swarms, long untilMs) {
      this(name, scheme, peerIds, swarms, untilMs, false);
    }

    /** Makes one whose proof has no end. */
    public Identity(String name, String scheme, Permissions peerIds, Permissions swarms) {
      this(name, scheme, peerIds, swarms, FOR_EVER);
    }

    /** Returns whether {@code request} speaks for an own peer ID and of allowed swarms only. */
    public boolean permits(Request request) {
      return peerIds.allows(request.peerId()) && permitsSwarms(request);
    }

    private boolean permitsSwarms(Request request) {
      return swarms.equals(Permissions.ANY) || swarmsOf(request).stream().allMatch(swarms::allows);
    }

    /** Returns the swarms that {@code request} is about. */
    static List<String> swarmsOf(Request request) {
      if (request instanceof Request.Connect connect) {
        return connect.actions().stream().map(SwarmAction::swarmId).toList();
      }
      if (request instanceof Request.Find find) {
        return List.of(find.swarmId());
      }
      return ((Request.StatReport) request).stats().stream().map(StreamStats::swarmId).toList();
    }
  }
}
