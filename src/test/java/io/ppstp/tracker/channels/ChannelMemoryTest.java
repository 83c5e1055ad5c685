package io.ppstp.tracker.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.LiveHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** What the heap retains of a channel's history, its ID as long as a hash among it. */
class ChannelMemoryTest {
  private static final int TALLIES = 100_000;

  /** Of a tally whose ID has 43 characters, as it is reckoned. */
  private static final int WEIGHT = 462;

  private static final int CURVES = 1000;
  private static final int MOST_BYTES_OF_A_TALLY = 400;
  private static final int MOST_BYTES_OF_A_CURVE = 4096;

  private static String swarmId(int number) {
    return "wt:%040x".formatted(number);
  }

  private static ChannelCounts tallies(int count) {
    ChannelCounts counts = new ChannelCounts((long) TALLIES * WEIGHT);
    for (int i = 0; i < count; i++) {
      counts.publish(new TrackerEvent.Joined(1, "p", swarmId(i), PeerMode.LEECH));
    }
    return counts;
  }

  private static ChannelCurves curves(int count) {
    ChannelCurves curves = new ChannelCurves();
    List<SwarmSize> sizes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sizes.add(new SwarmSize(swarmId(i), i, 1));
    }
    for (int minute = 0; minute < 2 * ChannelCurves.MINUTES; minute++) {
      curves.note(minute, sizes);
    }
    return curves;
  }

  private static void assertAtMost(int most, LiveHeap before, LiveHeap after, int count) {
    double each = (after.bytes() - before.bytes()) / (double) count;
    System.out.printf(Locale.ROOT, "%.1f bytes of %d each%n", each, most);
    assertTrue(each <= most, () -> each + " bytes each");
  }

  @Test
  void aTallyTakesFewBytes() throws JMException {
    tallies(10);
    LiveHeap before = LiveHeap.now();
    ChannelCounts counts = tallies(TALLIES + 5000);
    LiveHeap after = LiveHeap.now();
    List<Long> joins = new ArrayList<>();
    counts.read(swarmId(TALLIES + 4999), tally -> joins.add(tally.joins()));
    counts.read(swarmId(0), tally -> joins.add(tally.joins()));
    assertEquals(List.of(1L), joins);
    assertAtMost(MOST_BYTES_OF_A_TALLY, before, after, TALLIES);
  }

  @Test
  void aCurveTakesFewKilobytes() throws JMException {
    curves(10);
    LiveHeap before = LiveHeap.now();
    ChannelCurves curves = curves(CURVES);
    LiveHeap after = LiveHeap.now();
    long last = 2 * ChannelCurves.MINUTES - 1;
    assertEquals(3 * ChannelCurves.MINUTES, curves.toJson(swarmId(7), last).size());
    assertAtMost(MOST_BYTES_OF_A_CURVE, before, after, CURVES);
  }
}
