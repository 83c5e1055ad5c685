package io.ppstp.tracker.bus;

import java.util.Locale;

/** Why a membership ended other than by silence. */
public enum LeaveReason {
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
