package io.ppstp.tracker.webtorrent.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a browser says in one message; immutable. Hashes and IDs are texts as {@link Bytes20} has
 * them.
 */
public sealed interface ClientMessage {

  /** What a message is about, which its reply repeats. */
  enum MessageAction {
    /** To be in a swarm and meet its members. */
    ANNOUNCE("announce"),
    /** To ask for the numbers of swarms. */
    SCRAPE("scrape");

    private final String word;

    MessageAction(String word) {
      this.word = word;
    }

    /** Returns the word on the wire. */
    public String word() {
      return word;
    }
  }

  /** Why a peer announces itself. */
  enum Event {
    /** It is there, or still there. */
    PRESENT,
    /** It is there, and nothing is left for it to fetch. */
    COMPLETED,
    /** It goes. */
    STOPPED
  }

  /**
   * A peer is in a swarm, or leaves it.
   *
   * @param wanted how many members shall get an offer
   * @param totals what it has sent and received
   * @param offers for other members, one for each
   */
  record Announce(
      String infoHash, String peerId, Event event, int wanted, Totals totals, List<Offer> offers)
      implements ClientMessage {
    /** Copies {@code offers}, so that the record is immutable. */
    public Announce {
      offers = List.copyOf(offers);
    }
  }

  /**
   * What a peer says that it has sent to a swarm and received from it, since it came, in bytes.
   *
   * @param uploaded {@link #UNKNOWN} if it does not say
   * @param downloaded {@link #UNKNOWN} if it does not say
   */
  record Totals(long uploaded, long downloaded) {
    /** In place of a number that was not stated, or is none. */
    public static final long UNKNOWN = -1;
  }

  /**
   * A way to connect to a peer, for whoever gets it.
   *
   * @param sdp of type {@code offer}, the JSON string that stands for it with its quotation marks:
   *     it is handed on as it was written, and only browsers need to know what it says
   */
  record Offer(String offerId, String sdp) {}

  /**
   * The answer to an offer.
   *
   * @param toPeerId who made the offer
   * @param offerId as it came with the offer
   * @param sdp of type {@code answer}, written as in {@link Offer}
   */
  record PeerAnswer(String infoHash, String peerId, String toPeerId, String offerId, String sdp)
      implements ClientMessage {}

  /** Asks for the numbers of swarms, one at least, each once. */
  record Scrape(List<String> infoHashes) implements ClientMessage {
    /** Copies {@code infoHashes}, so that the record is immutable. */
    public Scrape {
      infoHashes = List.copyOf(infoHashes);
    }
  }

  /**
   * A message that cannot be followed.
   *
   * @param action of the reply
   * @param infoHash of the reply, null if the message has none that is valid
   */
  record Malformed(MessageFault fault, MessageAction action, @Nullable String infoHash)
      implements ClientMessage {}

  /** What is wrong with a message: a closed set, of which nothing repeats what strangers sent. */
  enum MessageFault {
    /** No JSON object, or none that is bounded. */
    NOT_JSON("the message is no JSON object"),
    /** Too many bytes. */
    TOO_LONG("the message is longer than 64 KiB"),
    /** Neither announce nor scrape. */
    ACTION("action must be announce or scrape"),
    /** No hash of a swarm. */
    INFO_HASH("info_hash must be 20 characters U+0000 to U+00FF"),
    /** No ID of the peer. */
    PEER_ID("peer_id must be 20 characters U+0000 to U+00FF"),
    /** An offer that is none. */
    OFFER("each offer must have an offer_id of 20 characters and an offer with type and sdp"),
    /** An answer that is none. */
    ANSWER("an answer must have type answer, sdp, and to_peer_id and offer_id of 20 characters"),
    /** An SDP that is too long. */
    SDP("an sdp is longer than 8 KiB"),
    /** A scrape of all swarms, or of too many. */
    SCRAPE("scrape needs info_hash: one, or a list of at most 64");

    private final String text;

    MessageFault(String text) {
      this.text = text;
    }

    /** Returns what the sender is told. */
    public String text() {
      return text;
    }
  }
}
