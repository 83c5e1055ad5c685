package io.ppstp.tracker.simulate.network;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Who is connected with whom: an undirected graph of bounded degree. Not thread-safe. */
final class Mesh {
  private final int most;
  private final int[][] neighbours;
  private final int[] degrees;

  /**
   * Makes one without connections.
   *
   * @param most connections of a peer
   */
  Mesh(int peers, int most) {
    this.most = most;
    this.neighbours = new int[peers][most];
    this.degrees = new int[peers];
  }

  int degree(int peer) {
    return degrees[peer];
  }

  int neighbour(int peer, int index) {
    return neighbours[peer][index];
  }

  /** Connects two peers, unless they are or one of them has enough; returns whether they were. */
  boolean connect(int one, int other) {
    if (one == other
        || degrees[one] == most
        || degrees[other] == most
        || indexOf(one, other) >= 0) {
      return false;
    }
    neighbours[one][degrees[one]++] = other;
    neighbours[other][degrees[other]++] = one;
    return true;
  }

  /** Ends a connection drawn at random, if there is one. */
  void dropOne(int peer, SplittableRandom random) {
    if (degrees[peer] > 0) {
      disconnect(peer, neighbours[peer][random.nextInt(degrees[peer])]);
    }
  }

  /** Ends all connections of a peer. */
  void isolate(int peer) {
    while (degrees[peer] > 0) {
      disconnect(peer, neighbours[peer][degrees[peer] - 1]);
    }
  }

  private void disconnect(int one, int other) {
    remove(one, indexOf(one, other));
    remove(other, indexOf(other, one));
  }

  private void remove(int peer, int index) {
    neighbours[peer][index] = neighbours[peer][--degrees[peer]];
  }

  private int indexOf(int peer, int other) {
    for (int i = 0; i < degrees[peer]; i++) {
      if (neighbours[peer][i] == other) {
        return i;
      }
    }
    return -1;
  }

  /** Returns which peers there is a way to from one of the first {@code sources}. */
  boolean[] reachable(int sources) {
    boolean[] reached = new boolean[degrees.length];
    Arrays.fill(reached, 0, sources, true);
    int[] queue = new int[degrees.length];
    int end = sources;
    for (int i = 0; i < sources; i++) {
      queue[i] = i;
    }
    for (int next = 0; next < end; next++) {
      int peer = queue[next];
      for (int i = 0; i < degrees[peer]; i++) {
        int other = neighbours[peer][i];
        if (!reached[other]) {
          reached[other] = true;
          queue[end++] = other;
        }
      }
    }
    return reached;
  }
}
