package io.ppstp.tracker.webtorrent.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageAction;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what browsers are told, one JSON object each, in UTF-8. All of it is ASCII but for what an
 * SDP may hold, which is handed on as it came: so the bytes become a text, and that becomes bytes
 * again, by a copy. Stateless.
 *
 * <p>Each has {@code action}, and {@code info_hash} wherever that is known: the reference client
 * takes a message without {@code action} for a broken tracker, drops the socket and all offers, and
 * stays away for up to five minutes.
 */
public final class MessageWriter {
  private static final int SHORT = 160;
  private static final int AROUND_SDP = 384;
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7e;

  /** What one character takes at most. */
  private static final int LONGEST_ESCAPE = 6;

  private byte[] out;

  private int length;

  /**
   * The numbers of a swarm.
   *
   * @param complete members that have all there is
   * @param incomplete the other members
   */
  public record Numbers(String infoHash, int complete, int incomplete) {}

  private MessageWriter(int expected) {
    out = new byte[expected];
  }

  /** Returns the answer to an announce; the next one is expected after {@code intervalSeconds}. */
  public static byte[] announced(Numbers numbers, int intervalSeconds) {
    return of(MessageAction.ANNOUNCE, numbers.infoHash(), SHORT)
        .number(",\"interval\":", intervalSeconds)
        .number(",\"complete\":", numbers.complete())
        .number(",\"incomplete\":", numbers.incomplete())
        .end();
  }

  /**
   * Returns an offer for the peer that gets it.
   *
   * @param peerId who makes it
   * @param offerId which the answer has to bring back
   * @param sdp as JSON writes it, with its quotation marks
   */
  public static byte[] offer(String infoHash, String peerId, String offerId, String sdp) {
    return relayed("offer", infoHash, peerId, offerId, sdp);
  }

  /**
   * Returns the answer to an offer, for the peer that made it.
   *
   * @param peerId who answers
   * @param offerId as the offer had it
   * @param sdp as JSON writes it, with its quotation marks
   */
  public static byte[] answer(String infoHash, String peerId, String offerId, String sdp) {
    return relayed("answer", infoHash, peerId, offerId, sdp);
  }

  /** Returns the numbers of swarms; it should not ask again before {@code intervalSeconds}. */
  public static byte[] scraped(List<Numbers> swarms, int intervalSeconds) {
    MessageWriter writer = new MessageWriter(SHORT * (1 + swarms.size()));
    writer.raw("{\"action\":\"scrape\",\"files\":{");
    for (int i = 0; i < swarms.size(); i++) {
      Numbers numbers = swarms.get(i);
      writer.raw(i == 0 ? "" : ",");
      // Nobody here knows how often what a swarm shares was fetched whole.
      writer
          .text(numbers.infoHash())
          .number(":{\"complete\":", numbers.complete())
          .number(",\"incomplete\":", numbers.incomplete())
          .raw(",\"downloaded\":0}");
    }
    return writer.number("},\"flags\":{\"min_request_interval\":", intervalSeconds).end("}}");
  }

  /** Returns why a message is not followed. */
  public static byte[] failure(MessageAction action, @Nullable String infoHash, String reason) {
    return of(action, infoHash, SHORT + reason.length())
        .raw(",\"failure reason\":")
        .text(reason)
        .end();
  }

  private static byte[] relayed(
      String type, String infoHash, String peerId, String offerId, String sdp) {
    return of(MessageAction.ANNOUNCE, infoHash, AROUND_SDP + sdp.length())
        .raw(",\"peer_id\":")
        .text(peerId)
        .raw(",\"offer_id\":")
        .text(offerId)
        .raw(",\"")
        .raw(type)
        .raw("\":{\"type\":\"")
        .raw(type)
        .raw("\",\"sdp\":")
        .written(sdp)
        .end("}}");
  }

  private static MessageWriter of(MessageAction action, @Nullable String infoHash, int length) {
    MessageWriter writer = new MessageWriter(length).raw("{\"action\":\"").raw(action.word());
    return infoHash == null ? writer.raw("\"") : writer.raw("\",\"info_hash\":").text(infoHash);
  }

  private MessageWriter raw(String json) {
    room(json.length());
    for (int i = 0; i < json.length(); i++) {
      out[length++] = (byte) json.charAt(i);
    }
    return this;
  }

  private MessageWriter written(String literal) {
    byte[] bytes = literal.getBytes(UTF_8);
    room(bytes.length);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
    return this;
  }

  private void room(int more) {
    if (out.length - length < more) {
      out = Arrays.copyOf(out, Math.max(length + more, out.length * 2));
    }
  }

  private MessageWriter number(String before, int number) {
    return raw(before).raw(Integer.toString(number));
  }

  private MessageWriter text(String text) {
    room(text.length() + 2);
    out[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE && c != '"' && c != '\\') {
        out[length++] = (byte) c;
      } else {
        // Besides this one, there is room for the rest and the quotation mark behind it.
        room(LONGEST_ESCAPE + text.length() - i);
        escape(c);
      }
    }
    out[length++] = '"';
    return this;
  }

  private void escape(char c) {
    out[length++] = '\\';
    if (c == '"' || c == '\\') {
      out[length++] = (byte) c;
      return;
    }
    out[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      out[length++] = (byte) Character.forDigit(c >> shift & 0xf, 16);
    }
  }

  private byte[] end() {
    return end("}");
  }

  private byte[] end(String closing) {
    raw(closing);
    return Arrays.copyOf(out, length);
  }
}
