package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import java.util.BitSet;
import java.util.List;

/**
 * A configuration to run the model against, and how many peers and swarms take part. Limits are
 * small so that random requests hit them.
 */
record ModelScenario(
    String name,
    boolean additive,
    boolean findRequiresMembership,
    boolean strictReuse,
    int maxPeers,
    int maxSwarms,
    int defaultCount,
    int maxCount,
    int maxPerResponse,
    boolean bestOnly,
    AddressRules addresses,
    boolean someAuthenticated,
    int peers,
    int swarms) {
  static final long TRACK_MS = 10_000;
  private static final int BOUND_IPV6_BITS = 64;

  static List<ModelScenario> all() {
    return List.of(
        new ModelScenario(
            "defaults", false, true, false, 1000, 1024, 20, 29, 1000, false, port(0), false, 30, 5),
        new ModelScenario(
            "additive, open FIND, three swarms, best address, port",
            true,
            false,
            false,
            1000,
            3,
            20,
            29,
            1000,
            true,
            port(6881),
            false,
            30,
            6),
        new ModelScenario(
            "strict, full tracker",
            false,
            true,
            true,
            12,
            2,
            20,
            29,
            1000,
            false,
            port(0),
            false,
            24,
            4),
        new ModelScenario(
            "additive, strict, short lists",
            true,
            true,
            true,
            1000,
            5,
            3,
            4,
            6,
            false,
            port(0),
            false,
            40,
            6),
        new ModelScenario(
            "open FIND, short lists, port",
            false,
            false,
            false,
            25,
            4,
            2,
            5,
            7,
            true,
            port(1),
            false,
            40,
            3),
        new ModelScenario(
            "additive, one swarm each",
            true,
            true,
            false,
            1000,
            1,
            1,
            3,
            1,
            false,
            port(9999),
            false,
            12,
            4),
        new ModelScenario(
            "crowded corner", true, false, false, 3, 2, 0, 29, 29, false, port(0), false, 6, 3),
        new ModelScenario(
            "addresses as by default",
            false,
            true,
            false,
            1000,
            1024,
            20,
            29,
            1000,
            false,
            new AddressRules(true, true, 0),
            true,
            30,
            5),
        new ModelScenario(
            "addresses as by default, additive, short lists, best address, port",
            true,
            true,
            false,
            1000,
            5,
            3,
            4,
            1000,
            true,
            new AddressRules(true, true, 6881),
            true,
            40,
            4),
        new ModelScenario(
            "private addresses to anyone, proved ones only",
            true,
            false,
            true,
            1000,
            5,
            20,
            29,
            1000,
            false,
            new AddressRules(true, false, 1),
            false,
            30,
            4),
        new ModelScenario(
            "all that is advertised, private addresses confined",
            true,
            true,
            false,
            1000,
            4,
            3,
            6,
            1000,
            false,
            new AddressRules(false, true, 0),
            true,
            40,
            3));
  }

  /** No scenario's answers come near; what happens there has tests of its own. */
  private static final int MOST_LISTS = 1000;

  private static final int MOST_BYTES = 1 << 24;

  SwarmRules rules() {
    ConnectRules connect =
        new ConnectRules(
            additive ? ConnectPolicy.ADDITIVE : ConnectPolicy.TABLE6,
            maxSwarms,
            Integer.MAX_VALUE,
            strictReuse,
            TRACK_MS);
    return new SwarmRules(
        connect,
        findRequiresMembership,
        defaultCount,
        maxCount,
        new SwarmRules.ResponseBounds(maxPerResponse, MOST_LISTS, MOST_BYTES),
        bestOnly,
        addresses,
        true,
        new BitSet(),
        bound() ? BOUND_IPV6_BITS : 0,
        false);
  }

  /** Whether peers without credentials are bound to where they registered. */
  boolean bound() {
    return someAuthenticated;
  }

  private static AddressRules port(int defaultPort) {
    return new AddressRules(false, false, defaultPort);
  }

  @Override
  public String toString() {
    return name;
  }
}
