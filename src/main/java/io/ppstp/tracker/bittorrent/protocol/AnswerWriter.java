package io.ppstp.tracker.bittorrent.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;
import java.util.List;

/**
 * Writes answers in bencoding (BEP 3): dictionaries whose keys are in ascending order. Stateless;
 * an instance is one answer on its way.
 */
public final class AnswerWriter {
  private static final int MOST_DIGITS = 11;
  private static final byte[] COMPLETE = ascii("d8:completei");
  private static final byte[] INCOMPLETE = ascii("e10:incompletei");
  private static final byte[] INTERVAL = ascii("e8:intervali");
  private static final byte[] MIN_INTERVAL = ascii("e12:min intervali");
  private static final byte[] PEERS = ascii("e5:peers");
  private static final byte[] PEERS6 = ascii("6:peers6");

  /** Nobody here knows how often what a swarm shares was fetched whole. */
  private static final byte[] DOWNLOADED = ascii("e10:downloadedi0");

  private static final byte[] FILES = ascii("d5:filesd");
  private static final byte[] HASH = ascii("20:");
  private static final byte[] END_OF_FILE = ascii("ee");
  private static final byte[] FLAGS = ascii("e5:flagsd20:min_request_intervali");
  private static final byte[] END = ascii("eee");
  private static final HexFormat HEX = HexFormat.of();

  /** Around the lists of an announce, with all its numbers. */
  private static final int AROUND_LISTS =
      COMPLETE.length
          + INCOMPLETE.length
          + INTERVAL.length
          + MIN_INTERVAL.length
          + PEERS.length
          + PEERS6.length
          + 6 * (MOST_DIGITS + 1)
          + 2;

  private static final int PER_FILE =
      HASH.length
          + 20
          + COMPLETE.length
          + DOWNLOADED.length
          + INCOMPLETE.length
          + 2 * MOST_DIGITS
          + END_OF_FILE.length;

  private final byte[] out;
  private int length;

  private AnswerWriter(int most) {
    out = new byte[most];
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /**
   * How many are in a swarm.
   *
   * @param infoHash in hexadecimal
   */
  public record Numbers(String infoHash, int complete, int incomplete) {}

  /**
   * Returns the answer to an announce.
   *
   * @param v4 addresses and ports of 6 bytes each (BEP 23)
   * @param v6 of 18 bytes each (BEP 7)
   */
  public static byte[] announced(
      Numbers numbers, int intervalSeconds, int minIntervalSeconds, byte[] v4, byte[] v6) {
    AnswerWriter writer = new AnswerWriter(AROUND_LISTS + v4.length + v6.length);
    writer.raw(COMPLETE).number(numbers.complete());
    writer.raw(INCOMPLETE).number(numbers.incomplete());
    writer.raw(INTERVAL).number(intervalSeconds);
    writer.raw(MIN_INTERVAL).number(minIntervalSeconds);
    writer.raw(PEERS).string(v4);
    if (v6.length > 0) {
      writer.raw(PEERS6).string(v6);
    }
    return writer.letter('e').end();
  }

  /**
   * Returns the answer to a scrape (BEP 48).
   *
   * @param swarms by ascending hash
   * @param minIntervalSeconds until the client may ask again
   */
  public static byte[] scraped(List<Numbers> swarms, int minIntervalSeconds) {
    int around = FILES.length + FLAGS.length + MOST_DIGITS + END.length;
    AnswerWriter writer = new AnswerWriter(around + PER_FILE * swarms.size());
    writer.raw(FILES);
    for (Numbers numbers : swarms) {
      writer.raw(HASH).raw(HEX.parseHex(numbers.infoHash()));
      writer.raw(COMPLETE).number(numbers.complete());
      writer.raw(DOWNLOADED);
      writer.raw(INCOMPLETE).number(numbers.incomplete()).raw(END_OF_FILE);
    }
    return writer.raw(FLAGS).number(minIntervalSeconds).raw(END).end();
  }

  private AnswerWriter raw(byte[] bytes) {
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
    return this;
  }

  private AnswerWriter letter(char letter) {
    out[length++] = (byte) letter;
    return this;
  }

  private AnswerWriter string(byte[] bytes) {
    return number(bytes.length).letter(':').raw(bytes);
  }

  /** Writes a number that is not negative. */
  private AnswerWriter number(int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  private byte[] end() {
    byte[] answer = new byte[length];
    System.arraycopy(out, 0, answer, 0, length);
    return answer;
  }
}
