package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.chaos.Chaos;
import io.ppstp.tracker.chaos.ChaosOptions;
import io.ppstp.tracker.chaos.ChaosReport;
import io.ppstp.tracker.testing.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The cluster in the manner of Jepsen: 480 peers, whose requests go to nodes drawn at random, and
 * one fault after another. No answer contradicts what was acknowledged, and after each fault each
 * node by itself knows all of that and nothing else.
 *
 * <p>{@code -Dppstp.seed} repeats faults and requests, though not their timing; {@code
 * -Dppstp.chaos.duration=1h} is a soak. {@link ChaosOptions} has the rest.
 */
class ClusterChaosIT {
  private static final int TOLD = 12;

  /** Draws most kinds of faults; with it four lists once named who had left for ten seconds. */
  private static final long USUAL_SEED = 1586836220595912684L;

  @Test
  void noAnswerContradictsWhatWasAcknowledged() throws Exception {
    ChaosOptions options = ChaosOptions.ofSystemProperties(seed());
    ChaosReport report = Chaos.run(options, ClusterChaosIT::print);
    print(report.summary());
    Path whole = Path.of("target", "it-logs", "chaos-" + options.seed() + ".txt");
    Files.createDirectories(whole.getParent());
    Files.writeString(whole, report.text(), UTF_8);
    assertTrue(report.isClean(), () -> report.beginning(TOLD) + "\nall of it: " + whole);
  }

  /** The usual one, unless another is asked for or, as a soak does, a new one. */
  private static long seed() {
    return Boolean.getBoolean("ppstp.chaos.new-seed")
        ? Seeds.seed()
        : Long.getLong("ppstp.seed", USUAL_SEED);
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
