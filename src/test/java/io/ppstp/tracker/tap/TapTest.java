package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.tap.EventFilter.Scope;
import io.ppstp.tracker.tap.TapPlan.Target;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole tap beside nodes that tell what a test wants told. */
class TapTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final EventFilter ALL = new EventFilter(List.of(), List.of(), null, Scope.NODE);

  @TempDir private Path folder = Path.of("set by JUnit");
  private final Vertx vertx = Vertx.vertx();
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private final Heard heard = new Heard();

  @AfterEach
  void stop() {
    Await.result(vertx.close());
  }

  /** A pipe whose other end reads when it may. */
  private static final class Heard extends OutputStream {
    private final StringBuilder text = new StringBuilder();
    private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);
    private volatile boolean broken;

    @Override
    public void write(int one) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      permits.acquireUninterruptibly();
      if (broken) {
        throw new IOException("Broken pipe");
      }
      synchronized (text) {
        text.append(new String(bytes, from, length, UTF_8));
      }
    }

    List<String> lines() {
      synchronized (text) {
        return text.toString().lines().toList();
      }
    }

    int length() {
      synchronized (text) {
        return text.length();
      }
    }
  }

  private TapPlan plan(EventFilter filter, Target target, @Nullable Path state, FakeNode... nodes) {
    List<URI> urls = Stream.of(nodes).map(FakeNode::url).toList();
    return new TapPlan(
        urls, filter, target, BatchRules.ofStream(1 << 20), Optional.ofNullable(state), false);
  }

  private Tap open(TapPlan plan) throws TapException {
    Tap.Edges edges =
        new Tap.Edges(
            () -> Instant.parse("2026-11-27T21:50:34Z"),
            new SplittableRandom(Seeds.seed()),
            notes::add);
    return Tap.open(vertx, plan, edges);
  }

  private static List<String> events(String process, long... seqs) {
    return LongStream.of(seqs).mapToObj(seq -> FakeNode.event(process, seq)).toList();
  }

  private static void awaitReaders(FakeNode... nodes) throws Exception {
    for (FakeNode node : nodes) {
      Await.until("a reader", PATIENCE, () -> node.readers() == 1);
    }
  }

  private void awaitLines(int count) throws Exception {
    Await.until(count + " lines", PATIENCE, () -> heard.lines().size() >= count);
  }

  private static TapCounts end(Tap tap, Future<Void> run) {
    tap.stop();
    Await.result(run);
    return Await.result(tap.counts());
  }

  @Test
  void whatSeveralNodesTellIsWrittenOnceAndLossesAreCounted() throws Exception {
    FakeNode one = new FakeNode(vertx, 0);
    FakeNode other = new FakeNode(vertx, 0);
    Tap tap = open(plan(ALL, new Target.Stream(heard), null, one, other));
    Future<Void> run = tap.run();
    awaitReaders(one, other);
    assertEquals(List.of("/api/v1/events?scope=node after null"), one.asked());
    one.tell("aa", 7);
    other.tell("bb", 3);
    awaitLines(2);
    one.tell("aa", 9);
    one.tell("aa", 8);
    other.tell("aa", 9);
    other.tell("bb", 6);
    one.say("nonsense\n{\"event\":\"lost\",\"count\":5}\n");
    awaitLines(5);
    one.tell("aa", 10);
    awaitLines(6);

    TapCounts counts = end(tap, run);
    assertEquals(new TapCounts(6, 1, 2, 5, 0, 1, 0), counts);
    assertEquals(
        Stream.of(events("aa", 7, 9, 8, 10), events("bb", 3, 6))
            .flatMap(List::stream)
            .sorted()
            .toList(),
        heard.lines().stream().sorted().toList());
    assertTrue(counts.text().contains("2 missing"), counts::text);
  }

  @Test
  void afterALostConnectionItGoesOnBehindTheLastEvent() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    Tap tap = open(plan(ALL, new Target.Stream(heard), null, node));
    Future<Void> run = tap.run();
    awaitReaders(node);
    node.tell("aa", 1);
    awaitLines(1);
    node.say(FakeNode.event("aa", 2).substring(0, 20));
    node.cut();
    Await.until("it is noticed", PATIENCE, () -> node.readers() == 0);
    node.tell("aa", 2);
    node.tell("aa", 3);
    awaitLines(3);
    assertEquals(events("aa", 1, 2, 3), heard.lines());
    assertTrue(node.asked().get(1).endsWith("after aa-1"), () -> node.asked().toString());

    // It is started anew, as another process, and has told five events meanwhile.
    int port = node.port();
    node.close();
    node.cut();
    FakeNode next = new FakeNode(vertx, port);
    awaitReaders(next);
    next.tell("bb", 6);
    awaitLines(4);
    assertEquals(5, end(tap, run).missing());
  }

  /** Whoever is on the event bus can name any node and number. */
  @Test
  void aForgedNumberSilencesNoNode() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    Tap tap = open(plan(ALL, new Target.Stream(heard), null, node));
    Future<Void> run = tap.run();
    awaitReaders(node);
    long forged = 1L << 31;
    node.tell("aa", 1);
    node.tell("aa", 2);
    node.say(FakeNode.event("aa", forged) + "\n");
    awaitLines(3);
    node.cut();
    Await.until("it is noticed", PATIENCE, () -> node.readers() == 0);
    node.tell("aa", 3);
    awaitLines(4);
    assertEquals(events("aa", 1, 2, forged, 3), heard.lines());
    assertTrue(node.asked().get(1).endsWith("after aa-2"), () -> node.asked().toString());
    assertEquals(new TapCounts(4, 0, 0, 0, 0, 0, 0), end(tap, run));
  }

  @Test
  void aStateLetsTheNextRunGoOn() throws Exception {
    Path state = folder.resolve("state");
    FakeNode node = new FakeNode(vertx, 0);
    Tap first = open(plan(ALL, new Target.Stream(heard), state, node));
    Future<Void> run = first.run();
    awaitReaders(node);
    node.tell("aa", 1);
    node.tell("aa", 3);
    awaitLines(2);
    end(first, run);
    Await.until("it is gone", PATIENCE, () -> node.readers() == 0);
    node.tell("aa", 3);
    node.tell("aa", 2);
    node.tell("aa", 5);

    Tap second = open(plan(ALL, new Target.Stream(heard), state, node));
    run = second.run();
    awaitLines(4);
    assertEquals(events("aa", 1, 3, 2, 5), heard.lines());
    assertEquals(1, end(second, run).missing());
  }

  @Test
  void aSlowOutputStopsTheReadersWithinTheBound() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    Tap tap = open(plan(ALL, new Target.Stream(heard), null, node));
    Future<Void> run = tap.run();
    awaitReaders(node);
    heard.permits.drainPermits();
    int events = 200_000;
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= events; i++) {
      text.append(FakeNode.event("aa", i)).append('\n');
    }
    node.say(text.toString());
    Await.until("it is full", PATIENCE, () -> heldBytes(tap) > (1 << 20) - 3 * (256 << 10));
    assertTrue(text.length() > 10 * (1 << 20), "more than it may hold");
    for (int i = 0; i < 20; i++) {
      assertTrue(heldBytes(tap) <= 1 << 20, "within its bound");
      Await.result(vertx.timer(10));
    }
    heard.permits.release(Integer.MAX_VALUE);
    Await.until("all", PATIENCE, () -> heard.length() == text.length());
    assertEquals(new TapCounts(events, 0, 0, 0, 0, 0, 0), end(tap, run));
  }

  private static long heldBytes(Tap tap) {
    return Await.result(tap.held());
  }

  @Test
  void aFilterIsPassedOnAndNumbersThatDoNotComeAreNoLoss() throws Exception {
    EventFilter filter =
        new EventFilter(List.of("joined", "left"), List.of("a b", "c*"), "0.5", Scope.CLUSTER);
    FakeNode node = new FakeNode(vertx, 0);
    Tap tap = open(plan(filter, new Target.Stream(heard), null, node));
    Future<Void> run = tap.run();
    awaitReaders(node);
    assertEquals(
        "/api/v1/events?kind=joined%2Cleft&swarm=a%20b%2Cc*&sample=0.5 after null",
        node.asked().get(0));
    node.tell("aa", 1);
    node.tell("aa", 100);
    awaitLines(2);
    assertEquals(-1, end(tap, run).missing());
  }

  @Test
  void aNodeThatRefusesEndsItButOneThatIsNotThereDoesNot() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    node.refuse(503);
    Tap waiting = open(plan(ALL, new Target.Stream(heard), null, node));
    Future<Void> run = waiting.run();
    Await.until("it asks again", PATIENCE, () -> node.asked().size() >= 2);
    assertEquals(List.of(node.url() + ": it answers 503: so it is; trying again"), notes);
    node.refuse(200);
    awaitReaders(node);
    end(waiting, run);

    node.refuse(403);
    Future<Void> refused = open(plan(ALL, new Target.Stream(heard), null, node)).run();
    assertEquals(node.url() + ": it answers 403: so it is", why(refused));
  }

  @Test
  void oneNodeThatRefusesDoesNotEndWhatOthersTell() throws Exception {
    FakeNode one = new FakeNode(vertx, 0);
    FakeNode other = new FakeNode(vertx, 0);
    other.refuse(503);
    Tap tap = open(plan(ALL, new Target.Stream(heard), null, one, other));
    Future<Void> run = tap.run();
    awaitReaders(one);
    other.refuse(403);
    String said = other.url() + ": it answers 403: so it is; trying again";
    Await.until("it is said", PATIENCE, () -> notes.contains(said));
    other.refuse(200);
    awaitReaders(other);
    one.tell("aa", 1);
    other.tell("bb", 1);
    awaitLines(2);
    assertEquals(2, end(tap, run).written());
  }

  @Test
  void aForgedNumberHidesNothing() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    Tap tap = open(plan(ALL, new Target.Stream(heard), null, node));
    Future<Void> run = tap.run();
    awaitReaders(node);
    node.tell("aa", 1);
    node.tell("aa", Long.MAX_VALUE);
    node.tell("aa", 2);
    awaitLines(3);
    assertEquals(events("aa", 1, Long.MAX_VALUE, 2), heard.lines());
    assertEquals(new TapCounts(3, 0, 0, 0, 0, 0, 0), end(tap, run));
  }

  private static String why(Future<Void> run) {
    CompletionException failure = assertThrows(CompletionException.class, () -> Await.result(run));
    TapException reason = assertInstanceOf(TapException.class, failure.getCause());
    return String.valueOf(reason.getMessage());
  }

  @Test
  void aBrokenPipeIsTheEnd() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    Future<Void> run = open(plan(ALL, new Target.Stream(heard), null, node)).run();
    awaitReaders(node);
    heard.broken = true;
    node.tell("aa", 1);
    assertTrue(why(run).contains("Broken pipe"));
    Await.until("it has hung up", PATIENCE, () -> node.readers() == 0);
  }

  /** Prints how fast it is; how fast it has to be depends on the machine. */
  @Test
  void aStormGoesToFilesWhole() throws Exception {
    FakeNode node = new FakeNode(vertx, 0);
    Target files = new Target.Files(folder.resolve("out"), 1L << 30, Duration.ofHours(1));
    Tap tap = open(plan(ALL, files, folder.resolve("state"), node));
    Future<Void> run = tap.run();
    awaitReaders(node);
    int events = 100_000;
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= events; i++) {
      text.append("{\"v\":1,\"node\":\"0123456789ab\",\"seq\":")
          .append(i)
          .append(",\"event\":\"joined\",\"at\":\"2026-11-27T21:50:34.123Z\",\"peer_id\":\"viewer-")
          .append(i)
          .append("\",\"swarm_id\":\"news\",\"peer_mode\":\"LEECH\",\"protocol\":\"ppstp\"}\n");
    }
    Buffer all = Buffer.buffer(text.toString());
    long startNs = System.nanoTime();
    node.say(all.toString());
    Await.until("all", PATIENCE, () -> Await.result(tap.counts()).written() == events);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "%d events of %d bytes in %.2f s: %.0f/s%n",
        events, all.length() / events, seconds, events / seconds);
    assertEquals(new TapCounts(events, 0, 0, 0, 0, 0, 0), end(tap, run));
    try (Stream<Path> found = Files.list(folder.resolve("out"))) {
      Path file = found.filter(it -> it.toString().endsWith(".ndjson")).findFirst().orElseThrow();
      assertTrue(Arrays.equals(all.getBytes(), Files.readAllBytes(file)), "byte for byte");
    }
  }
}
