package io.ppstp.tracker.app;

import com.sun.management.UnixOperatingSystemMXBean;
import io.ppstp.tracker.config.ClusterConfig;
import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.store.TrackerStore.Room;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How much the process can hold, against what the settings let in; immutable.
 *
 * @param peers that the heap has room for
 * @param memberships of all peers that the heap has room for
 * @param unsentBytes of answers that the heap has room for
 * @param bodyBytes of requests that the heap has room for at a time
 * @param descriptors files and sockets that the process may have open
 */
record Capacity(long peers, long memberships, long unsentBytes, long bodyBytes, long descriptors) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  /** What classes, pools and tables take before the first peer comes. */
  private static final long FIXED_HEAP = 32 * MIB;

  /** The rest is for requests on their way, and for the collector to work in. */
  private static final double SHARE_OF_STATE = 0.7;

  private static final int SHARE_OF_UNSENT = 8;
  private static final int SHARE_OF_BODIES = 8;

  /** Measured by MemoryPerPeerTest and MemoryPerReplicaTest, and rounded up for longer IDs. */
  private static final int BYTES_PER_PEER = 400;

  private static final int BYTES_PER_REPLICA = 540;

  /** Measured likewise, for the first member of a swarm with an ID of usual length. */
  private static final int BYTES_PER_SWARM = 600;

  /** What a STAT_REPORT says of one swarm, with an ID of 64 characters and the longest numbers. */
  private static final int BYTES_PER_REPORT = 250;

  /** The rest of a message: peer ID, transaction ID and addresses. */
  private static final int BYTES_AROUND_REPORTS = 4096;

  /** The highest {@code limits.body}. */
  private static final long LONGEST_BODY = 16 * MIB;

  /** Descriptors that are no peers' connections: files, the cluster, the management port. */
  private static final int OTHER_DESCRIPTORS = 256;

  /** Returns the capacity of this process. */
  static Capacity ofThisProcess(TrackerConfig config) {
    long descriptors = Long.MAX_VALUE;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      descriptors = unix.getMaxFileDescriptorCount();
    }
    return of(config, Runtime.getRuntime().maxMemory(), descriptors);
  }

  /** Returns the capacity of a process with this much heap, in bytes, and these descriptors. */
  static Capacity of(TrackerConfig config, long heap, long descriptors) {
    long state = (long) (Math.max(heap - FIXED_HEAP, heap / 8) * SHARE_OF_STATE);
    ClusterConfig cluster = config.cluster();
    long perPeer =
        cluster.enabled() ? (long) BYTES_PER_REPLICA * (1 + cluster.backups()) : BYTES_PER_PEER;
    long perSwarm = (long) BYTES_PER_SWARM * (cluster.enabled() ? 1 + cluster.backups() : 1);
    return new Capacity(
        state / perPeer,
        state / perSwarm,
        heap / SHARE_OF_UNSENT,
        heap / SHARE_OF_BODIES,
        descriptors);
  }

  /** Returns how many peers are registered at most. */
  int peers(LimitsConfig limits) {
    return (int) Math.min(limits.peers(), peers);
  }

  /** Returns how much the store takes charge of, unless the heap is {@code full} before. */
  Room room(LimitsConfig limits, BooleanSupplier full) {
    int most = limits.memberships();
    return new Room(peers(limits), most == 0 ? memberships : Math.min(most, memberships), full);
  }

  /** Returns how many bytes of answers are unsent at most. */
  long unsentBytes(LimitsConfig limits) {
    return Math.min(limits.unsent().total(), unsentBytes);
  }

  /** Returns what the operator should know: which limits of {@code limits} cannot be reached. */
  List<String> warnings(LimitsConfig limits) {
    List<String> warnings = new ArrayList<>();
    bodyWarning(limits).ifPresent(warnings::add);
    if (peers < limits.peers()) {
      warnings.add(
          "limits.peers is "
              + limits.peers()
              + ", but the heap has room for some "
              + peers
              + ": that many are let in; lower it, or give Java a larger heap (-Xmx)");
    }
    if (memberships < limits.memberships()) {
      warnings.add(
          "limits.memberships is "
              + limits.memberships()
              + ", but the heap has room for some "
              + memberships
              + ": that many are let in; lower it, or give Java a larger heap (-Xmx)");
    }
    if (unsentBytes < limits.unsent().total()) {
      warnings.add(
          "limits.unsent.total is "
              + limits.unsent().total() / MIB
              + "MiB, but the heap has room for "
              + unsentBytes / MIB
              + "MiB: that is the bound; lower it, or give Java a larger heap (-Xmx)");
    }
    int connections = limits.connections().total();
    if (descriptors - OTHER_DESCRIPTORS < connections) {
      warnings.add(
          "limits.connections.total is "
              + connections
              + ", but this process may open "
              + descriptors
              + " files and sockets only; raise that (ulimit -n, LimitNOFILE), or lower the limit");
    }
    return warnings;
  }

  /** A peer that may join many swarms has to be able to name them in one message. */
  private static Optional<String> bodyWarning(LimitsConfig limits) {
    long needed = BYTES_AROUND_REPORTS + (long) limits.swarmsPerPeer() * BYTES_PER_REPORT;
    if (limits.body() >= needed) {
      return Optional.empty();
    }
    long kib = (needed + KIB - 1) / KIB;
    int fitting = (limits.body() - BYTES_AROUND_REPORTS) / BYTES_PER_REPORT;
    String longer = needed > LONGEST_BODY ? "" : "limits.body to " + kib + "KiB";
    String fewer = fitting < 1 ? "" : "limits.swarms-per-peer to " + fitting;
    return Optional.of(
        "limits.body is "
            + limits.body()
            + " bytes, but a report on the "
            + limits.swarmsPerPeer()
            + " swarms that a peer may join takes up to "
            + kib
            + "KiB (with IDs of 64 characters) and would be answered with status 413: "
            + "set "
            + longer
            + (longer.isEmpty() || fewer.isEmpty() ? "" : ", or ")
            + fewer);
  }
}
