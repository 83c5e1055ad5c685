package io.ppstp.tracker.webtorrent;

import java.util.Locale;

/** Why an offer or an answer was not relayed, for the metrics. */
public enum Dropped {
  /** The receiver has had as many offers in this second as it is to have. */
  RATE,
  /** The sender has made as many offers as it may. */
  SENDER,
  /** The receiver's socket, or its membership, is gone. */
  GONE,
  /** The other end of the socket does not read. */
  SLOW_SOCKET,
  /** Too much is under way to the other node already. */
  SLOW_NODE,
  /** The other node cannot be reached. */
  LOST_NODE,
  /** The answer's token is none that this node gave out. */
  FORGED,
  /** The offer was answered before, or too long ago. */
  LATE,
  /** The answer's token names a node that no offer has come from. */
  FOREIGN,
  /** The sender of the answer is not in the swarm. */
  NO_MEMBER,
  /** What came from another node could not be read. */
  UNREADABLE;

  /** Returns the name for the metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
