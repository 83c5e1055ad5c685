package io.ppstp.tracker.app.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A process that runs out of memory ends, without any option of Java's. */
class OutOfMemoryExitTest {
  /** What the child process does; public for Java to run it. */
  public static final class Child {
    private Child() {}

    /**
     * Runs out of memory.
     *
     * @param args how it comes to light
     */
    public static void main(String[] args) throws InterruptedException {
      OutOfMemoryExit.install();
      if (args[0].equals("thread")) {
        new Thread(Child::fill).start();
      } else {
        try {
          fill();
        } catch (OutOfMemoryError e) {
          // As event loops do with whatever they catch.
          LoggerFactory.getLogger("io.netty.any")
              .warn("unexpected", new IllegalStateException("in a handler", e));
        }
      }
      // The process would go on.
      TimeUnit.MINUTES.sleep(1);
    }

    private static void fill() {
      long[][] all = new long[1 << 20][];
      for (int i = 0; i < all.length; i++) {
        all[i] = new long[1 << 17];
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"thread", "log"})
  void theProcessEnds(String how) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                how)
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(child.getInputStream().readAllBytes(), UTF_8);
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      assertEquals(OutOfMemoryExit.EXIT_CODE, child.exitValue(), said);
      assertTrue(said.contains("out of memory"), said);
    } finally {
      child.destroyForcibly();
    }
  }
}
