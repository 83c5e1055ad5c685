package io.ppstp.tracker.simulate.network;

import java.util.ArrayList;
import java.util.List;

/**
 * What a simulated audience is like; immutable.
 *
 * @param peers present at a time
 * @param networks that they are in
 * @param zipf exponent of the networks' sizes
 * @param seconds of the whole
 * @param staySeconds mean time that a peer stays; another comes in its place
 * @param nearFirst whether viewers ask neighbours in their own network before others, as those do
 *     that go by how fast somebody answers
 * @param seed for the same audience again
 */
public record NetworkScenario(
    int peers,
    int networks,
    double zipf,
    int seconds,
    int staySeconds,
    boolean nearFirst,
    long seed) {
  private static final int LEAST_PEERS = 100;
  private static final int MOST_PEERS = 200_000;
  private static final int MOST_NETWORKS = 10_000;
  private static final int LEAST_SECONDS = 30;
  private static final int MOST_SECONDS = 3_600;
  private static final double MOST_ZIPF = 3;

  /** Returns what is wrong with it, in words for whoever has written it. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    between(faults, "--peers", peers, LEAST_PEERS, MOST_PEERS);
    between(faults, "--networks", networks, 1, MOST_NETWORKS);
    between(faults, "--duration", seconds, LEAST_SECONDS, MOST_SECONDS);
    if (staySeconds < 1) {
      faults.add("--stay: has to be a second or more");
    }
    if (!(zipf >= 0 && zipf <= MOST_ZIPF)) {
      faults.add("--zipf: has to be from 0 to " + MOST_ZIPF);
    }
    return faults;
  }

  private static void between(List<String> faults, String name, int value, int least, int most) {
    if (value < least || value > most) {
      faults.add(name + ": has to be from " + least + " to " + most + " with --network");
    }
  }
}
