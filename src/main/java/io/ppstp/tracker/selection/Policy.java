package io.ppstp.tracker.selection;

import io.ppstp.tracker.domain.swarm.Selection;

/**
 * A way to choose that has a name. Thread-safe, as its counts are.
 *
 * @param name of it, as the operator has written it
 * @param byCost whether those near are chosen by what it costs to reach them, where that is known
 * @param counts how near those are that it has chosen
 */
public record Policy(String name, Selection selection, boolean byCost, SelectionCounts counts) {
  /** Makes one that has chosen nobody yet. */
  public Policy(String name, Selection selection, boolean byCost) {
    this(name, selection, byCost, new SelectionCounts());
  }

  /** Returns this for content of another importance; it counts together with this. */
  public Policy weighing(float weight) {
    Selection weighed = selection.of(selection.content().weighing(weight));
    return new Policy(name, weighed, byCost, counts);
  }
}
