package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.webtorrent.protocol.Bytes20;

/**
 * What the receiver of an offer gets in place of the offer's ID, so that the answer that brings it
 * back finds the way without a look-up; immutable. On the wire it has the form of an offer ID.
 *
 * @param node that the offer came in at, 40 bits
 * @param socket that it came in over, 40 bits
 * @param sequence the lowest 16 bits of its number among the offers of that socket
 * @param check which only that node can make, see {@link OfferBook}
 */
record OfferToken(long node, long socket, int sequence, long check) {
  private static final int FIVE_BYTES = 5;
  private static final int CHECK_AT = 12;

  /** Returns the form on the wire: 20 characters U+0000 to U+00FF. */
  String text() {
    StringBuilder text = new StringBuilder(Bytes20.LENGTH);
    append(text, node, FIVE_BYTES);
    append(text, socket, FIVE_BYTES);
    append(text, sequence, Short.BYTES);
    append(text, check, Long.BYTES);
    return text.toString();
  }

  private static void append(StringBuilder text, long number, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      text.append((char) ((number >>> (i * Byte.SIZE)) & 0xff));
    }
  }

  /** Reads a text of twenty bytes, which may be anybody's. */
  static OfferToken of(String text) {
    return new OfferToken(
        number(text, 0, FIVE_BYTES),
        number(text, FIVE_BYTES, 2 * FIVE_BYTES),
        (int) number(text, 2 * FIVE_BYTES, CHECK_AT),
        number(text, CHECK_AT, Bytes20.LENGTH));
  }

  private static long number(String text, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << Byte.SIZE | (text.charAt(i) & 0xff);
    }
    return number;
  }
}
