package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Mutator;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Thousands of messages damaged at random: each gets a clean answer and leaves no harm behind. */
class MutationIT {
  private static final int CONNECTIONS = 6;
  private static final int PER_CONNECTION = 1500;
  private static final int BROKEN_HEADS = 300;
  private static final Set<Integer> STATUSES = Set.of(200, 400, 403, 413);
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts()
          .set("http.request-deadline", "3s")
          .set("http.idle-timeout", "3s")
          .start();

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  private static List<byte[]> soundMessages() throws IOException {
    List<byte[]> messages = new ArrayList<>();
    for (String example :
        List.of(
            "connect-leech-join",
            "connect-leech-switch",
            "connect-seeder-two-swarms",
            "find",
            "stat-report")) {
      String name = "/rfc7846/" + example + ".request.json";
      try (InputStream in = MutationIT.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("no resource " + name);
        }
        messages.add(in.readAllBytes());
      }
    }
    Message join = Message.connect("m", "1").address("192.0.2.1", 4000).peerCount(7);
    messages.add(join.address("2001:db8::7", 4001, 9, "PROXY").joinAsLeech("m").bytes());
    messages.add(Message.connect("m", "2").leave("m").joinAsSeeder("m").bytes());
    messages.add(Message.connect("m", "3").leave("m").bytes());
    messages.add(Message.find("m", "4", "m").peerCount(29).bytes());
    messages.add(Message.statReport("m", "5", "m", "1111", "2222").bytes());
    messages.add(Message.statReport("m", "6").bytes());
    return messages;
  }

  @Test
  void damagedBodiesGetWellFormedAnswers() throws Exception {
    SplittableRandom random = new SplittableRandom(Seeds.seed());
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Callable<Map<Integer, Integer>>> senders = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        SplittableRandom own = random.split();
        senders.add(() -> sendDamaged(own));
      }
      Map<Integer, Integer> statuses = new TreeMap<>();
      for (Future<Map<Integer, Integer>> sender : threads.invokeAll(senders)) {
        sender.get().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
      }
      System.out.println("MutationIT: statuses " + statuses);
      int few = CONNECTIONS * PER_CONNECTION / 100;
      assertTrue(statuses.getOrDefault(400, 0) > few, "most damage is noticed");
      assertTrue(statuses.getOrDefault(200, 0) > few, "some messages stay sound");
    } finally {
      threads.shutdownNow();
    }
    assertUnharmed();
  }

  private static Map<Integer, Integer> sendDamaged(SplittableRandom random) throws IOException {
    Map<Integer, Integer> statuses = new TreeMap<>();
    Mutator mutator = new Mutator(random);
    List<byte[]> messages = soundMessages();
    try (RawConnection connection = TRACKER.connection()) {
      for (int i = 0; i < PER_CONNECTION; i++) {
        byte[] body = mutator.damage(messages.get(random.nextInt(messages.size())));
        try {
          connection.post(body);
          Reply reply = connection.receive();
          reply.assertWellFormed();
          assertTrue(STATUSES.contains(reply.status()), reply::toString);
          statuses.merge(reply.status(), 1, Integer::sum);
        } catch (AssertionError | IOException e) {
          throw new AssertionError("after: " + new String(body, ISO_8859_1), e);
        }
      }
    }
    return statuses;
  }

  /** Damage to the head: an HTTP error or an end, but an end in any case, and no half answers. */
  @Test
  void damagedHeadsGetCleanErrors() throws Exception {
    SplittableRandom random = new SplittableRandom(Seeds.seed());
    Mutator mutator = new Mutator(random);
    List<byte[]> messages = soundMessages();
    List<RawConnection> connections = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < BROKEN_HEADS; i++) {
      RawConnection connection = TRACKER.connection();
      connections.add(connection);
      byte[] body = messages.get(random.nextInt(messages.size()));
      String head = connection.head(body.length, "Accept: */*", "Expect: 100-continue");
      byte[] damaged = mutator.damage(head.getBytes(ISO_8859_1));
      sent.add(new String(damaged, ISO_8859_1));
      try {
        connection.send(damaged);
        connection.send(body);
      } catch (SocketException e) {
        // Refused already.
      }
    }
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < BROKEN_HEADS; i++) {
      try (RawConnection connection = connections.get(i)) {
        for (Reply reply : untilEnd(connection)) {
          assertNotEquals(500, reply.status());
          statuses.merge(reply.status(), 1, Integer::sum);
        }
      } catch (AssertionError | IOException e) {
        throw new AssertionError("after: " + sent.get(i), e);
      }
    }
    System.out.println("MutationIT: statuses of damaged heads " + statuses);
    assertUnharmed();
  }

  private static List<Reply> untilEnd(RawConnection connection) throws IOException {
    List<Reply> replies = new ArrayList<>();
    try {
      while (true) {
        replies.add(connection.receive());
      }
    } catch (EOFException | SocketException end) {
      return replies;
    }
  }

  private static final AtomicInteger CALLS = new AtomicInteger();

  private static void assertUnharmed() throws Exception {
    // The same CONNECT once more would be taken for a copy that is late.
    String call = "call-" + CALLS.incrementAndGet();
    Message join = Message.connect("sound", call).address("192.0.2.9", 4000);
    TRACKER.client().post(join.joinAsLeech("sound")).expectSuccess();
    TRACKER.client().post(Message.find("sound", call, "sound")).expectSuccess();
    TRACKER.client().post(Message.connect("sound", call + "-end").leave("sound")).expectSuccess();
    Await.until(
        "nothing in flight",
        Duration.ofSeconds(30),
        () -> TRACKER.management().metric("ppstp_in_flight").equals(Optional.of(0.0)));
    assertEquals(List.of(), TRACKER.errors());
  }
}
