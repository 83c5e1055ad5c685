package io.ppstp.tracker.cluster;

import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.hazelcast.StoreFigures;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What an operator sees of a node's part in the cluster on {@code /metrics}. Stateless. */
final class ClusterMetrics {
  private ClusterMetrics() {}

  static void show(ClusterNode node, TrackerMetrics metrics) {
    metrics.gauge(
        "ppstp.cluster.members", "Nodes of the cluster", node, it -> it.view().members().size());
    metrics.gauge(
        "ppstp.cluster.safe",
        "1 if all state of this node has its backups, else 0",
        node,
        it -> it.view().safe() ? 1 : 0);
    metrics.counter(
        "ppstp.cluster.partitions.lost",
        "Partitions lost with all their backups",
        node,
        it -> it.losses().lost());
    metrics.counter(
        "ppstp.cluster.orphans.removed",
        "List entries without a registration that were found and removed; 0 in a healthy cluster",
        node,
        it -> it.view().orphansRemoved());
    metrics.counter(
        "ppstp.cluster.members.restored",
        "List entries that were found missing and added; 0 in a healthy cluster",
        node,
        it -> it.view().membersRestored());
    figure(
        metrics,
        node,
        "ppstp.cluster.reads.here",
        "Questions answered from state that this node holds",
        StoreFigures::answeredHere);
    figure(
        metrics,
        node,
        "ppstp.cluster.reads.remote",
        "Questions asked of other nodes",
        StoreFigures::askedRemote);
    figure(
        metrics,
        node,
        "ppstp.cluster.reads.given.up",
        "Questions that another node did not answer in time",
        StoreFigures::givenUp);
    figure(
        metrics,
        node,
        "ppstp.cluster.messages.refused",
        "Messages of the bus that could not be read, or came from no member",
        StoreFigures::unreadable);
    figure(
        metrics,
        node,
        "ppstp.cluster.operations",
        "Operations of Hazelcast that this node has started",
        StoreFigures::operations);
    figure(
        metrics,
        node,
        "ppstp.cluster.operations.failed",
        "Operations of which it is not known whether they were executed",
        StoreFigures::failedOperations);
    figure(
        metrics,
        node,
        "ppstp.cluster.replicas.compared",
        "Backups compared with the state that this node owns",
        StoreFigures::comparedReplicas);
    figure(
        metrics,
        node,
        "ppstp.cluster.replicas.differing",
        "Backups found to differ from their owner, and mended; 0 in a healthy cluster",
        StoreFigures::differingReplicas);
    figure(
        metrics,
        node,
        "ppstp.cluster.merged",
        "Registrations that merges after network splits have added here",
        StoreFigures::merged);
    figure(
        metrics,
        node,
        "ppstp.cluster.dropped",
        "Registrations that gave way in merges after network splits",
        StoreFigures::dropped);
    metrics.gauge(
        "ppstp.list.changes.waiting",
        "Changes of swarms' lists that do not show yet",
        node,
        it -> it.store().figures().waitingChanges());
    metrics.gauge(
        "ppstp.list.changes.oldest.seconds",
        "For how long the oldest of them waits",
        node,
        it -> it.store().figures().oldestWaitingNs() / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private static void figure(
      TrackerMetrics metrics,
      ClusterNode node,
      String name,
      String help,
      ToDoubleFunction<StoreFigures> figure) {
    metrics.counter(name, help, node, it -> figure.applyAsDouble(it.store().figures()));
  }
}
