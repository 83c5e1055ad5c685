package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.PeerState.Answer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether there is an order of execution that explains what a peer was answered. Requests
 * of one sequence are executed in its order, those of different sequences in any; what was not
 * answered may be left out. Stateless.
 */
final class Linearization {
  /**
   * One sending of a request; immutable.
   *
   * @param answer null if none came or none that settles it: then it may have been executed or not
   */
  record Attempt(PeerRequest request, @Nullable Answer answer) {}

  private Linearization() {}

  /** How far an order has come: the next attempt of each sequence, and the state so far. */
  private record Point(List<Integer> next, PeerState state) {
    Point advance(int sequence, PeerState after) {
      Integer[] positions = next.toArray(Integer[]::new);
      positions[sequence]++;
      return new Point(List.of(positions), after);
    }
  }

  /**
   * Returns all states that a peer may be in after {@code sequences}, none if no order explains the
   * answers.
   */
  static Set<PeerState> explain(
      Collection<PeerState> before, List<? extends List<Attempt>> sequences) {
    Set<PeerState> states = new HashSet<>();
    Set<Point> seen = new HashSet<>();
    Deque<Point> open = new ArrayDeque<>();
    for (PeerState state : before) {
      visit(new Point(sequences.stream().map(it -> 0).toList(), state), seen, open);
    }
    while (!open.isEmpty()) {
      Point point = open.remove();
      boolean isEnd = true;
      for (int i = 0; i < sequences.size(); i++) {
        int position = point.next().get(i);
        if (position < sequences.get(i).size()) {
          isEnd = false;
          follow(point, i, sequences.get(i).get(position), seen, open);
        }
      }
      if (isEnd) {
        states.add(point.state());
      }
    }
    return states;
  }

  private static void follow(
      Point point, int sequence, Attempt attempt, Set<Point> seen, Deque<Point> open) {
    PeerState.Step step = point.state().apply(attempt.request());
    if (attempt.answer() == null) {
      visit(point.advance(sequence, point.state()), seen, open);
      visit(point.advance(sequence, step.after()), seen, open);
    } else if (attempt.answer().equals(step.answer())) {
      visit(point.advance(sequence, step.after()), seen, open);
    }
  }

  private static void visit(Point point, Set<Point> seen, Deque<Point> open) {
    if (seen.add(point)) {
      open.add(point);
    }
  }
}
