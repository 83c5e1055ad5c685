package io.ppstp.tracker.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.chaos.FaultPlan.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a seed and the arguments of a run decide. */
class FaultPlanTest {
  private static final int ROUNDS = 5;

  private static List<Fault> faults(ChaosOptions options) {
    FaultPlan plan =
        new FaultPlan(options.deck(), options.gap(), new SplittableRandom(options.seed()));
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < ROUNDS * options.deck().size(); i++) {
      faults.add(plan.next());
    }
    return faults;
  }

  @Test
  void theSameSeedDealsTheSameFaults() {
    ChaosOptions seven = ChaosOptions.parse("--seed=7");
    assertEquals(faults(seven), faults(ChaosOptions.parse("--seed=7")));
    assertNotEquals(faults(seven), faults(ChaosOptions.parse("--seed=8")));
  }

  @Test
  void eachRoundHasEachFaultOnce() {
    ChaosOptions options = ChaosOptions.parse("--gap=3s");
    List<Fault> faults = faults(options);
    Set<FaultKind> all = EnumSet.complementOf(EnumSet.of(FaultKind.NONE));
    for (int round = 0; round < ROUNDS; round++) {
      Set<FaultKind> dealt = EnumSet.noneOf(FaultKind.class);
      for (Fault fault : faults.subList(round * all.size(), (round + 1) * all.size())) {
        dealt.add(fault.kind());
        assertEquals(fault.gap(), min(fault.gap(), options.gap()));
      }
      assertEquals(all, dealt);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Test
  void argumentsSayAllThatAnotherProcessHasToKnow() {
    ChaosOptions options =
        ChaosOptions.parse("--seed=-3", "--duration=2m", "--faults=kill,pause-14", "--late=count");
    assertEquals(List.of(FaultKind.KILL, FaultKind.PAUSE_14), options.deck());
    assertEquals(options, ChaosOptions.parse(options.arguments().toArray(String[]::new)));
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (String argument : List.of("--sed=1", "--seed", "--duration=soon", "--faults=flood")) {
      assertThrows(IllegalArgumentException.class, () -> ChaosOptions.parse(argument), argument);
    }
  }
}
