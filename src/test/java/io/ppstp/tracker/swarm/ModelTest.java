package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long random sequences of requests, clock and expiry against {@link TrackerModel}. */
class ModelTest {
  private static final int RUNS = 2;
  private static final int STEPS = 4_000;
  private static final long SEED = Seeds.seed();

  static List<ModelScenario> scenarios() {
    return ModelScenario.all();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void answersStateAndEventsAreThoseOfTheModel(ModelScenario scenario) {
    SplittableRandom seeds = new SplittableRandom(SEED);
    Map<String, Integer> happened = new TreeMap<>();
    for (int i = 0; i < RUNS; i++) {
      ModelRun run = new ModelRun(scenario, seeds.nextLong());
      run.steps(STEPS);
      run.happened.forEach((what, times) -> happened.merge(what, times, Integer::sum));
    }
    assertEnoughHappened(happened, scenario);
  }

  /** A model test that only ever refuses, or never repeats, would prove little. */
  private static void assertEnoughHappened(Map<String, Integer> happened, ModelScenario scenario) {
    for (String what :
        List.of(
            "CONNECT NO_ERROR",
            "CONNECT FORBIDDEN_ACTION",
            "FIND NO_ERROR",
            "FIND FORBIDDEN_ACTION",
            "STAT_REPORT NO_ERROR",
            "STAT_REPORT FORBIDDEN_ACTION",
            "CONNECT repeated",
            "CONNECT too late",
            "repeat of an earlier CONNECT",
            "repeat answered byte by byte",
            "switch of channel",
            "expired")) {
      assertTrue(happened.getOrDefault(what, 0) >= 5, () -> what + ": " + happened);
    }
    assertEquals(
        scenario.addresses().proofRequired(), happened.getOrDefault("withheld UNPROVEN", 0) > 0);
    assertEquals(scenario.bound(), happened.getOrDefault("replaced", 0) > 0);
    assertEquals(
        scenario.addresses().privateConfined(), happened.getOrDefault("withheld PRIVATE", 0) > 0);
  }
}
