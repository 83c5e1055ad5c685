package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import io.ppstp.tracker.chaos.Linearization.Attempt;
import io.ppstp.tracker.chaos.NodeClient.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is at: one request, or two at once, each sent until it is settled. Confined to the
 * thread of its load.
 */
final class Operation {
  /** One request and all its sendings so far. */
  static final class Lane {
    final PeerRequest request;
    final List<Attempt> attempts = new ArrayList<>();
    @Nullable ChaosNode answeredBy;
    @Nullable Response response;

    Lane(PeerRequest request) {
      this.request = request;
    }

    boolean isSettled() {
      return response != null;
    }
  }

  final List<Lane> lanes;
  final long startedNs;

  Operation(List<PeerRequest> requests, long startedNs) {
    this.lanes = requests.stream().map(Lane::new).toList();
    this.startedNs = startedNs;
  }

  boolean isSettled() {
    return lanes.stream().allMatch(Lane::isSettled);
  }

  boolean isChange() {
    return lanes.stream().anyMatch(lane -> lane.request instanceof PeerRequest.Connect);
  }

  /** Returns the attempts of each lane, as {@link Linearization} takes them. */
  List<List<Attempt>> sequences() {
    List<List<Attempt>> sequences = new ArrayList<>();
    lanes.forEach(lane -> sequences.add(lane.attempts));
    return sequences;
  }
}
