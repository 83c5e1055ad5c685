package io.ppstp.tracker.webtorrent.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Announce;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Event;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Malformed;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageAction;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageFault;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Offer;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.PeerAnswer;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Scrape;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Totals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message of a browser. Confined to one message; never throws for what it reads.
 *
 * <p>Clients differ in what they send beside the members that matter, and write {@code null} or
 * nothing for what they do not know: all of that is passed over. What is bounded here: the bytes,
 * the nesting, the offers (more are passed over), the SDPs and the hashes of a scrape.
 */
public final class MessageReader {
  /** Bytes of a message at most. */
  public static final int MOST_BYTES = 64 << 10;

  /** Offers of one announce that are taken. */
  public static final int MOST_OFFERS = 10;

  /** Hashes of one scrape at most. */
  public static final int MOST_HASHES = 64;

  /** What the reference client asks for if it says nothing. */
  private static final int DEFAULT_WANTED = 50;

  private static final int DEEPEST = 8;
  private static final int MOST_DIGITS = 9;

  /** Browsers have no other numbers than doubles, which are exact up to here. */
  private static final double MOST_TOTAL = 1L << 53;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Names are strangers', and what is interned is of the whole process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Of another encoding the parser would not know where in the bytes it is.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(MOST_BYTES)
                  .maxNameLength(256)
                  .maxNumberLength(64)
                  .build())
          .build();

  private final byte[] input;
  private @Nullable MessageAction action;
  private @Nullable String infoHash;
  private @Nullable String peerId;
  private @Nullable String toPeerId;
  private @Nullable String offerId;
  private @Nullable SessionDescription answer;
  private List<String> hashes = List.of();
  private boolean tooManyHashes;
  private Event event = Event.PRESENT;
  private boolean complete;
  private int wanted = DEFAULT_WANTED;
  private long uploaded = Totals.UNKNOWN;
  private long downloaded = Totals.UNKNOWN;
  private final List<Offer> offers = new ArrayList<>(0);
  private @Nullable MessageFault fault;

  private MessageReader(byte[] input) {
    this.input = input;
  }

  /** Reads a message, whatever it may be. */
  public static ClientMessage read(byte[] message) {
    if (message.length > MOST_BYTES) {
      return new Malformed(MessageFault.TOO_LONG, MessageAction.ANNOUNCE, null);
    }
    MessageReader reader = new MessageReader(message);
    try (JsonParser in = JSON.createParser(message)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return new Malformed(MessageFault.NOT_JSON, MessageAction.ANNOUNCE, null);
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        reader.member(name, in);
      }
      if (in.nextToken() != null) {
        reader.fault = MessageFault.NOT_JSON;
      }
    } catch (IOException e) {
      reader.fault = MessageFault.NOT_JSON;
    }
    return reader.message();
  }

  private void member(String name, JsonParser in) throws IOException {
    switch (name) {
      case "action" -> action = actionOf(text(in));
      case "info_hash" -> infoHash(in);
      case "peer_id" -> peerId = text(in);
      case "to_peer_id" -> toPeerId = text(in);
      case "offer_id" -> offerId = text(in);
      case "answer" -> answer = description(in);
      case "event" -> event = eventOf(text(in));
      case "numwant" -> wanted = number(in, wanted);
      case "left" -> complete = isZero(in);
      case "uploaded" -> uploaded = total(in);
      case "downloaded" -> downloaded = total(in);
      case "offers" -> offers(in);
      default -> in.skipChildren();
    }
  }

  private static @Nullable MessageAction actionOf(@Nullable String word) {
    for (MessageAction one : MessageAction.values()) {
      if (one.word().equals(word)) {
        return one;
      }
    }
    return null;
  }

  /** Other events there are, such as paused, say that the peer is there. */
  private static Event eventOf(@Nullable String word) {
    if ("stopped".equals(word)) {
      return Event.STOPPED;
    }
    return "completed".equals(word) ? Event.COMPLETED : Event.PRESENT;
  }

  private static @Nullable String text(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return in.getText();
    }
    in.skipChildren();
    return null;
  }

  private static int number(JsonParser in, int otherwise) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      in.skipChildren();
      return otherwise;
    }
    String digits = in.getText();
    if (digits.startsWith("-")) {
      return 0;
    }
    return digits.length() > MOST_DIGITS ? otherwise : Integer.parseInt(digits);
  }

  /** What is no number, or none that a count of bytes can have, is as good as nothing. */
  private static long total(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      in.skipChildren();
      return Totals.UNKNOWN;
    }
    double bytes = Double.parseDouble(in.getText());
    return bytes >= 0 && bytes <= MOST_TOTAL ? (long) bytes : Totals.UNKNOWN;
  }

  private static boolean isZero(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return in.getText().equals("0");
    }
    in.skipChildren();
    return false;
  }

  private void infoHash(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      infoHash = text(in);
      hashes = infoHash == null ? List.of() : List.of(infoHash);
      return;
    }
    List<String> several = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      String hash = text(in);
      if (several.size() == MOST_HASHES) {
        tooManyHashes = true;
      } else {
        several.add(hash == null ? "" : hash);
      }
    }
    hashes = several;
    infoHash = several.isEmpty() ? null : several.get(0);
  }

  private void offers(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        in.skipChildren();
        fault = MessageFault.OFFER;
      } else if (offers.size() == MOST_OFFERS) {
        in.skipChildren();
      } else {
        offer(in);
      }
    }
  }

  private void offer(JsonParser in) throws IOException {
    String id = null;
    SessionDescription offered = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "offer_id" -> id = text(in);
        case "offer" -> offered = description(in);
        default -> in.skipChildren();
      }
    }
    if (id == null || !Bytes20.isValid(id) || offered == null || !offered.is("offer")) {
      fault = MessageFault.OFFER;
    } else if (offered.sdp() != null) {
      offers.add(new Offer(id, offered.sdp()));
    }
  }

  private @Nullable SessionDescription description(JsonParser in) throws IOException {
    SessionDescription read = SessionDescription.read(in, input);
    if (read != null && read.tooLong()) {
      fault = MessageFault.SDP;
    }
    return read;
  }

  private ClientMessage message() {
    MessageAction known = action;
    if (fault != null) {
      return malformed(fault);
    }
    if (known == null) {
      return malformed(MessageFault.ACTION);
    }
    if (known == MessageAction.SCRAPE) {
      return scrape();
    }
    if (infoHash == null || !Bytes20.isValid(infoHash) || hashes.size() > 1) {
      return malformed(MessageFault.INFO_HASH);
    }
    if (peerId == null || !Bytes20.isValid(peerId)) {
      return malformed(MessageFault.PEER_ID);
    }
    return answer == null
        ? new Announce(
            infoHash,
            peerId,
            complete && event == Event.PRESENT ? Event.COMPLETED : event,
            wanted,
            new Totals(uploaded, downloaded),
            offers)
        : answer(infoHash, peerId, answer);
  }

  private ClientMessage answer(String hash, String from, SessionDescription given) {
    String sdp = given.sdp();
    if (!given.is("answer")
        || sdp == null
        || toPeerId == null
        || !Bytes20.isValid(toPeerId)
        || offerId == null
        || !Bytes20.isValid(offerId)) {
      return malformed(MessageFault.ANSWER);
    }
    return new PeerAnswer(hash, from, toPeerId, offerId, sdp);
  }

  private ClientMessage scrape() {
    if (hashes.isEmpty() || tooManyHashes) {
      return malformed(MessageFault.SCRAPE);
    }
    return hashes.stream().allMatch(Bytes20::isValid)
        ? new Scrape(hashes.stream().distinct().toList())
        : malformed(MessageFault.INFO_HASH);
  }

  private Malformed malformed(MessageFault why) {
    return new Malformed(
        why,
        action == null ? MessageAction.ANNOUNCE : action,
        Bytes20.isValid(infoHash) ? infoHash : null);
  }
}
