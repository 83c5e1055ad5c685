package io.ppstp.tracker.management;

import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.SwarmRanking.Ranking;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/**
 * Tells an operator which channels have most viewers, of all nodes: {@code /api/v1/channels}. It is
 * told on this machine only, as all is that names what is watched. Thread-safe.
 */
final class ChannelReport {
  private static final int USUAL = 50;
  private static final String TOP = "top";

  private final SwarmRanking ranking;
  private final InstantSource clock;

  /**
   * What is told, in this order.
   *
   * @param partial whether a node has not answered, so that channels may be missing
   */
  private record Channels(String at, boolean partial, List<Channel> channels) {}

  /** A swarm with members. */
  private record Channel(String swarmId, String protocol, int peers, int leeches, int seeders) {
    static Channel of(SwarmSize size) {
      return new Channel(
          size.swarmId(),
          TorrentIds.protocolOf(size.swarmId()),
          size.peers(),
          size.leeches(),
          size.seeders());
    }
  }

  ChannelReport(SwarmRanking ranking, InstantSource clock) {
    this.ranking = ranking;
    this.clock = clock;
  }

  /** Answers a request for the largest. */
  void answer(RoutingContext request) {
    int top = top(request);
    if (!LocalRequests.isOne(request.request())) {
      Problem.forbidden("channels are told of to requests from this machine, for localhost")
          .answer(request);
    } else if (top < 1) {
      Problem.badRequest("there is the parameter top, a number from 1 to " + SwarmRanking.MOST)
          .answer(request);
    } else {
      Future.fromCompletionStage(ranking.all(top), request.vertx().getOrCreateContext())
          .onSuccess(found -> tell(request, found))
          .onFailure(request::fail);
    }
  }

  /** Returns how many are asked for, 0 if the query has no meaning. */
  private static int top(RoutingContext request) {
    if (request.queryParams().isEmpty()) {
      return USUAL;
    }
    String asked = request.queryParams().get(TOP);
    boolean isNumber =
        request.queryParams().size() == 1 && asked != null && asked.matches("[0-9]{1,4}");
    int top = isNumber ? Integer.parseInt(asked) : 0;
    return top <= SwarmRanking.MOST ? top : 0;
  }

  private void tell(RoutingContext request, Ranking found) {
    List<Channel> channels = found.swarms().stream().map(Channel::of).toList();
    request
        .response()
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(
            ManagementJson.of(new Channels(clock.instant().toString(), found.partial(), channels)));
  }
}
