package io.ppstp.tracker.networks;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the costs between PIDs (RFC 7285, Section 11.2.3.6), and keeps the cheapest of each source,
 * so that a map of a hundred million costs takes no more memory than its PIDs. Confined to one
 * reading.
 */
final class AltoCosts {
  private final JsonParser in;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> pids = new ArrayList<>();
  private final Map<Integer, Cheapest> sources = new HashMap<>();

  /** Of one source, in order of what they cost. */
  private static final class Cheapest {
    private final int[] pids = new int[PathCosts.MOST];
    private final float[] costs = new float[PathCosts.MOST];
    private int size;

    void add(int pid, float cost) {
      int at = size;
      for (; at > 0 && costs[at - 1] > cost; at--) {
        if (at < pids.length) {
          pids[at] = pids[at - 1];
          costs[at] = costs[at - 1];
        }
      }
      if (at < pids.length) {
        pids[at] = pid;
        costs[at] = cost;
        size = Math.min(size + 1, pids.length);
      }
    }
  }

  AltoCosts(JsonParser in) {
    this.in = in;
  }

  /** Reads the object that the parser is at. */
  void read() throws IOException {
    checkObject("cost-map");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      int source = place(in.currentName());
      Cheapest cheapest = new Cheapest();
      if (sources.put(source, cheapest) != null) {
        throw new TableException("PID " + pids.get(source) + " is there twice");
      }
      in.nextToken();
      checkObject("what a PID costs");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        int target = place(in.currentName());
        JsonToken value = in.nextToken();
        boolean number =
            value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_NUMBER_FLOAT;
        double cost = number ? in.getDoubleValue() : -1;
        if (!(cost >= 0 && cost <= Float.MAX_VALUE)) {
          throw new TableException("a cost of PID " + pids.get(source) + " is none");
        }
        cheapest.add(target, (float) cost);
      }
    }
  }

  private int place(String pid) throws TableException {
    Integer known = places.get(pid);
    if (known != null) {
      return known;
    }
    AltoNames.checkPid(pid, pids.size());
    places.put(pid, pids.size());
    pids.add(pid);
    return pids.size() - 1;
  }

  private void checkObject(String what) throws TableException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new TableException(what + " is no object");
    }
  }

  /**
   * Returns what has been read, by the network that a source is.
   *
   * @param map the network map that defines the PIDs
   */
  Map<Integer, PathCosts> bySource(String map) {
    int[] networks = new int[pids.size()];
    for (int i = 0; i < networks.length; i++) {
      networks[i] = Place.networkOfPid(map, pids.get(i));
    }
    Map<Integer, PathCosts> all = new HashMap<>();
    sources.forEach(
        (source, cheapest) -> {
          int[] targets = new int[cheapest.size];
          float[] costs = new float[cheapest.size];
          for (int i = 0; i < targets.length; i++) {
            targets[i] = networks[cheapest.pids[i]];
            costs[i] = cheapest.costs[i];
          }
          all.put(networks[source], new PathCosts(targets, costs));
        });
    return all;
  }
}
