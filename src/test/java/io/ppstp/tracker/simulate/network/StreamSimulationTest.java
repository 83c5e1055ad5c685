package io.ppstp.tracker.simulate.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code near} promises, on a small stream. */
class StreamSimulationTest {
  private final long seed = Seeds.seed();

  private NetworkResult run(int permille, boolean nearFirst) {
    NetworkScenario scenario = new NetworkScenario(2_000, 20, 1, 60, 300, nearFirst, seed);
    assertEquals(List.of(), scenario.faults());
    NetworkResult result =
        StreamSimulation.run(
            scenario, "near " + permille, new Selection(permille, false, Place.UNKNOWN));
    System.out.println(result.row());
    return result;
  }

  @Test
  void nearKeepsBytesInNetworksAndNobodyIsCutOff() {
    NetworkResult random = run(0, false);
    NetworkResult near = run(700, false);
    NetworkResult most = run(900, false);

    assertTrue(random.between() > 0.8, random::row);
    assertTrue(near.between() < 0.65 * random.between(), near::row);
    assertTrue(most.between() < near.between(), most::row);
    assertTrue(near.listedNear() > 0.55 && near.listedNear() < 0.85, near::row);
    for (NetworkResult one : List.of(random, near, most)) {
      assertTrue(one.continuity() > random.continuity() - 0.005, one::row);
      assertTrue(one.startP95() < 30, one::row);
    }
    assertEquals(0, random.mostCutOff());
    assertEquals(0, near.mostCutOff());
    assertEquals(near, run(700, false), "the same audience again");
  }

  @Test
  void costKeepsBytesInRegionsToo() {
    NetworkScenario scenario = new NetworkScenario(2_000, 100, 1, 60, 300, false, seed);
    Selection selection = new Selection(700, false, Place.UNKNOWN);
    NetworkResult near = StreamSimulation.run(scenario, "near 700", selection);
    NetworkResult cost = StreamSimulation.run(scenario, "cost 700", selection, true);
    System.out.println(near.row() + "\n" + cost.row());

    assertTrue(cost.betweenRegions() < 0.9 * near.betweenRegions(), cost::row);
    assertTrue(cost.continuity() > near.continuity() - 0.005, cost::row);
    assertEquals(0, cost.mostCutOff());
  }

  @Test
  void whoAsksTheNearFirstKeepsMore() {
    assertTrue(run(700, true).between() < run(700, false).between());
  }

  @Test
  void aScenarioThatMakesNoSenseIsRefused() {
    assertEquals(5, new NetworkScenario(5, 0, -1, 1, 0, false, 1).faults().size());
    assertEquals(1, new NetworkScenario(100, 1, Double.NaN, 60, 60, false, 1).faults().size());
  }
}
