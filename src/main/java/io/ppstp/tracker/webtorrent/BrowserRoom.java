package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Relay;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.SocketEvent;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.RefusedException;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.membership.SwarmAccess.AccessRefusal;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.webtorrent.RoomCounts.Kind;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Announce;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Event;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Malformed;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageAction;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.PeerAnswer;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Scrape;
import io.ppstp.tracker.webtorrent.protocol.MessageReader;
import io.ppstp.tracker.webtorrent.protocol.MessageWriter;
import io.ppstp.tracker.webtorrent.protocol.MessageWriter.Numbers;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers what comes over the sockets of one instance of ingress: an announce is join, touch and
 * draw, and its offers go to members that were drawn. Confined to one event loop; time and
 * randomness come from outside.
 */
final class BrowserRoom {
  /** Messages of one socket that are worked on, or wait for that; a page has a few swarms. */
  private static final int MOST_PENDING = 32;

  /** Swarms of a scrape that count as one request. */
  private static final int SWARMS_PER_REQUEST = 8;

  /** In so many ticks each socket is looked at once for members to forget. */
  private static final int TICKS_PER_ROUND = 60;

  private final RoomServices services;
  private final Supplier<RoomRules> rules;
  private final Limits limits;
  private final RoomCounts counts;
  private final SwarmAccess access;
  private final MemberStore members;
  private final Relays relays;
  private final Replies replies;
  private final SwarmDraws draws;
  private final Departures departures;
  private final Reaper reaper;
  private final Map<Long, PeerSocket> sockets = new HashMap<>();
  private Iterator<PeerSocket> round = Collections.emptyIterator();

  /**
   * Makes a room without sockets.
   *
   * @param outlet takes what is to be sent over sockets
   * @param onIdle told when all who went have left the store
   */
  BrowserRoom(
      RoomServices services,
      MemberStore members,
      Relays relays,
      Consumer<Output> outlet,
      Runnable onIdle) {
    this.services = services;
    this.rules = services.rules();
    this.limits = services.limits();
    this.counts = services.counts();
    this.access = services.access();
    this.members = members;
    this.relays = relays;
    this.replies = new Replies(outlet, counts, services.nanoClock());
    this.draws = new SwarmDraws(services.store(), services.random());
    long trackMs = rules.get().connect().trackMs();
    this.departures = new Departures(members, services.clock(), trackMs, onIdle);
    this.reaper = new Reaper(members, services.clock());
  }

  /** Takes what happened to a socket. */
  void take(SocketEvent event) {
    if (event instanceof SocketEvent.Opened it) {
      OfferBook offers = relays.book(it.socket());
      int perSecond = rules.get().offersPerSecond();
      sockets.put(it.socket(), new PeerSocket(it.socket(), it.requester(), offers, perSecond));
    } else if (event instanceof SocketEvent.Closed it) {
      PeerSocket closed = sockets.remove(it.socket());
      if (closed != null) {
        closed.memberships().forEach(member -> departures.leave(member, closed.requester));
      }
    } else if (event instanceof SocketEvent.Received it) {
      PeerSocket socket = sockets.get(it.socket());
      if (socket != null) {
        receive(socket, it.message());
      }
    }
  }

  /** Takes offers and answers from other instances, and from this one. */
  void take(RelayBatch batch) {
    long nowNs = services.nanoClock().getAsLong();
    relays.heardFrom(batch.node());
    for (Relay relay : batch.relays()) {
      relays.deliver(relay, sockets.get(relay.socket()), nowNs);
    }
  }

  /** Returns whether nobody is about to leave the store. */
  boolean isIdle() {
    return departures.isIdle();
  }

  /**
   * Repeats what could not be done, and forgets who has been silent for long; to be called about
   * every second.
   */
  void tick() {
    departures.tick();
    if (!round.hasNext()) {
      round = List.copyOf(sockets.values()).iterator();
    }
    long sinceMs = departures.forgottenBeforeMs();
    for (int left = sockets.size() / TICKS_PER_ROUND; left >= 0 && round.hasNext(); left--) {
      round.next().forgetSilent(sinceMs);
    }
  }

  private void receive(PeerSocket socket, byte[] bytes) {
    boolean tooMany = !limits.request(socket.requester.client()).isZero();
    if (tooMany && !replies.mayFail(socket)) {
      // Not worth reading: nothing would come of it.
      replies.ignore(socket);
      return;
    }
    ClientMessage message = MessageReader.read(bytes);
    MessageAction action =
        message instanceof Scrape ? MessageAction.SCRAPE : MessageAction.ANNOUNCE;
    if (message instanceof Malformed it) {
      replies.fail(socket, it.action(), it.infoHash(), it.fault().text());
    } else if (tooMany || (message instanceof Scrape all && isTooMany(socket, all))) {
      replies.fail(socket, action, hashOf(message), "too many requests");
    } else if (message instanceof Announce it) {
      int length = it.offers().stream().mapToInt(offer -> offer.sdp().length()).sum();
      begin(socket, action, it.infoHash(), length, () -> announce(socket, it));
    } else if (message instanceof PeerAnswer it) {
      relays.answer(it, socket, services.nanoClock().getAsLong());
    } else if (message instanceof Scrape it) {
      begin(socket, action, null, 0, () -> scrape(socket, it));
    }
  }

  private boolean isTooMany(PeerSocket socket, Scrape scrape) {
    boolean tooMany = false;
    for (int i = SWARMS_PER_REQUEST; i < scrape.infoHashes().size(); i += SWARMS_PER_REQUEST) {
      tooMany |= !limits.request(socket.requester.client()).isZero();
    }
    return tooMany;
  }

  private static @Nullable String hashOf(ClientMessage message) {
    if (message instanceof Announce it) {
      return it.infoHash();
    }
    return message instanceof PeerAnswer it ? it.infoHash() : null;
  }

  private void begin(
      PeerSocket socket,
      MessageAction action,
      @Nullable String infoHash,
      int length,
      Supplier<CompletionStage<?>> work) {
    if (socket.pending >= MOST_PENDING) {
      replies.fail(socket, action, infoHash, "too many announces at once");
    } else if (!counts.tryBegin(rules.get().announces(), length)) {
      replies.fail(socket, action, infoHash, "the tracker is busy, try again");
    } else {
      socket.pending++;
      work.get()
          .whenComplete(
              (done, failure) -> {
                socket.pending--;
                counts.ended(length);
              });
    }
  }

  private CompletionStage<?> announce(PeerSocket socket, Announce announce) {
    SocketMember known = socket.membership(announce.infoHash(), announce.peerId());
    AccessRefusal refusal = objection(socket, announce.infoHash());
    if (refusal != null) {
      if (known != null) {
        // What it may do has changed since it came.
        socket.remove(known);
        departures.leave(known, socket.requester);
      }
      replies.fail(socket, MessageAction.ANNOUNCE, announce.infoHash(), refusal.text());
      return CompletableFuture.completedStage(null);
    }
    boolean stops = announce.event() == Event.STOPPED;
    if (known == null && stops) {
      return settle(socket, announce, draws.numbers(announce.infoHash()));
    }
    SocketMember member = known == null ? admit(socket, announce) : known;
    return member == null
        ? CompletableFuture.completedStage(null)
        : member.run(() -> tryCarryOut(socket, member, announce));
  }

  private CompletionStage<?> tryCarryOut(
      PeerSocket socket, SocketMember member, Announce announce) {
    try {
      return carryOut(socket, member, announce);
    } catch (RuntimeException e) {
      return settle(socket, announce, CompletableFuture.failedStage(e));
    }
  }

  /** Makes place for a new membership; null, and the sender knows why, if there is none. */
  private @Nullable SocketMember admit(PeerSocket socket, Announce announce) {
    socket.forgetSilent(departures.forgottenBeforeMs());
    if (socket.size() >= rules.get().swarmsPerSocket()) {
      replies.fail(
          socket,
          MessageAction.ANNOUNCE,
          announce.infoHash(),
          "too many swarms over one connection");
      return null;
    }
    return relays.addTo(socket, announce.infoHash(), announce.peerId());
  }

  private CompletionStage<?> carryOut(PeerSocket socket, SocketMember member, Announce announce) {
    long nowMs = services.clock().millis();
    if (sockets.get(socket.number) != socket) {
      // It was closed meanwhile, and who is to leave waits behind this.
      return CompletableFuture.completedStage(null);
    }
    if (socket.membership(announce.infoHash(), announce.peerId()) != member) {
      // It has left, or was refused, while this waited.
      return announce(socket, announce);
    }
    if (announce.event() == Event.STOPPED) {
      members.report(member, socket.requester, announce.totals(), nowMs);
      CompletionStage<PeerList.MemberDraw> left =
          members
              .leave(member, socket.requester, nowMs)
              .thenCompose(
                  done -> {
                    socket.remove(member);
                    return draws.draw(member.swarm, member.id, null, 0);
                  });
      return settle(socket, announce, left);
    }
    // Who has told once that it has all does not say so again.
    boolean seeds = announce.event() == Event.COMPLETED || member.mode == PeerMode.SEEDER;
    int offered = Math.min(announce.wanted(), announce.offers().size());
    int wanted = socket.offered.take(offered, services.nanoClock().getAsLong());
    counts.drop(Dropped.SENDER, offered - wanted);
    CompletionStage<PeerList.MemberDraw> drawn =
        members
            .present(member, socket.requester, seeds ? PeerMode.SEEDER : PeerMode.LEECH, nowMs)
            .thenCompose(
                refusal -> {
                  if (refusal != null) {
                    if (member.mode == null) {
                      socket.remove(member);
                    }
                    throw new RefusedException(refusal.text());
                  }
                  members.report(member, socket.requester, announce.totals(), nowMs);
                  return draws.draw(member.swarm, member.id, socket.requester.ip(), wanted);
                });
    return settle(
        socket,
        announce,
        drawn.thenApply(
            draw -> {
              long nowNs = services.nanoClock().getAsLong();
              relays.offer(announce, wanted, draw.ids(), socket, nowNs);
              reaper.reap(member.swarm, relays.gone(draw.ids(), nowNs));
              return draw;
            }));
  }

  /** Answers an announce once it is known what came of it. */
  private CompletionStage<?> settle(
      PeerSocket socket, Announce announce, CompletionStage<PeerList.MemberDraw> drawn) {
    return drawn.handle(
        (draw, failure) -> {
          if (failure != null) {
            replies.fail(socket, MessageAction.ANNOUNCE, announce.infoHash(), failure);
          } else {
            counts.count(Kind.ANNOUNCES);
            replies.send(
                socket,
                MessageWriter.announced(
                    new Numbers(announce.infoHash(), draw.seeders(), draw.leeches()),
                    intervalSeconds()));
          }
          return null;
        });
  }

  private CompletionStage<?> scrape(PeerSocket socket, Scrape scrape) {
    for (String hash : scrape.infoHashes()) {
      AccessRefusal refusal = objection(socket, hash);
      if (refusal != null) {
        replies.fail(socket, MessageAction.SCRAPE, hash, refusal.text());
        return CompletableFuture.completedStage(null);
      }
    }
    return draws
        .numbers(scrape.infoHashes())
        .whenComplete(
            (swarms, failure) -> {
              if (failure != null) {
                replies.fail(socket, MessageAction.SCRAPE, null, failure);
              } else {
                counts.count(Kind.SCRAPES);
                replies.send(socket, MessageWriter.scraped(swarms, intervalSeconds()));
              }
            });
  }

  private @Nullable AccessRefusal objection(PeerSocket socket, String infoHash) {
    Requester sender = socket.requester;
    return access.isOpenTo(sender) ? null : access.objectionTo(Bytes20.hex(infoHash), sender);
  }

  private int intervalSeconds() {
    return rules.get().intervalSeconds(services.random().nextDouble());
  }
}
