package io.ppstp.tracker.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.tap.EventFilter.Scope;
import io.ppstp.tracker.tap.TapPlan.Target;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TapPlanTest {
  private static final EventFilter ALL = new EventFilter(List.of(), List.of(), null, Scope.NODE);
  private static final Target PIPE = new Target.Stream(OutputStream.nullOutputStream());
  private static final BatchRules RULES = BatchRules.ofStream(1 << 20);

  private static List<String> faults(Target target, BatchRules rules, String... nodes) {
    List<URI> urls = Stream.of(nodes).map(URI::create).toList();
    return new TapPlan(urls, ALL, target, rules, Optional.empty(), true).faults();
  }

  private static void assertRefused(String said, List<String> faults) {
    assertEquals(1, faults.size(), faults::toString);
    assertTrue(faults.get(0).contains(said), faults::toString);
  }

  @Test
  void nodesAreManagementAddresses() {
    assertEquals(
        List.of(), faults(PIPE, RULES, "http://127.0.0.1:7847", "http://[::1]:1/", "https://x"));
    for (String wrong :
        List.of(
            "ftp://127.0.0.1:7847",
            "localhost:7847",
            "http:///",
            "http://me:secret@127.0.0.1:1",
            "http://127.0.0.1:1/api/v1/events",
            "http://127.0.0.1:1?kind=left")) {
      assertEquals(
          List.of("URL 2 is not a management address, such as http://127.0.0.1:7847"),
          faults(PIPE, RULES, "http://x", wrong));
    }
    assertRefused("named twice", faults(PIPE, RULES, "http://x", "http://x"));
    String[] many = IntStream.range(0, 65).mapToObj(i -> "http://n" + i).toArray(String[]::new);
    assertRefused("more than 64", faults(PIPE, RULES, many));
  }

  @Test
  void outputsAreWithinReason() {
    for (String wrong : List.of("ftp://x", "//x", "http:x", "http://me:secret@x", "http://x#y")) {
      Target collector = new Target.Collector(URI.create(wrong), Map.of());
      assertRefused("must be a URL of http", faults(collector, RULES, "http://x"));
    }
    Target small = new Target.Files(Path.of("x"), 1, Duration.ofHours(1));
    assertRefused("--rotate-bytes", faults(small, RULES, "http://x"));
  }

  @Test
  void batchesFitIntoMemory() {
    Duration age = Duration.ofSeconds(1);
    assertRefused("--batch-bytes", faults(PIPE, new BatchRules(1, 1, age, 1 << 20), "http://x"));
    assertRefused("--batch-events", faults(PIPE, new BatchRules(1024, 0, age, 4096), "http://x"));
    assertRefused("--memory", faults(PIPE, new BatchRules(1024, 1, age, 4095), "http://x"));
    assertEquals(List.of(), faults(PIPE, new BatchRules(1024, 1, age, 4096), "http://x"));
  }
}
