package io.ppstp.tracker.bus;

/**
 * What one browser's peer says to another's, on its way to the node and the socket of the other;
 * immutable. Hashes, peer IDs and tokens are texts of 20 characters U+0000 to U+00FF.
 */
public sealed interface Relay {
  /** About how many bytes there are around an SDP. */
  int AROUND_SDP = 128;

  /** Returns the socket that it goes to, as {@link SocketNumbers} have it. */
  long socket();

  /** Returns the session description as JSON writes it, with its quotation marks. */
  String sdp();

  /** Returns about how many bytes this takes on its way. */
  default int weight() {
    return AROUND_SDP + sdp().length();
  }

  /**
   * An offer.
   *
   * @param slot of the member among those of its socket
   * @param peerId who offers
   * @param token by which an answer finds the way back
   */
  record OfferRelay(long socket, int slot, String infoHash, String peerId, String token, String sdp)
      implements Relay {}

  /**
   * An answer.
   *
   * @param sequence of the offer among those of its socket, the lowest 16 bits
   * @param check of the token that the answer came with
   * @param peerId who answers
   */
  record AnswerRelay(
      long socket, int sequence, long check, String infoHash, String peerId, String sdp)
      implements Relay {}
}
