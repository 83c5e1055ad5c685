package io.ppstp.tracker.store.local;

import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.store.SwarmRanking;
import io.ppstp.tracker.store.SwarmSurvey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The largest swarms of a tracker that is one node. Thread-safe. */
record LocalRanking(SwarmSurvey found) implements SwarmRanking {
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
    return CompletableFuture.completedStage(new Ranking(found.latest(most), 1, false));
  }
}
