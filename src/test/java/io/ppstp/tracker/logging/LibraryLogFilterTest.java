package io.ppstp.tracker.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LibraryLogFilterTest {
  private static final String VERTX = "io.vertx.core.impl.ContextImpl";

  private final AtomicLong nowNs = new AtomicLong();
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  LibraryLogFilterTest() {
    context.addTurboFilter(new LibraryLogFilter(nowNs::get));
    lines.setContext(context);
    lines.start();
    context.getLogger("ROOT").addAppender(lines);
  }

  private List<String> written() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whatALibraryRepeatsIsSaidOnceAMinute() {
    Logger vertx = context.getLogger(VERTX);
    for (int i = 0; i < 1000; i++) {
      vertx.error("Unhandled exception", new IllegalArgumentException("Size must be > 0"));
    }
    vertx.error("Unhandled exception", new IndexOutOfBoundsException("3 + 4 > 5"));
    assertEquals(2, written().size(), "one of each failure");
    nowNs.addAndGet(Duration.ofMinutes(1).toNanos());
    vertx.error("Unhandled exception", new IllegalArgumentException("Size must be > 0"));
    assertEquals(4, written().size());
    assertEquals("999 more lines like the next were left out before it", written().get(2));
  }

  @Test
  void textOfStrangersMakesNoKindsWithoutEnd() {
    Logger vertx = context.getLogger("io.vertx.core.eventbus.impl.clustered.ClusteredMessage");
    for (int i = 0; i < 10_000; i++) {
      vertx.error("No message codec registered with name " + i);
      vertx.warn(i + " stranger's first words");
    }
    assertTrue(written().size() <= 60, () -> written().size() + " lines");
  }

  @Test
  void ownLinesAndThoseThatTellOfNoFaultPass() {
    Logger own = context.getLogger("io.ppstp.tracker.cluster.ClusterLog");
    Logger hazelcast = context.getLogger("com.hazelcast.internal.Something");
    for (int i = 0; i < 10; i++) {
      own.warn("node {} is gone", i);
      hazelcast.info("all is well");
    }
    assertEquals(20, written().size());
  }

  @Test
  void librariesWriteSoManyLinesAMinute() {
    assertEquals(60, passed("io.vertx.core.Any", Level.ERROR, 1000));
    assertEquals(0, passed("io.netty.any", Level.WARN, 1000), "all of them together");
    assertEquals(0, passed("org.other.Any", Level.INFO, 1000), "and others too");
    assertEquals(1000, passed("io.ppstp.tracker.app.Tracker", Level.INFO, 1000));
    assertEquals(1000, passed("audit", Level.WARN, 1000));
    assertEquals(1000, passed("access", Level.INFO, 1000));
    nowNs.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(60, passed("io.vertx.core.Any", Level.ERROR, 100));
  }

  /** An operator may have let them speak, and then a stranger's request may be a line. */
  @Test
  void detailsHaveARate() {
    context.getLogger("io.ppstp").setLevel(Level.TRACE);
    assertEquals(200, passed("io.ppstp.tracker.validation.Any", Level.DEBUG, 1000));
    assertEquals(0, passed("io.ppstp.tracker.ingress.Any", Level.TRACE, 1000), "all together");
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(200, passed("io.ppstp.tracker.ingress.Any", Level.DEBUG, 1000));
  }

  @Test
  void whatIsNotLoggedDoesNotCount() {
    context.getLogger("io.netty").setLevel(Level.WARN);
    assertEquals(1000, passed("io.netty.any", Level.DEBUG, 1000));
    assertEquals(60, passed("io.netty.any", Level.WARN, 1000));
  }

  /** Returns how many of so many lines pass, each of a kind of its own. */
  private int passed(String logger, Level level, int count) {
    ch.qos.logback.classic.Logger log = context.getLogger(logger);
    LibraryLogFilter filter = (LibraryLogFilter) context.getTurboFilterList().get(0);
    int passed = 0;
    for (int i = 0; i < count; i++) {
      FilterReply reply = filter.decide(null, log, level, "line" + i, null, null);
      passed += reply == FilterReply.NEUTRAL ? 1 : 0;
    }
    return passed;
  }

  /** What the jar is shipped with: the limit is on, and a message is one line. */
  @Test
  void theShippedConfigurationUsesIt() throws Exception {
    LoggerContext shipped = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(shipped);
    configurator.doConfigure(LibraryLogFilter.class.getResource("/logback.xml"));

    assertTrue(
        shipped.getTurboFilterList().stream().anyMatch(it -> it instanceof LibraryLogFilter));
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>) shipped.getLogger("ROOT").getAppender("console");
    Encoder<ILoggingEvent> encoder = console.getEncoder();
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.setContext(shipped);
    events.start();
    shipped.getLogger("ROOT").detachAndStopAllAppenders();
    shipped.getLogger("ROOT").addAppender(events);
    encoder.start();
    shipped
        .getLogger(VERTX)
        .error("No codec with name a\nb\r\u001b[2Jc\u2028d", new IllegalStateException("why"));

    String line = new String(encoder.encode(events.list.get(0)), UTF_8);
    List<String> split = line.lines().toList();
    assertTrue(split.get(0).endsWith("ERROR ContextImpl: No codec with name a b  [2Jc d"), line);
    assertTrue(split.get(1).startsWith("java.lang.IllegalStateException: why"), line);
    shipped.stop();
  }
}
