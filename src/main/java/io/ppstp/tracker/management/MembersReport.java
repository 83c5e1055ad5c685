package io.ppstp.tracker.management;

import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator who is in a channel, page by page: {@code /api/v1/channels/ID/members}. Members
 * move up when others leave, so that a page may miss some and repeat others. Thread-safe.
 */
final class MembersReport {
  private static final int USUAL = 100;
  private static final int MOST = 1000;
  private static final int NONE = -1;
  private static final String FROM = "from";
  private static final String LIMIT = "limit";

  private final TrackerStore store;

  /**
   * A page.
   *
   * @param next where the next one begins, null if this is the last, and then left out
   */
  private record Page(String swarmId, int from, List<InChannel> members, @Nullable Integer next) {}

  private record InChannel(String peerId, String peerMode) {}

  MembersReport(TrackerStore store) {
    this.store = store;
  }

  /** Answers a request for a page. */
  void answer(RoutingContext request) {
    MultiMap parameters = request.queryParams();
    int from = number(parameters, FROM, 0, Integer.MAX_VALUE - MOST - 1);
    int limit = number(parameters, LIMIT, USUAL, MOST);
    if (!Set.of(FROM, LIMIT).containsAll(parameters.names())
        || from == NONE
        || limit == NONE
        || limit == 0) {
      Problem.badRequest("there are the parameters from and limit, a number from 1 to " + MOST)
          .answer(request);
      return;
    }
    SwarmKey swarm = new SwarmKey(request.pathParam("id"));
    // One more says whether there is another page.
    Future.fromCompletionStage(
            store.ask(swarm, new SwarmQuery.Slice(swarm, from, limit + 1)),
            request.vertx().getOrCreateContext())
        .onSuccess(members -> Answers.json(request, page(swarm, from, limit, members)))
        .onFailure(
            failure -> Problem.unavailable("the state cannot be reached now").answer(request));
  }

  private static Page page(SwarmKey swarm, int from, int limit, List<Member> members) {
    return new Page(
        swarm.swarmId(),
        from,
        members.stream().limit(limit).map(it -> new InChannel(it.id(), it.mode().name())).toList(),
        members.size() > limit ? from + limit : null);
  }

  private static int number(MultiMap parameters, String name, int usual, int most) {
    if (!parameters.contains(name)) {
      return usual;
    }
    String text = parameters.get(name);
    if (!text.matches("[0-9]{1,9}")) {
      return NONE;
    }
    int number = Integer.parseInt(text);
    return number > most ? NONE : number;
  }
}
