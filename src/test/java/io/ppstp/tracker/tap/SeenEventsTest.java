package io.ppstp.tracker.tap;

import static io.ppstp.tracker.tap.SeqWindow.Verdict.NEW;
import static io.ppstp.tracker.tap.SeqWindow.Verdict.SEEN;
import static io.ppstp.tracker.tap.SeqWindow.Verdict.STRAY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SeenEventsTest {
  @Test
  void nodesAreToldApartAndTheirLossesSummed() {
    SeenEvents seen = new SeenEvents();
    assertEquals(NEW, seen.take("a", 7));
    assertEquals(NEW, seen.take("b", 7));
    assertEquals(SEEN, seen.take("a", 7));
    assertEquals(0, seen.missing());
    seen.take("a", 9);
    seen.take("b", 12);
    assertEquals(5, seen.missing());
  }

  @Test
  void aNodeThatIsExpectedFromItsStartMissesItsFirstEvents() {
    SeenEvents seen = new SeenEvents();
    seen.expectFromStart("new");
    seen.take("new", 4);
    assertEquals(3, seen.missing());
    seen.expectFromStart("new");
    assertEquals(SEEN, seen.take("new", 4));
  }

  @Test
  void aFalseNumberOfOneNodeIsNothingToAnother() {
    SeenEvents seen = new SeenEvents();
    seen.take("a", 7);
    seen.take("b", 1L << 60);
    assertEquals(STRAY, seen.take("a", 1L << 60));
    assertEquals(NEW, seen.take("a", 8));
    assertEquals(NEW, seen.take("b", (1L << 60) + 1));
    assertEquals(0, seen.missing());
  }

  @Test
  void memoryIsBoundedAndLossesAreNotForgotten() {
    SeenEvents seen = new SeenEvents();
    for (int node = 0; node < 3 * SeenEvents.MOST_NODES; node++) {
      seen.take("node" + node, 1);
      seen.take("node" + node, 3);
    }
    assertEquals(SeenEvents.MOST_NODES, seen.marks().size());
    assertEquals(3 * SeenEvents.MOST_NODES, seen.missing());
  }

  @Test
  void anotherRunGoesOn() {
    SeenEvents seen = new SeenEvents();
    seen.take("a", 7);
    seen.take("a", 9);
    SeenEvents next = new SeenEvents();
    next.restore(seen.marks());
    assertEquals(SEEN, next.take("a", 9));
    assertEquals(NEW, next.take("a", 8));
    assertEquals(NEW, next.take("a", 11));
    assertEquals(1, next.missing());
  }
}
