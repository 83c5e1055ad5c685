package io.ppstp.tracker.selection;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.networks.Networks;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.store.ForwardingStore;
import io.ppstp.tracker.store.TrackerStore;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store whose lists are chosen as the operator says, for requests of all protocols alike: it
 * tells the store behind it where the peers are that come or move, and how to choose for those that
 * ask. Thread-safe.
 *
 * <p>Where a peer is, is looked up once, here, at the node that took its request, and travels with
 * the peer from then on. So nodes need not have the same tables, nor have read them at the same
 * time, and what a shard holds does not depend on where it is.
 */
public final class SelectingStore extends ForwardingStore {
  private final Networks networks;
  private final Function<String, Policy> policies;
  private final Pacing pacing;

  /**
   * Puts a choice before {@code store}.
   *
   * @param networks {@link Networks#OFF} if it does not matter where peers are
   * @param policies that of a swarm, by its ID
   * @param pacing shared by all views
   */
  public SelectingStore(
      TrackerStore store, Networks networks, Function<String, Policy> policies, Pacing pacing) {
    super(store);
    this.networks = networks;
    this.policies = policies;
    this.pacing = pacing;
  }

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return store().change(peerId, placed(command));
  }

  @SuppressWarnings("unchecked")
  private <R> PeerCommand<R> placed(PeerCommand<R> command) {
    if (command instanceof PeerCommand.Connect connect) {
      return (PeerCommand<R>)
          connect.at(placed(connect.origin()), placed(connect.peerId(), connect.advertised()));
    }
    return command instanceof PeerCommand.Observe observe
        ? (PeerCommand<R>)
            new PeerCommand.Observe(observe.peerId(), placed(observe.origin()), observe.nowMs())
        : command;
  }

  private Origin placed(Origin origin) {
    return origin.network() == Place.CACHES ? origin : origin.in(networks.networkOf(origin.ip()));
  }

  /**
   * Believes what a peer says of its own network where no table knows better and the peer has
   * proved who it is. Of other protocols' peers nobody is told such things.
   */
  private PeerAddresses placed(String peerId, PeerAddresses advertised) {
    return networks.haveTables() && !TorrentIds.isOne(peerId)
        ? advertised.each(address -> placed(address, advertised.vouched()))
        : advertised;
  }

  private PeerAddress placed(PeerAddress address, boolean vouched) {
    long asn = networks.asnOf(address.ip());
    return asn != 0 ? address.in(asn) : vouched ? address : address.withoutAsn();
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    Policy policy = policies.apply(swarm.swarmId());
    CompletionStage<R> answer = store().ask(swarm, chosen(query, policy));
    return query instanceof SwarmQuery.DrawList
        ? answer.thenApply(
            list -> {
              policy.counts().count((PeerList) list);
              return list;
            })
        : answer;
  }

  /** Notes also when a report came, if members are chosen by how new theirs are. */
  @Override
  public @Nullable StreamStats state(SwarmKey swarm, Statement statement) {
    boolean timed = statement.stats() != null && policies.apply(swarm.swarmId()).selection().able();
    return store().state(swarm, timed ? statement.at(pacing.second()) : statement);
  }

  @SuppressWarnings("unchecked")
  private <R> SwarmQuery<R> chosen(SwarmQuery<R> query, Policy policy) {
    if (query instanceof SwarmQuery.DrawList it) {
      return (SwarmQuery<R>)
          new SwarmQuery.DrawList(
              it.swarm(),
              it.peerId(),
              it.draw().by(selection(it.swarm(), it.peerId(), it.draw().requesterIp(), policy)));
    }
    if (query instanceof SwarmQuery.DrawMembers it) {
      return (SwarmQuery<R>)
          new SwarmQuery.DrawMembers(
              it.swarm(),
              it.peerId(),
              it.count(),
              it.seed(),
              null,
              selection(it.swarm(), it.peerId(), it.requesterIp(), policy));
    }
    if (query instanceof SwarmQuery.Explain it) {
      // An example, which takes nobody's turn. Where the member is, it knows itself.
      return (SwarmQuery<R>)
          new SwarmQuery.Explain(
              it.swarm(),
              it.peerId(),
              it.count(),
              it.seed(),
              it.requesterIp(),
              unpaced(it.requesterIp(), policy));
    }
    return query instanceof SwarmQuery.DrawCompact it
        ? (SwarmQuery<R>)
            new SwarmQuery.DrawCompact(
                it.swarm(),
                it.peerId(),
                it.count(),
                it.seed(),
                it.requesterIp(),
                selection(it.swarm(), it.peerId(), it.requesterIp(), policy))
        : query;
  }

  private Selection selection(
      SwarmKey swarm, String peerId, @Nullable IpAddress requesterIp, Policy policy) {
    Selection selection = unpaced(requesterIp, policy);
    return selection.isRandom() ? selection : selection.after(pacing.next(swarm.swarmId(), peerId));
  }

  private Selection unpaced(@Nullable IpAddress requesterIp, Policy policy) {
    Selection selection =
        policy.selection().from(Place.of(networks.networkOf(requesterIp), requesterIp));
    return policy.byCost() ? selection.at(networks.costsFrom(requesterIp)) : selection;
  }

  @Override
  public TrackerStore on(Executor executor) {
    return new SelectingStore(store().on(executor), networks, policies, pacing);
  }
}
