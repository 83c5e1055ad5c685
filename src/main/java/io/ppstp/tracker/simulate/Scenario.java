package io.ppstp.tracker.simulate;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is simulated; immutable. Peers arrive at random over {@code arrival}, then whoever goes is
 * replaced by somebody new until {@code duration} is over.
 *
 * @param trackers where requests go; peers are divided among them
 * @param insecure whether any certificate of a tracker is trusted
 * @param peers that are present at the same time
 * @param connections that peers share; 0 gives each peer its own
 * @param channels that peers watch
 * @param zipf exponent of the channels' popularity; 0 makes them alike
 * @param arrival time in which the first peers arrive
 * @param duration of the whole, arrival included
 * @param report time between two reports of a peer
 * @param find mean time between two wishes for a list
 * @param change mean time between two switches of channel
 * @param stay mean time for which a peer stays
 * @param silent share of the departures that the tracker is not told of
 * @param seed of all that is random
 */
public record Scenario(
    List<URI> trackers,
    boolean insecure,
    int peers,
    int connections,
    int channels,
    double zipf,
    Duration arrival,
    Duration duration,
    Duration report,
    Duration find,
    Duration change,
    Duration stay,
    double silent,
    long seed) {

  private static final int MOST = 10_000_000;
  private static final double MOST_ZIPF = 10;

  /** Takes a copy of the trackers. */
  public Scenario {
    trackers = List.copyOf(trackers);
  }

  /** Returns what is wrong with this, in words for the user; nothing if it can be run. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (URI tracker : trackers) {
      boolean http = "http".equals(tracker.getScheme()) || "https".equals(tracker.getScheme());
      if (!http || tracker.getHost() == null || tracker.getUserInfo() != null) {
        faults.add("'" + tracker + "' is not the URL of a tracker, such as http://127.0.0.1:7846");
      }
    }
    check(faults, "--peers", peers, 1);
    check(faults, "--channels", channels, 1);
    check(faults, "--connections", connections, 0);
    if (!(zipf >= 0 && zipf <= MOST_ZIPF)) {
      faults.add("--zipf must be from 0 to 10");
    }
    if (!(silent >= 0 && silent <= 1)) {
      faults.add("--silent must be a share from 0 to 1");
    }
    if (arrival.compareTo(duration) >= 0) {
      faults.add("--duration must be longer than the time in which peers arrive");
    }
    return faults;
  }

  private static void check(List<String> faults, String option, int value, int least) {
    if (value < least || value > MOST) {
      faults.add(option + " must be from " + least + " to " + MOST);
    }
  }
}
