package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * By what a member is known in the store: its peer ID, and where it is to be reached, so that who
 * finds it in a list needs no look-up; immutable. One peer ID on two sockets is two members: nobody
 * is displaced by whoever uses a peer ID that it has seen.
 *
 * @param peer the peer ID in hexadecimal
 * @param node that holds its socket, 40 bits
 * @param socket 40 bits
 * @param slot among the members of the socket
 */
record MemberId(String peer, long node, long socket, int slot) {
  private static final int PEER_AT = TorrentIds.WEBTORRENT_PREFIX.length();
  private static final int NODE_AT = PEER_AT + 2 * Bytes20.LENGTH + 1;
  private static final int FORTY_BITS = 10;
  private static final int SOCKET_AT = NODE_AT + FORTY_BITS + 1;
  private static final int SLOT_AT = SOCKET_AT + FORTY_BITS + 1;
  private static final HexFormat HEX = HexFormat.of();

  /** Returns the ID in the store. */
  String text() {
    return TorrentIds.WEBTORRENT_PREFIX
        + peer
        + ':'
        + HEX.toHexDigits(node, FORTY_BITS)
        + ':'
        + HEX.toHexDigits(socket, FORTY_BITS)
        + ':'
        + Integer.toHexString(slot);
  }

  /** Reads an ID of the store; null if it has another form. */
  static @Nullable MemberId of(String text) {
    if (text.length() <= SLOT_AT || !text.startsWith(TorrentIds.WEBTORRENT_PREFIX)) {
      return null;
    }
    try {
      return new MemberId(
          text.substring(PEER_AT, NODE_AT - 1),
          HexFormat.fromHexDigitsToLong(text, NODE_AT, NODE_AT + FORTY_BITS),
          HexFormat.fromHexDigitsToLong(text, SOCKET_AT, SOCKET_AT + FORTY_BITS),
          HexFormat.fromHexDigits(text, SLOT_AT, text.length()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
