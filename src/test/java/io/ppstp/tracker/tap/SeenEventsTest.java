package io.ppstp.tracker.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SeenEventsTest {
  @Test
  void nodesAreToldApartAndTheirLossesSummed() {
    SeenEvents seen = new SeenEvents();
    assertTrue(seen.take("a", 7));
    assertTrue(seen.take("b", 7));
    assertFalse(seen.take("a", 7));
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
    assertFalse(seen.take("new", 4));
  }

  @Test
  void aNumberThatNoNodeCanHaveReachedIsNotPlausible() {
    SeenEvents seen = new SeenEvents();
    assertTrue(seen.isPlausible("a", Long.MAX_VALUE));
    seen.take("a", 7);
    assertTrue(seen.isPlausible("a", 7 + (1L << 32)));
    assertFalse(seen.isPlausible("a", 8 + (1L << 32)));
    assertTrue(seen.isPlausible("b", 1L << 60));
    seen.take("b", 1L << 60);
    // It was the forgery that came first.
    assertFalse(seen.isPlausible("b", 1));
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
    assertFalse(next.take("a", 9));
    assertTrue(next.take("a", 8));
    assertTrue(next.take("a", 11));
    assertEquals(1, next.missing());
  }
}
