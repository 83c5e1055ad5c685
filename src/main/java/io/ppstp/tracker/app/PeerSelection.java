package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.config.SelectionConfig;
import io.ppstp.tracker.config.SelectionConfig.SelectionPolicy;
import io.ppstp.tracker.config.SelectionConfig.SwarmPolicy;
import io.ppstp.tracker.config.SelectionConfig.SwarmWeight;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Content;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.networks.NetworkTables;
import io.ppstp.tracker.networks.Networks;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.selection.Pacing;
import io.ppstp.tracker.selection.Policy;
import io.ppstp.tracker.selection.SelectingStore;
import io.ppstp.tracker.selection.SelectionCounts;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this node chooses whom requesters are told of, and its tables of networks. Where the settings
 * ask for nothing there is nothing of it between the rooms and the store. Thread-safe.
 */
final class PeerSelection {
  private static final Logger LOG = LoggerFactory.getLogger(PeerSelection.class);
  private static final int PERMILLE = 1000;

  /** By name; one at least. */
  private final Map<String, Policy> policies = new LinkedHashMap<>();

  /** By the swarms that they are for, of which the first that allows an ID counts. */
  private final Map<Permissions, Policy> bySwarm = new LinkedHashMap<>();

  /** By the swarms that they are for, of which the first that allows an ID counts. */
  private final Map<Permissions, Float> weights = new LinkedHashMap<>();

  private final Content content;
  private final SelectionConfig.Rate rate;
  private final Policy usual;
  private final @Nullable NetworkTables tables;

  private final AtomicBoolean asking = new AtomicBoolean();

  /** Of ALTO servers, as they were told last. */
  private List<String> faults = List.of();

  private PeerSelection(SelectionConfig config) throws IOException {
    content =
        new Content(config.caches(), 1, config.importance().upper(), config.importance().lower());
    for (SwarmWeight swarms : config.importance().weights()) {
      weights.putIfAbsent(new Permissions(List.of(swarms.pattern())), (float) swarms.weight());
    }
    rate = config.rate();
    usual = policy(config.policy(), config.near().share());
    for (SwarmPolicy swarms : config.swarms()) {
      bySwarm.put(
          new Permissions(List.of(swarms.pattern())),
          policy(swarms.policy(), config.near().share()));
    }
    boolean placed =
        policies.values().stream().anyMatch(policy -> policy.selection().nearPermille() > 0);
    tables =
        placed || !config.tables().isEmpty()
            ? NetworkTables.of(config.files(), config.servers())
            : null;
    refresh();
  }

  /** Reads the tables; blocks. */
  static PeerSelection of(SelectionConfig config) throws StartException {
    try {
      return new PeerSelection(config);
    } catch (IOException e) {
      throw new StartException("selection.tables: " + e.getMessage());
    }
  }

  private Policy policy(List<SelectionPolicy> combined, double share) {
    String name =
        combined.stream()
            .map(one -> one.name().toLowerCase(Locale.ROOT))
            .sorted(Comparator.reverseOrder())
            .collect(Collectors.joining("+"));
    boolean byCost = combined.contains(SelectionPolicy.COST);
    boolean near = byCost || combined.contains(SelectionPolicy.NEAR);
    Selection selection =
        new Selection(
                near ? (int) Math.round(share * PERMILLE) : 0,
                combined.contains(SelectionPolicy.ABLE),
                Place.UNKNOWN)
            .of(content);
    return policies.computeIfAbsent(name, ignored -> new Policy(name, selection, byCost));
  }

  private Policy policyOf(String swarmId) {
    Policy policy = unweighedOf(swarmId);
    for (Map.Entry<Permissions, Float> one : weights.entrySet()) {
      if (one.getKey().allows(swarmId)) {
        return policy.weighing(one.getValue());
      }
    }
    return policy;
  }

  private Policy unweighedOf(String swarmId) {
    for (Map.Entry<Permissions, Policy> one : bySwarm.entrySet()) {
      if (one.getKey().allows(swarmId)) {
        return one.getValue();
      }
    }
    return usual;
  }

  private Networks networks() {
    return tables == null ? Networks.OFF : tables;
  }

  /** Returns the store of {@code platform} with lists that are chosen as is configured. */
  TrackerStore over(Platform platform) {
    boolean random = policies.values().stream().allMatch(policy -> policy.selection().isRandom());
    return random && tables == null
        ? platform.store()
        : new SelectingStore(
            platform.store(),
            networks(),
            this::policyOf,
            new Pacing(rate.preferred(), rate.cache(), platform.clock()));
  }

  /** Returns the number of the autonomous system that an address is in, 0 if it is not known. */
  long asnOf(IpAddress ip) {
    return networks().asnOf(ip);
  }

  /** Lets {@code metrics} show how near the peers are that are listed. */
  void show(TrackerMetrics metrics) {
    if (tables == null) {
      return;
    }
    for (Policy policy : policies.values()) {
      metrics.counter(
          "ppstp.selection.listed",
          "Peers in lists for requesters of whom it is known where they are",
          "policy",
          policy.name(),
          policy.counts(),
          SelectionCounts::listed);
      metrics.counter(
          "ppstp.selection.same.network",
          "Those of them that are in the requester's network",
          "policy",
          policy.name(),
          policy.counts(),
          SelectionCounts::sameNetwork);
      metrics.counter(
          "ppstp.selection.costed",
          "Peers in lists of which an ALTO server tells what it costs to reach them",
          "policy",
          policy.name(),
          policy.counts(),
          SelectionCounts::costed);
      metrics.counter(
          "ppstp.selection.cost",
          "What it costs to reach them, all together",
          "policy",
          policy.name(),
          policy.counts(),
          SelectionCounts::cost);
    }
  }

  /** Asks ALTO servers again every {@code interval}, if there are any. */
  void refresh(Vertx vertx, Duration interval) {
    if (tables != null && !tables.urls().isEmpty()) {
      vertx.setPeriodic(
          interval.toMillis(),
          timer -> {
            if (asking.compareAndSet(false, true)) {
              vertx
                  .executeBlocking(
                      () -> {
                        refresh();
                        return true;
                      },
                      false)
                  .onComplete(done -> asking.set(false));
            }
          });
    }
  }

  /** Blocks; tells what is wrong once, not each time. */
  private synchronized void refresh() {
    if (tables == null) {
      return;
    }
    List<String> now = tables.refresh();
    for (String fault : now) {
      if (!faults.contains(fault)) {
        LOG.error("selection.tables: new maps are not taken, the old ones stay: {}", fault);
      }
    }
    faults = now;
  }

  /** Returns what is to be read again when it changes; nothing if there is no table. */
  List<Reloadable> reloadables() {
    NetworkTables read = tables;
    List<Reloadable> all = new ArrayList<>();
    if (read != null && !read.files().isEmpty()) {
      all.add(new Tables(read));
    }
    if (read != null && !read.urls().isEmpty()) {
      all.add(new Maps());
    }
    return all;
  }

  /** Asked for when the operator says so; what is wrong with them is told where it is found. */
  private final class Maps implements Reloadable {
    @Override
    public String name() {
      return "maps of ALTO servers";
    }

    @Override
    public Set<Path> files() {
      return Set.of();
    }

    @Override
    public void reload() {
      refresh();
    }
  }

  private record Tables(NetworkTables tables) implements Reloadable {
    @Override
    public String name() {
      return "tables of networks";
    }

    @Override
    public Set<Path> files() {
      return Set.copyOf(tables.files());
    }

    @Override
    public void reload() throws IOException {
      tables.reload();
    }
  }
}
