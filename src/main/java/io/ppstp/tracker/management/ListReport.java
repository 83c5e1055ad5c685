package io.ppstp.tracker.management;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Shows an operator whom a peer might be told of in a channel, and why: {@code
 * /api/v1/channels/ID/list?peer=PEER&explain=true}. Each is drawn anew, and nobody is told of it.
 * Thread-safe, as its random numbers have to be.
 */
final class ListReport {
  private static final int USUAL = 20;
  private static final int MOST = 100;
  private static final String PEER = "peer";
  private static final String LIMIT = "limit";
  private static final String EXPLAIN = "explain";

  private final TrackerStore store;
  private final RandomGenerator random;

  private record DrawnList(String swarmId, String peerId, List<Drawn> peers) {}

  /**
   * One in the list.
   *
   * @param why the part of the list that it is in; null if that was not asked for, as all below
   * @param asn of its network, if that is an autonomous system
   * @param fitness how many of the peer's wishes it meets, less those that it misses
   */
  private record Drawn(
      String peerId, @Nullable String why, @Nullable Integer asn, @Nullable Integer fitness) {}

  /** Makes one that draws from {@code store} as peers' requests do. */
  ListReport(TrackerStore store, RandomGenerator random) {
    this.store = store;
    this.random = random;
  }

  /** Answers a request for a list. */
  void answer(RoutingContext request) {
    MultiMap parameters = request.queryParams();
    String peer = parameters.get(PEER);
    String limit = parameters.contains(LIMIT) ? parameters.get(LIMIT) : String.valueOf(USUAL);
    String explain = parameters.contains(EXPLAIN) ? parameters.get(EXPLAIN) : "false";
    int count = limit.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(limit) : 0;
    if (peer == null
        || !Set.of(PEER, LIMIT, EXPLAIN).containsAll(parameters.names())
        || count == 0
        || count > MOST
        || !Set.of("true", "false").contains(explain)) {
      Problem.badRequest(
              "there are the parameters peer, which is needed, limit, a number from 1 to "
                  + MOST
                  + ", and explain, true or false")
          .answer(request);
      return;
    }
    SwarmKey swarm = new SwarmKey(request.pathParam("id"));
    Context context = request.vertx().getOrCreateContext();
    Future.fromCompletionStage(store.ask(peer, new PeerQuery.Look(peer)), context)
        .compose(
            found ->
                found.isEmpty() || !found.get().memberships().containsKey(swarm)
                    ? Future.succeededFuture()
                    : Future.fromCompletionStage(
                        store.ask(swarm, query(swarm, peer, count, found.get())), context))
        .onSuccess(reasons -> tell(request, swarm, peer, reasons, explain.equals("true")))
        .onFailure(
            failure -> Problem.unavailable("the state cannot be reached now").answer(request));
  }

  private SwarmQuery.Explain query(SwarmKey swarm, String peer, int count, RegistrationView view) {
    IpAddress v4 = view.observed().v4();
    IpAddress ip = v4 == null ? view.observed().v6() : v4;
    return new SwarmQuery.Explain(swarm, peer, count, random.nextLong(), ip, Selection.RANDOM);
  }

  private static void tell(
      RoutingContext request,
      SwarmKey swarm,
      String peer,
      @Nullable List<Reason> reasons,
      boolean explained) {
    if (reasons == null) {
      Problem.notFound("no peer of this ID is in this channel").answer(request);
      return;
    }
    List<Drawn> drawn = reasons.stream().map(reason -> drawn(reason, explained)).toList();
    Answers.json(request, new DrawnList(swarm.swarmId(), peer, drawn));
  }

  private static Drawn drawn(Reason reason, boolean explained) {
    int asn = Place.asnOf(reason.network());
    return explained
        ? new Drawn(
            reason.peerId(),
            reason.part().name().toLowerCase(Locale.ROOT),
            asn == 0 ? null : asn,
            reason.fitness())
        : new Drawn(reason.peerId(), null, null, null);
  }
}
