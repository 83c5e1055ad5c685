package io.ppstp.tracker.app;

import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Content;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.simulate.network.NetworkResult;
import io.ppstp.tracker.simulate.network.NetworkScenario;
import io.ppstp.tracker.simulate.network.StreamSimulation;

/** Plays one stream among networks by each policy, and tells side by side what came of it. */
final class NetworkSimulation {
  /** The shares of the policies that a stream is played under; 0 is random. */
  private static final int[] NEAR_PERMILLE = {0, 500, 700, 900};

  private static final int[] COST_PERMILLE = {700, 900};

  /**
   * As with {@code selection.importance}: half of each list are those who say they can upload most.
   */
  private static final int[] POPULAR_PERMILLE = {0, 700, 900};

  private static final Content POPULAR = new Content(0, 1, 1, 0);

  private NetworkSimulation() {}

  /** Prints a line for each policy as soon as its stream is over. */
  static void print(NetworkScenario scenario) {
    System.out.println(
        scenario.peers()
            + " peers in "
            + scenario.networks()
            + " networks, seed "
            + scenario.seed());
    System.out.println(NetworkResult.heading());
    for (int permille : NEAR_PERMILLE) {
      Selection selection = new Selection(permille, false, Place.UNKNOWN);
      String name = permille == 0 ? "random" : "near " + permille / 1000.0;
      System.out.println(StreamSimulation.run(scenario, name, selection).row());
    }
    for (int permille : COST_PERMILLE) {
      Selection selection = new Selection(permille, false, Place.UNKNOWN);
      String name = "cost " + permille / 1000.0;
      System.out.println(StreamSimulation.run(scenario, name, selection, true).row());
    }
    for (int permille : POPULAR_PERMILLE) {
      Selection selection = new Selection(permille, false, Place.UNKNOWN).of(POPULAR);
      String name = permille == 0 ? "able" : "able+" + permille / 1000.0;
      System.out.println(StreamSimulation.run(scenario, name, selection).row());
    }
  }
}
