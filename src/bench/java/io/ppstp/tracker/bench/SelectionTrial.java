package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a list costs by the policy that it is made by, in one swarm whose members are in sixteen
 * networks, two addresses in each. Confined to one thread.
 */
final class SelectionTrial implements AutoCloseable {
  private static final int NETWORKS = 16;
  private static final int CONNECTIONS = 2 * NETWORKS;
  private static final String RANDOM = "random";
  private static final String NEAR = "near";

  private final Scale scale;
  private final int members;
  private final Audience audience;
  private final Servers servers = new Servers("3g");
  private final LoadGenerator generator = new LoadGenerator();
  private final Map<String, Contest> contests = new LinkedHashMap<>();

  /** Prepares nothing yet; the swarm is to have {@code members}, at least a thousand. */
  SelectionTrial(Scale scale, int members) throws Exception {
    this.scale = scale;
    this.members = members;
    this.audience = new Audience(CONNECTIONS, 31, 1);
  }

  private void add(String policy) throws Exception {
    TrackerProcess node = servers.start(servers.tracker().set("selection.policy", policy));
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      // The class of an address that no table knows is its /24.
      String from = "127.1.%d.%d".formatted(i % NETWORKS, 1 + i / NETWORKS);
      targets.add(Target.plain(node.http().getPort()).from(from));
    }
    int others = members - audience.viewers();
    for (Plan plan : List.of(audience.arrival(), audience.arrival(audience.viewers(), others, 0, 1))) {
      try (Session arrival = generator.session(targets, plan)) {
        arrival.runOut().check(policy);
      }
    }
    Server server = new Server(policy, targets, List.of(node.pid()));
    contests.put(policy, new Contest(policy, server, generator, audience.finds()));
  }

  /** Measures, and notes what it came to. */
  void run(Results results) throws Exception {
    add(RANDOM);
    add(NEAR);
    Rounds.run(contests.values(), scale);
    results.table("FIND of 29 in a swarm of " + members, contests);
    Contest near = contests.get(NEAR);
    Contest random = contests.get(RANDOM);
    if (near == null || random == null) {
      throw new IllegalStateException("not measured");
    }
    results.atMost(
        "CPU per FIND of 29 in a swarm of " + members + ", near against random",
        near.cpuAgainst(random),
        1.15,
        "x");
  }

  @Override
  public void close() {
    contests.values().forEach(Contest::close);
    generator.close();
    servers.close();
  }
}
