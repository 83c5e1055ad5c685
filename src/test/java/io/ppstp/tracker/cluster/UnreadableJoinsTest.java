package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** As {@code EventBusExampleIT} has them of a real member. */
class UnreadableJoinsTest {
  private static final String READING =
      "Problem while reading IdentifiedDataSerializable, namespace: -1, classId: 11";
  private static final String GIVING_UP =
      "Failed to process: Packet{partitionId=-1, frameLength=772, conn=Connection[id=2,"
          + " /127.0.0.1:7701->%s, qualifier=EndpointQualifier{type='MEMBER'},"
          + " endpoint=[127.0.0.1]:7721, alive=true]}";

  private final AtomicLong nowNs = new AtomicLong();
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger runner = logger("com.hazelcast.spi.impl.operationservice.impl.Runner");
  private final Logger executor = logger("com.hazelcast.spi.impl.operationexecutor.impl.Executor");

  UnreadableJoinsTest() {
    context.addTurboFilter(new UnreadableJoins(nowNs::get));
    lines.setContext(context);
    lines.start();
    context.getLogger("ROOT").addAppender(lines);
  }

  private Logger logger(String name) {
    return context.getLogger(name);
  }

  private static Exception failureIn(String readBy) {
    Exception failure = new HazelcastSerializationException("offset 565, count 520093696");
    failure.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("com.hazelcast.internal.serialization.Input", "read", "I.java", 1),
          new StackTraceElement(readBy, "readData", "R.java", 2),
          new StackTraceElement("com.hazelcast.spi.Thread", "run", "T.java", 3)
        });
    return failure;
  }

  private void request(String remote) {
    Exception failure = failureIn("com.hazelcast.internal.cluster.impl.JoinRequest");
    runner.error(READING, failure);
    executor.error(GIVING_UP.formatted(remote), failure);
  }

  private List<String> written() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whoCannotBeUnderstoodIsToldOfOnceAMinuteAndWithoutAStackTrace() {
    for (int i = 0; i < 30; i++) {
      request("/10.1.2.3:54621");
    }
    nowNs.addAndGet(Duration.ofMinutes(1).toNanos());
    request("app.example/[2001:db8:0:0:0:0:0:7]:54622");

    assertEquals(2, written().size(), () -> written().toString());
    assertTrue(written().get(0).startsWith("10.1.2.3:54621 asks to join and cannot be understood"));
    assertTrue(written().get(0).contains("this node's, 5."), written().get(0));
    assertTrue(written().get(1).startsWith("[2001:db8:0:0:0:0:0:7]:54622 asks to join"));
    assertTrue(written().get(1).endsWith("(29 more requests like it before)"), written().get(1));
    assertTrue(lines.list.stream().allMatch(line -> line.getThrowableProxy() == null));
  }

  @Test
  void whatElseCannotBeReadIsNotHidden() {
    Exception other = failureIn("com.hazelcast.internal.cluster.impl.MembersView");
    runner.error(READING, other);
    executor.error(GIVING_UP.formatted("/10.1.2.3:54621"), other);
    executor.error(GIVING_UP.formatted("/10.1.2.3:54621"), new IllegalStateException("why"));
    logger("com.hazelcast.map.Map")
        .error(READING, failureIn("com.hazelcast.internal.cluster.impl.JoinRequest"));
    executor.warn("without a failure");

    assertEquals(5, written().size(), () -> written().toString());
    assertTrue(written().stream().noneMatch(line -> line.contains("asks to join")));
  }
}
