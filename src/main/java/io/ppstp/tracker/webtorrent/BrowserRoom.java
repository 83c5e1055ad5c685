package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Relay;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.SocketEvent;
import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.domain.WebTorrentIds;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.webtorrent.MemberStore.RefusedException;
import io.ppstp.tracker.webtorrent.RoomCounts.Kind;
import io.ppstp.tracker.webtorrent.SwarmAccess.AccessRefusal;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what comes over the sockets of one instance of ingress: an announce is join, touch and
 * draw, and its offers go to members that were drawn. Confined to one event loop; time and
 * randomness come from outside.
 */
final class BrowserRoom {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserRoom.class);

  /** Members drawn besides those wanted: some may be on the same socket, or on a lost node. */
  private static final int SPARE = 8;

  /** Announces of one socket that are worked on, or wait for that; a page has a few swarms. */
  private static final int MOST_PENDING = 32;

  private static final int SILENT_TIMERS = 2;

  private final RoomServices services;
  private final TrackerStore store;
  private final RoomRules rules;
  private final Limits limits;
  private final RoomCounts counts;
  private final SwarmAccess access;
  private final MemberStore members;
  private final Relays relays;
  private final Replies replies;
  private final Map<Long, PeerSocket> sockets = new HashMap<>();
  private final Runnable onIdle;
  private int leaving;

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
    this.store = services.store();
    this.rules = services.rules();
    this.limits = services.limits();
    this.counts = services.counts();
    this.access = services.access();
    this.members = members;
    this.relays = relays;
    this.replies = new Replies(outlet, counts, services.nanoClock());
    this.onIdle = onIdle;
  }

  /** Takes what happened to a socket. */
  void take(SocketEvent event) {
    if (event instanceof SocketEvent.Opened it) {
      sockets.put(
          it.socket(), new PeerSocket(it.socket(), it.requester(), relays.book(it.socket())));
    } else if (event instanceof SocketEvent.Closed it) {
      PeerSocket closed = sockets.remove(it.socket());
      if (closed != null) {
        closed.memberships().forEach(member -> leave(closed, member));
      }
    } else if (event instanceof SocketEvent.Received it) {
      PeerSocket socket = sockets.get(it.socket());
      if (socket != null) {
        receive(socket, MessageReader.read(it.message()));
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
    return leaving == 0;
  }

  private void leave(PeerSocket socket, SocketMember member) {
    leaving++;
    member.run(
        () ->
            members
                .leave(member, socket.requester, services.clock().millis())
                .whenComplete(
                    (left, failure) -> {
                      if (failure != null) {
                        LOG.debug("a member goes when its timer runs out", failure);
                      }
                      if (--leaving == 0) {
                        onIdle.run();
                      }
                    }));
  }

  private void receive(PeerSocket socket, ClientMessage message) {
    if (message instanceof Malformed it) {
      replies.fail(socket, it.action(), it.infoHash(), it.fault().text());
      return;
    }
    MessageAction action =
        message instanceof Scrape ? MessageAction.SCRAPE : MessageAction.ANNOUNCE;
    if (!limits.request(socket.requester.client()).isZero()) {
      replies.fail(socket, action, hashOf(message), "too many requests");
    } else if (message instanceof Announce it) {
      begin(socket, it);
    } else if (message instanceof PeerAnswer it) {
      relays.answer(it, socket, services.nanoClock().getAsLong());
    } else if (message instanceof Scrape it) {
      scrape(socket, it);
    }
  }

  private static @Nullable String hashOf(ClientMessage message) {
    if (message instanceof Announce it) {
      return it.infoHash();
    }
    return message instanceof PeerAnswer it ? it.infoHash() : null;
  }

  private void begin(PeerSocket socket, Announce announce) {
    if (socket.pending >= MOST_PENDING) {
      replies.fail(
          socket, MessageAction.ANNOUNCE, announce.infoHash(), "too many announces at once");
    } else if (!counts.tryBegin(rules.announces())) {
      replies.fail(
          socket, MessageAction.ANNOUNCE, announce.infoHash(), "the tracker is busy, try again");
    } else {
      socket.pending++;
      announce(socket, announce)
          .whenComplete(
              (done, failure) -> {
                socket.pending--;
                counts.ended();
              });
    }
  }

  private CompletionStage<?> announce(PeerSocket socket, Announce announce) {
    SocketMember known = socket.membership(announce.infoHash(), announce.peerId());
    AccessRefusal refusal = access.objectionTo(announce.infoHash(), socket.requester.authState());
    if (refusal != null) {
      if (known != null) {
        // What it may do has changed since it came.
        socket.remove(known);
        leave(socket, known);
      }
      replies.fail(socket, MessageAction.ANNOUNCE, announce.infoHash(), refusal.text());
      return CompletableFuture.completedStage(null);
    }
    boolean stops = announce.event() == Event.STOPPED;
    if (known == null && stops) {
      SwarmKey swarm = WebTorrentIds.swarm(Bytes20.hex(announce.infoHash()));
      return settle(socket, announce, numbers(swarm, "", 0));
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
    long trackMs = rules.connect().trackMs();
    socket.forgetSilent(services.clock().millis() - SILENT_TIMERS * trackMs);
    if (socket.size() >= rules.swarmsPerSocket()) {
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
    if (announce.event() == Event.STOPPED) {
      members.report(member, announce.totals(), nowMs);
      CompletionStage<?> left = members.leave(member, socket.requester, nowMs);
      socket.remove(member);
      return settle(
          socket, announce, left.thenCompose(done -> numbers(member.swarm, member.id, 0)));
    }
    // Who has told once that it has all does not say so again.
    boolean seeds = announce.event() == Event.COMPLETED || member.mode == PeerMode.SEEDER;
    int wanted = Math.min(announce.wanted(), announce.offers().size());
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
                  members.report(member, announce.totals(), nowMs);
                  return numbers(member.swarm, member.id, wanted);
                });
    return settle(
        socket,
        announce,
        drawn.thenApply(
            draw -> {
              relays.offer(announce, wanted, draw.ids(), socket, services.nanoClock().getAsLong());
              return draw;
            }));
  }

  private CompletionStage<PeerList.MemberDraw> numbers(SwarmKey swarm, String id, int wanted) {
    int count = wanted == 0 ? 0 : wanted + SPARE;
    return store.ask(
        swarm, new SwarmQuery.DrawMembers(swarm, id, count, services.random().nextLong()));
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
                    rules.intervalSeconds(services.random().nextDouble())));
          }
          return null;
        });
  }

  private void scrape(PeerSocket socket, Scrape scrape) {
    for (String hash : scrape.infoHashes()) {
      AccessRefusal refusal = access.objectionTo(hash, socket.requester.authState());
      if (refusal != null) {
        replies.fail(socket, MessageAction.SCRAPE, hash, refusal.text());
        return;
      }
    }
    List<CompletionStage<Numbers>> all = new ArrayList<>(scrape.infoHashes().size());
    for (String hash : scrape.infoHashes()) {
      SwarmKey swarm = WebTorrentIds.swarm(Bytes20.hex(hash));
      all.add(
          numbers(swarm, "", 0)
              .thenApply(draw -> new Numbers(hash, draw.seeders(), draw.leeches())));
    }
    Stages.all(all)
        .whenComplete(
            (swarms, failure) -> {
              if (failure != null) {
                replies.fail(socket, MessageAction.SCRAPE, null, failure);
              } else {
                counts.count(Kind.SCRAPES);
                replies.send(
                    socket,
                    MessageWriter.scraped(
                        swarms, rules.intervalSeconds(services.random().nextDouble())));
              }
            });
  }
}
