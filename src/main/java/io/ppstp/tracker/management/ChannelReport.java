package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.ChannelBus;
import io.ppstp.tracker.bus.ChannelBus.ChannelAnswers;
import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.channels.ChannelStatistics;
import io.ppstp.tracker.channels.ChannelStatistics.ChannelHistory;
import io.ppstp.tracker.channels.ChannelTally;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.swarm.CompactList;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.SwarmRanking.Ranking;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator which channels have most viewers, and what has happened in one, of all nodes:
 * {@code /api/v1/channels} and {@code /api/v1/channels/ID}. Confined to one event loop.
 */
final class ChannelReport {
  private static final int USUAL = 50;
  private static final String TOP = "top";

  private final TrackerStore store;
  private final ChannelBus bus;
  private final InstantSource clock;

  /**
   * What is told of many, in this order.
   *
   * @param partial whether a node has not answered, so that something is missing
   */
  private record Channels(String at, boolean partial, List<Channel> channels) {}

  /**
   * A channel, as large as it is, and what has happened in it since each node started.
   *
   * @param silent how often somebody fell silent
   * @param watchedMs all memberships that have ended, together
   * @param watchedQuantilesMs how long half of them have lasted at most, and so on
   * @param curve null if it is not asked for, and then left out
   */
  private record Channel(
      String swarmId,
      String protocol,
      int peers,
      int leeches,
      int seeders,
      long joins,
      long leaves,
      long silent,
      long switchesIn,
      long switchesOut,
      long watchedMs,
      Quantiles watchedQuantilesMs,
      @Nullable List<Minute> curve) {
    static Channel of(SwarmSize size, ChannelTally tally, @Nullable List<Minute> curve) {
      return new Channel(
          size.swarmId(),
          TorrentIds.protocolOf(size.swarmId()),
          size.peers(),
          size.leeches(),
          size.seeders(),
          tally.joins(),
          tally.leaves(),
          tally.silentDeaths(),
          tally.switchesIn(),
          tally.switchesOut(),
          tally.watchedMs(),
          new Quantiles(tally.watchedMs(0.5), tally.watchedMs(0.9), tally.watchedMs(0.99)),
          curve);
    }
  }

  private record Quantiles(long p50, long p90, long p99) {}

  private record Minute(String at, int leeches, int seeders) {}

  /** A channel and its history, and whether a node has not answered. */
  private record OneChannel(String at, boolean partial, Channel channel) {}

  ChannelReport(TrackerStore store, ChannelBus bus, InstantSource clock) {
    this.store = store;
    this.bus = bus;
    this.clock = clock;
  }

  /** Answers a request for the largest. */
  void answerMany(RoutingContext request) {
    int top = top(request);
    if (top < 1) {
      Problem.badRequest("there is the parameter top, a number from 1 to " + SwarmRanking.MOST)
          .answer(request);
      return;
    }
    Future.fromCompletionStage(store.ranking().all(top), request.vertx().getOrCreateContext())
        .compose(
            found -> {
              ChannelQuestion question = new ChannelQuestion(ids(found), false);
              return bus.ask(question, found.nodes()).map(answers -> many(found, answers));
            })
        .onSuccess(channels -> Answers.json(request, channels))
        .onFailure(request::fail);
  }

  /** Answers a request for the one that its path names. */
  void answerOne(RoutingContext request) {
    SwarmKey swarm = new SwarmKey(request.pathParam("id"));
    ChannelQuestion question = new ChannelQuestion(List.of(swarm.swarmId()), true);
    Context context = request.vertx().getOrCreateContext();
    Future.all(
            Future.fromCompletionStage(
                store.ask(swarm, new SwarmQuery.DrawCompact(swarm, "", 0, 0, null)), context),
            Future.fromCompletionStage(store.ranking().all(1), context)
                .compose(found -> bus.ask(question, found.nodes())))
        .onSuccess(
            both -> {
              CompactList numbers = both.resultAt(0);
              ChannelAnswers answers = both.resultAt(1);
              SwarmSize size = new SwarmSize(swarm.swarmId(), numbers.leeches(), numbers.seeders());
              Answers.json(request, one(size, answers));
            })
        .onFailure(
            failure -> Problem.unavailable("the state cannot be reached now").answer(request));
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

  private static List<String> ids(Ranking found) {
    return found.swarms().stream().map(SwarmSize::swarmId).toList();
  }

  private Channels many(Ranking found, ChannelAnswers answers) {
    List<ChannelHistory> histories = ChannelStatistics.together(ids(found), answers.answers());
    List<Channel> channels = new ArrayList<>(histories.size());
    for (int i = 0; i < histories.size(); i++) {
      channels.add(Channel.of(found.swarms().get(i), histories.get(i).tally(), null));
    }
    return new Channels(clock.instant().toString(), found.partial() || answers.partial(), channels);
  }

  private OneChannel one(SwarmSize size, ChannelAnswers answers) {
    ChannelHistory history =
        ChannelStatistics.together(List.of(size.swarmId()), answers.answers()).get(0);
    List<Minute> curve = new ArrayList<>();
    history
        .curve()
        .forEach(
            (minute, then) ->
                curve.add(
                    new Minute(
                        Instant.ofEpochSecond(60 * minute).toString(),
                        then.leeches(),
                        then.seeders())));
    return new OneChannel(
        clock.instant().toString(), answers.partial(), Channel.of(size, history.tally(), curve));
  }
}
