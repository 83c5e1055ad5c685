package io.ppstp.tracker.chaos;

import java.time.Duration;

/** What happens to a node, or to the links between nodes. */
public enum FaultKind {
  /** SIGKILL, and some time later a new node in its place. */
  KILL,
  /** SIGTERM, and a new node when it has left. */
  TERMINATE,
  /** SIGSTOP, too short to be noticed. */
  PAUSE_2,
  /** SIGSTOP until just after the others have given the node up. */
  PAUSE_8,
  /** SIGSTOP for far longer than the member timeout. */
  PAUSE_14,
  /** All links between one node and the others, until they are healed; clients reach all nodes. */
  CUT,
  /** All links between all nodes, for longer than the member timeout: each is then by itself. */
  APART,
  /** One more node joins and leaves. */
  FOURTH,
  /** SIGKILL while all peers send their changes to two nodes at once. */
  PAIRS_AND_KILL,
  /** Nothing: for seeing what a run finds without a fault. */
  NONE;

  /** Returns how long a node is stopped; zero if it is not. */
  Duration pause() {
    return switch (this) {
      case PAUSE_2 -> Duration.ofSeconds(2);
      case PAUSE_8 -> Duration.ofSeconds(8);
      case PAUSE_14 -> Duration.ofSeconds(14);
      default -> Duration.ZERO;
    };
  }
}
