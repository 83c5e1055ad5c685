package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.swarm.LargestSwarms;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.SwarmSurvey;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.transport.MemberView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The largest swarms of all nodes, as the owners of the shards have counted them. Thread-safe.
 *
 * @param others the other nodes at the moment
 */
record ClusterRanking(SwarmSurvey found, Asking asking, Supplier<List<MemberView.Other>> others)
    implements SwarmRanking {
  @Override
  public void survey() {
    found.step();
  }

  @Override
  public List<SwarmSize> own(int most) {
    return found.latest(most);
  }

  @Override
  public CompletionStage<Ranking> all(int most) {
    List<CompletionStage<Optional<List<SwarmSize>>>> asked = new ArrayList<>();
    for (MemberView.Other other : others.get()) {
      asked.add(asking.askNode(other.name(), new Question.Largest(most)));
    }
    return Stages.all(asked).thenApply(answers -> together(answers, most));
  }

  /** A shard that has just moved may be counted twice, a moment apart. */
  private Ranking together(List<Optional<List<SwarmSize>>> answers, int most) {
    Map<String, SwarmSize> byId = new HashMap<>();
    own(most).forEach(size -> byId.put(size.swarmId(), size));
    boolean partial = false;
    for (Optional<List<SwarmSize>> answer : answers) {
      partial |= answer.isEmpty();
      for (SwarmSize size : answer.orElse(List.of())) {
        byId.merge(size.swarmId(), size, (one, two) -> one.peers() >= two.peers() ? one : two);
      }
    }
    LargestSwarms largest = new LargestSwarms(most);
    byId.values().forEach(largest::see);
    return new Ranking(largest.sorted(), 1 + answers.size(), partial);
  }
}
