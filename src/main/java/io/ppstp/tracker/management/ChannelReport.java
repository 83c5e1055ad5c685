package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.ChannelBus;
import io.ppstp.tracker.bus.ChannelBus.ChannelAnswers;
import io.ppstp.tracker.bus.ChannelBus.ChannelQuestion;
import io.ppstp.tracker.channels.ChannelMeasure;
import io.ppstp.tracker.channels.ChannelStatistics;
import io.ppstp.tracker.channels.ChannelStatistics.ChannelHistory;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator which channels have most viewers, and what has happened in one, of all nodes:
 * {@code /api/v1/channels} and {@code /api/v1/channels/ID}. Confined to one event loop.
 */
final class ChannelReport {
  private static final int USUAL = 50;
  private static final String TOP = "top";
  private static final String BY = "by";
  private static final String PEERS = "peers";

  private final TrackerStore store;
  private final ChannelBus bus;
  private final InstantSource clock;

  /**
   * What is told of many, in this order.
   *
   * @param partial whether a node has not answered, so that something is missing
   */
  private record Channels(String at, boolean partial, List<ChannelView> channels) {}

  /** A channel and its history, and whether a node has not answered. */
  private record OneChannel(String at, boolean partial, ChannelView channel) {}

  /**
   * What is asked for.
   *
   * @param measure null for how large channels are now
   */
  private record Query(int top, @Nullable ChannelMeasure measure) {}

  /** Channels in an order, and whether one may be missing. */
  private record Chosen(List<SwarmSize> channels, int nodes, boolean partial) {
    List<String> ids() {
      return channels.stream().map(SwarmSize::swarmId).toList();
    }
  }

  ChannelReport(TrackerStore store, ChannelBus bus, InstantSource clock) {
    this.store = store;
    this.bus = bus;
    this.clock = clock;
  }

  /** Answers a request for the largest, or those that are measured highest. */
  void answerMany(RoutingContext request) {
    Query query = query(request);
    if (query == null) {
      Problem.badRequest(
              "there are the parameters top, a number from 1 to "
                  + SwarmRanking.MOST
                  + ", and by, one of "
                  + PEERS
                  + ", "
                  + String.join(", ", ChannelMeasure.names()))
          .answer(request);
      return;
    }
    Context context = request.vertx().getOrCreateContext();
    ChannelMeasure measure = query.measure();
    (measure == null ? largest(query.top(), context) : highest(query.top(), measure, context))
        .compose(
            chosen ->
                bus.ask(new ChannelQuestion(chosen.ids(), false), chosen.nodes())
                    .map(answers -> many(chosen, measure, answers)))
        .onSuccess(channels -> Answers.json(request, channels))
        .onFailure(
            failure -> Problem.unavailable("the channels cannot be told now").answer(request));
  }

  private Future<Chosen> largest(int top, Context context) {
    return Future.fromCompletionStage(store.ranking().all(top), context)
        .map(found -> new Chosen(found.swarms(), found.nodes(), found.partial()));
  }

  private Future<Chosen> highest(int top, ChannelMeasure measure, Context context) {
    return largest(SwarmRanking.MOST, context)
        .compose(
            large ->
                bus.ask(ChannelQuestion.highest(measure.text()), large.nodes())
                    .compose(
                        answers -> {
                          List<String> ids =
                              ChannelStatistics.highest(measure, top, answers.answers());
                          boolean partial = large.partial() || answers.partial();
                          return sizes(ids, large.channels(), context)
                              .map(sizes -> new Chosen(sizes, large.nodes(), partial));
                        }));
  }

  /** Most are among the largest; where the others' lists are, nobody may be able to tell. */
  private Future<List<SwarmSize>> sizes(
      List<String> ids, List<SwarmSize> largest, Context context) {
    Map<String, SwarmSize> known = new HashMap<>();
    largest.forEach(size -> known.put(size.swarmId(), size));
    List<Future<SwarmSize>> sizes = new ArrayList<>(ids.size());
    for (String id : ids) {
      SwarmSize size = known.get(id);
      sizes.add(
          size == null
              ? size(new SwarmKey(id), context).otherwise(new SwarmSize(id, 0, 0))
              : Future.succeededFuture(size));
    }
    return Future.all(sizes).map(all -> all.<SwarmSize>list());
  }

  private Future<SwarmSize> size(SwarmKey swarm, Context context) {
    return Future.fromCompletionStage(
            store.ask(swarm, new SwarmQuery.DrawCompact(swarm, "", 0, 0, null)), context)
        .map(found -> new SwarmSize(swarm.swarmId(), found.leeches(), found.seeders()));
  }

  /** Answers a request for the one that its path names. */
  void answerOne(RoutingContext request) {
    SwarmKey swarm = new SwarmKey(request.pathParam("id"));
    ChannelQuestion question = new ChannelQuestion(List.of(swarm.swarmId()), true);
    Context context = request.vertx().getOrCreateContext();
    Future.all(
            size(swarm, context),
            Future.fromCompletionStage(store.ranking().all(1), context)
                .compose(found -> bus.ask(question, found.nodes())))
        .onSuccess(both -> Answers.json(request, one(both.resultAt(0), both.resultAt(1))))
        .onFailure(
            failure -> Problem.unavailable("the state cannot be reached now").answer(request));
  }

  /** Returns what is asked for, null if the query has no meaning. */
  private static @Nullable Query query(RoutingContext request) {
    MultiMap parameters = request.queryParams();
    String top = parameters.get(TOP);
    String by = parameters.get(BY);
    int known = (top == null ? 0 : 1) + (by == null ? 0 : 1);
    boolean isNumber = top == null || top.matches("[0-9]{1,4}");
    ChannelMeasure measure = ChannelMeasure.named(by);
    boolean isMeasure = by == null || by.equals(PEERS) || measure != null;
    if (parameters.size() != known || !isNumber || !isMeasure) {
      return null;
    }
    int most = top == null ? USUAL : Integer.parseInt(top);
    return most < 1 || most > SwarmRanking.MOST ? null : new Query(most, measure);
  }

  private Channels many(Chosen chosen, @Nullable ChannelMeasure measure, ChannelAnswers answers) {
    List<ChannelHistory> histories = ChannelStatistics.together(chosen.ids(), answers.answers());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < histories.size(); i++) {
      order.add(i);
    }
    if (measure != null) {
      order.sort(
          Comparator.comparingLong((Integer i) -> measure.of(histories.get(i).tally())).reversed());
    }
    List<ChannelView> channels = new ArrayList<>(order.size());
    for (int i : order) {
      channels.add(ChannelView.of(chosen.channels().get(i), histories.get(i).tally(), null));
    }
    boolean partial = chosen.partial() || answers.partial();
    return new Channels(clock.instant().toString(), partial, channels);
  }

  private OneChannel one(SwarmSize size, ChannelAnswers answers) {
    ChannelHistory history =
        ChannelStatistics.together(List.of(size.swarmId()), answers.answers()).get(0);
    List<ChannelView.Minute> curve = new ArrayList<>();
    history
        .curve()
        .forEach(
            (minute, then) ->
                curve.add(
                    new ChannelView.Minute(
                        Instant.ofEpochSecond(60 * minute).toString(),
                        then.leeches(),
                        then.seeders())));
    return new OneChannel(
        clock.instant().toString(),
        answers.partial(),
        ChannelView.of(size, history.tally(), curve));
  }
}
