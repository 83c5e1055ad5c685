package io.ppstp.tracker.bittorrent;

import io.ppstp.tracker.bittorrent.TorrentCounts.Kind;
import io.ppstp.tracker.bittorrent.protocol.AnswerWriter;
import io.ppstp.tracker.bittorrent.protocol.AnswerWriter.Numbers;
import io.ppstp.tracker.bittorrent.protocol.QueryReader;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Announce;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Event;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Malformed;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Scrape;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TorrentFailure;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.CompactList;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.membership.AnnounceInterval;
import io.ppstp.tracker.membership.Memberships;
import io.ppstp.tracker.membership.Memberships.Member;
import io.ppstp.tracker.membership.RefusedException;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.membership.SwarmAccess.AccessRefusal;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers BitTorrent clients: an announce is join, touch and draw. Confined to one event loop; time
 * and randomness come from outside.
 *
 * <p>Nothing is remembered here between two requests of a client, which may go to any node: the
 * store knows a member by an ID made of its peer ID, the address that it is seen at and the swarm.
 * So a peer ID that is used from elsewhere is another member, and displaces nobody; a client that
 * is seen at an address of each family is two.
 */
final class TorrentRoom {
  private static final Logger LOG = LoggerFactory.getLogger(TorrentRoom.class);
  private static final HexFormat HEX = HexFormat.of();
  private static final long ADDRESS_PRIORITY = 1;
  private static final PeerAddresses UNLISTED = new PeerAddresses(List.of(), true, false);

  private final TrackerStore store;
  private final TorrentRules rules;
  private final Limits limits;
  private final TorrentCounts counts;
  private final EventSink events;
  private final SwarmAccess access;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Memberships memberships;
  private final AnnounceInterval interval;
  private final LogLimiter lines = new LogLimiter(System::nanoTime);

  /** Makes a room over {@code store}, which is that of {@code services} as this loop sees it. */
  TorrentRoom(TorrentServices services, TrackerStore store, RandomGenerator random) {
    this.store = store;
    this.rules = services.rules();
    this.limits = services.limits();
    this.counts = services.counts();
    this.events = services.events();
    this.access = services.access();
    this.clock = services.clock();
    this.random = random;
    this.memberships =
        new Memberships(
            store, rules.connect(), rules.addresses(), limits, services.events(), random);
    this.interval = new AnnounceInterval(rules.connect().trackMs());
  }

  /** Answers a query. The stage always completes normally, with a bencoded answer. */
  CompletionStage<byte[]> answer(boolean scrape, String query, Requester requester) {
    CompletionStage<byte[]> answer;
    try {
      TorrentQuery read = scrape ? QueryReader.scrape(query) : QueryReader.announce(query);
      answer =
          read instanceof Announce announce
              ? announce(announce, requester)
              : read instanceof Scrape it
                  ? scrape(it, requester)
                  : refused(((Malformed) read).reason());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.exceptionally(this::failure);
  }

  private static CompletionStage<byte[]> refused(String reason) {
    return CompletableFuture.failedStage(new RefusedException(reason));
  }

  private CompletionStage<byte[]> announce(Announce announce, Requester requester) {
    Member member = memberOf(announce, requester.ip());
    AccessRefusal objection = objection(announce.infoHash(), requester);
    if (objection != null) {
      return refused(objection.text());
    }
    long nowMs = clock.millis();
    if (announce.event() == Event.STOPPED) {
      return memberships
          .leave(member, requester, nowMs)
          .thenCompose(left -> list(announce, member, 0, requester.ip()));
    }
    PeerMode mode = announce.complete() ? PeerMode.SEEDER : PeerMode.LEECH;
    int peers = rules.peers(announce);
    PeerQuery.Stay question =
        new PeerQuery.Stay(
            member.id(),
            member.swarm(),
            mode,
            member.addresses(),
            memberships.origin(requester),
            nowMs);
    return store
        .ask(member.id(), question)
        .thenCompose(
            stays -> {
              if (stays) {
                limits.heard(member.id(), requester.client());
                events.heard(member.id(), member.swarm().swarmId(), requester, nowMs);
                return list(announce, member, peers, requester.ip());
              }
              // It is new, or its track timer has run out, or its mode or port are others now.
              return memberships
                  .join(member, mode, requester, nowMs)
                  .thenCompose(
                      refusal ->
                          refusal == null
                              ? list(announce, member, peers, requester.ip())
                              : refused(refusal.text()));
            });
  }

  /** Whatever a client says of its address, it is where it is seen. */
  private Member memberOf(Announce announce, IpAddress ip) {
    String id =
        TorrentIds.BITTORRENT_PREFIX
            + announce.peerId()
            + ':'
            + HEX.formatHex(ip.toBytes())
            + ':'
            + announce.infoHash();
    PeerAddresses addresses =
        rules.mayBeListed(announce.port())
            ? new PeerAddresses(
                List.of(PeerAddress.reflexive(ip, announce.port(), ADDRESS_PRIORITY)), true, false)
            : UNLISTED;
    return new Member(id, TorrentIds.bitTorrent(announce.infoHash()), addresses);
  }

  private @Nullable AccessRefusal objection(String infoHash, Requester sender) {
    return access.isOpenTo(sender) ? null : access.objectionTo(infoHash, sender);
  }

  private CompletionStage<byte[]> list(
      Announce announce, Member member, int peers, IpAddress requesterIp) {
    return store
        .ask(
            member.swarm(),
            new SwarmQuery.DrawCompact(
                member.swarm(), member.id(), peers, random.nextLong(), requesterIp))
        .thenApply(
            drawn -> {
              counts.count(Kind.ANNOUNCES);
              int seconds = interval.seconds(random.nextDouble());
              return AnswerWriter.announced(
                  numbers(announce.infoHash(), drawn),
                  seconds,
                  minSeconds(seconds),
                  drawn.v4(),
                  drawn.v6());
            });
  }

  private static Numbers numbers(String infoHash, CompactList drawn) {
    return new Numbers(infoHash, drawn.seeders(), drawn.leeches());
  }

  /** Who has lost all peers may look for others sooner. */
  private static int minSeconds(int seconds) {
    return Math.max(1, seconds / 2);
  }

  private CompletionStage<byte[]> scrape(Scrape scrape, Requester requester) {
    List<CompletionStage<Numbers>> all = new ArrayList<>(scrape.infoHashes().size());
    for (String hash : scrape.infoHashes()) {
      AccessRefusal objection = objection(hash, requester);
      if (objection != null) {
        return refused(objection.text());
      }
      SwarmKey swarm = TorrentIds.bitTorrent(hash);
      all.add(
          store
              .ask(swarm, new SwarmQuery.DrawCompact(swarm, "", 0, 0, null))
              .thenApply(drawn -> numbers(hash, drawn)));
    }
    return Stages.all(all)
        .thenApply(
            numbers -> {
              counts.count(Kind.SCRAPES);
              return AnswerWriter.scraped(
                  numbers, minSeconds(interval.seconds(random.nextDouble())));
            });
  }

  private byte[] failure(Throwable failure) {
    Throwable cause = RefusedException.causeOf(failure);
    String reason = RefusedException.reasonOf(cause);
    if (reason == null) {
      counts.count(Kind.INTERNAL);
      long heldBack = lines.ask("internal failure");
      if (heldBack != LogLimiter.HOLD_BACK) {
        LOG.error(
            "a BitTorrent client was answered with a failure, internal failure ({} more like it before)",
            heldBack,
            cause);
      }
      return TorrentFailure.of("internal error");
    }
    counts.count(Kind.FAILURES);
    return TorrentFailure.of(reason);
  }
}
