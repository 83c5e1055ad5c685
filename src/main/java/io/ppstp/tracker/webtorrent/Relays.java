package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Relay;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.webtorrent.OfferBook.TokenState;
import io.ppstp.tracker.webtorrent.RoomCounts.Kind;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Announce;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.PeerAnswer;
import io.ppstp.tracker.webtorrent.protocol.MessageWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Relays offers to members, wherever their sockets are, and answers to who made the offer. Confined
 * to one event loop.
 *
 * <p>Answers go by the offer and not by a peer ID: the token that stands in for the offer's ID says
 * where the offer came from. So nothing is looked up, no answer can be forged, and a page that is
 * connected to two nodes by one peer ID gets each answer over the socket that the offer came from.
 */
final class Relays {
  private static final int MOST_NODES = 1024;

  private final long node;
  private final OfferKey key;
  private final int offersPerSecond;
  private final RelayOutbox outbox;
  private final RoomCounts counts;
  private final Consumer<Output> outlet;

  /** Nodes that offers came from, to which answers may go; the longest silent gives way. */
  private final Map<Long, Boolean> nodes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
          return size() > MOST_NODES;
        }
      };

  /**
   * Makes relays of one instance.
   *
   * @param node this one, 40 bits
   * @param key which only this node has
   * @param offersPerSecond that one member gets at most
   */
  Relays(
      long node,
      OfferKey key,
      int offersPerSecond,
      RelayOutbox outbox,
      RoomCounts counts,
      Consumer<Output> outlet) {
    this.node = node;
    this.key = key;
    this.offersPerSecond = offersPerSecond;
    this.outbox = outbox;
    this.counts = counts;
    this.outlet = outlet;
  }

  /** Returns an empty book for the offers of a new socket. */
  OfferBook book(long socket) {
    return new OfferBook(node, socket, key);
  }

  /** Adds a membership to a socket of this node. */
  SocketMember addTo(PeerSocket socket, String infoHash, String peerId) {
    return socket.add(infoHash, peerId, node);
  }

  /** Notes that a node is there. */
  void heardFrom(long other) {
    if (other != node) {
      nodes.put(other, Boolean.TRUE);
      outbox.heardFrom(other);
    }
  }

  /**
   * Sends offers of an announce, one each, to {@code wanted} of the members that were drawn: to
   * others than this peer, on other sockets.
   */
  void offer(Announce announce, int wanted, List<String> drawn, PeerSocket socket, long nowNs) {
    if (wanted == 0) {
      return;
    }
    String peer = Bytes20.hex(announce.peerId());
    int next = 0;
    int here = 0;
    for (String id : drawn) {
      if (next == wanted) {
        break;
      }
      MemberId member = MemberId.of(id);
      if (member == null || member.peer().equals(peer) || isOn(member, socket)) {
        continue;
      }
      if (member.node() != node && !outbox.isReachable(member.node(), member.socket(), nowNs)) {
        continue;
      }
      var offer = announce.offers().get(next);
      OfferToken token =
          socket.offers.note(announce.infoHash(), announce.peerId(), offer.offerId(), nowNs);
      here += member.node() == node ? 1 : 0;
      outbox.add(
          member.node(),
          new Relay.OfferRelay(
              member.socket(),
              member.slot(),
              announce.infoHash(),
              announce.peerId(),
              token.text(),
              offer.sdp()),
          nowNs);
      next++;
    }
    counts.count(Kind.OFFERS_HERE, here);
    counts.count(Kind.OFFERS_THERE, next - here);
  }

  /** Returns those of the members that were drawn whose nodes are gone. */
  List<String> gone(List<String> drawn, long nowNs) {
    return outbox.hasLost()
        ? drawn.stream().filter(id -> isGone(MemberId.of(id), nowNs)).toList()
        : List.of();
  }

  private boolean isGone(@Nullable MemberId member, long nowNs) {
    return member != null
        && member.node() != node
        && outbox.isGone(member.node(), member.socket(), nowNs);
  }

  private boolean isOn(MemberId member, PeerSocket socket) {
    return member.node() == node && member.socket() == socket.number;
  }

  /** Sends an answer on its way to the node that its token names, or drops it. */
  void answer(PeerAnswer answer, PeerSocket socket, long nowNs) {
    if (socket.membership(answer.infoHash(), answer.peerId()) == null) {
      counts.drop(Dropped.NO_MEMBER);
      return;
    }
    OfferToken token = OfferToken.of(answer.offerId());
    if (token.node() != node && !nodes.containsKey(token.node())) {
      counts.drop(Dropped.FOREIGN);
      return;
    }
    outbox.add(
        token.node(),
        new Relay.AnswerRelay(
            token.socket(),
            token.sequence(),
            token.check(),
            answer.infoHash(),
            answer.peerId(),
            answer.sdp()),
        nowNs);
  }

  /**
   * Brings a relay to its receiver, or drops it.
   *
   * @param socket that it is for, null if that is gone
   */
  void deliver(Relay relay, @Nullable PeerSocket socket, long nowNs) {
    if (socket == null) {
      counts.drop(Dropped.GONE);
    } else if (relay instanceof Relay.OfferRelay it) {
      deliver(it, socket, nowNs);
    } else if (relay instanceof Relay.AnswerRelay it) {
      deliver(it, socket, nowNs);
    }
  }

  private void deliver(Relay.OfferRelay offer, PeerSocket socket, long nowNs) {
    SocketMember member = socket.at(offer.slot());
    if (member == null || !member.infoHash.equals(offer.infoHash())) {
      counts.drop(Dropped.GONE);
    } else if (!member.tryOffer(offersPerSecond, nowNs)) {
      counts.drop(Dropped.RATE);
    } else {
      counts.count(Kind.OFFERS_DELIVERED);
      send(
          socket,
          MessageWriter.offer(offer.infoHash(), offer.peerId(), offer.token(), offer.sdp()));
    }
  }

  private void deliver(Relay.AnswerRelay answer, PeerSocket socket, long nowNs) {
    TokenState finding =
        socket.offers.look(
            answer.sequence(),
            answer.check(),
            answer.infoHash(),
            nowNs,
            entry -> {
              socket.offers.answered(entry);
              counts.count(Kind.ANSWERS_DELIVERED);
              send(
                  socket,
                  MessageWriter.answer(
                      entry.infoHash(), answer.peerId(), entry.offerId(), answer.sdp()));
            });
    if (finding == TokenState.OVER) {
      counts.drop(Dropped.LATE);
    } else if (finding == TokenState.FORGED) {
      counts.drop(Dropped.FORGED);
    }
  }

  private void send(PeerSocket socket, byte[] message) {
    outlet.accept(new Output(socket.number, message, true));
  }
}
