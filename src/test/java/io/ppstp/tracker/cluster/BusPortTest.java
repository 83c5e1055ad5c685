package io.ppstp.tracker.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Ports;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What strangers can do who reach a bus port without TLS, as on loopback, but are no members. */
class BusPortTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CONNECTIONS = 300;
  private static final int MOST_BYTES = 20_000;
  private static final int MOST_CLAIMED_BYTES = 64 << 20;
  private static final byte PROTOCOL = 2;
  private static final byte PING_CODEC = 1;
  private static final byte USER_CODEC = -1;

  private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicInteger bodies = new AtomicInteger();
  private int port;
  private ClusterNode node;
  private ClusterNode other;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    OwnConfigs configs = new OwnConfigs(folder);
    port = Ports.free();
    node =
        Await.result(
            ClusterNode.join(
                configs.node("cluster.bus.port=" + port),
                new VertxOptions(),
                it -> Vertx.builder().with(it).withTransport(Transport.NIO),
                InstantSource.system()));
    other =
        Await.result(
            ClusterNode.join(
                configs.node(),
                new VertxOptions(),
                it -> Vertx.builder().with(it).withTransport(Transport.NIO),
                InstantSource.system()));
    Await.result(
        node.vertx()
            .eventBus()
            .consumer("test.text", message -> bodies.addAndGet(((String) message.body()).length()))
            .completion());
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void stop() {
    root.detachAppender(lines);
    Await.result(other.vertx().close());
    Await.result(node.vertx().close());
  }

  @Test
  void damagedMessagesDoNoHarmAndAreToldOfOncePerKind() throws Exception {
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port)) {
        OutputStream out = stranger.getOutputStream();
        for (int left = random.nextInt(1, 4); left > 0; left--) {
          out.write(frame(random));
        }
        // What is behind everything else is answered, or the node has given up on the connection.
        out.write(framed(new byte[] {PROTOCOL, PING_CODEC, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        stranger.shutdownOutput();
        stranger.setSoTimeout((int) PATIENCE.toMillis());
        stranger.getInputStream().readNBytes(1);
      } catch (IOException e) {
        assertTrue(node.mayServe(), () -> "the node is gone: " + e);
      }
    }
    other.vertx().eventBus().send("test.text", "seven b");
    Await.until("a message of a member", PATIENCE, () -> bodies.get() >= 7);
    assertTrue(node.mayServe());

    List<ILoggingEvent> told =
        List.copyOf(lines.list).stream()
            .filter(line -> line.getLoggerName().startsWith("io.vertx."))
            .toList();
    Set<String> kinds = new HashSet<>();
    for (ILoggingEvent line : told) {
      String failure =
          line.getThrowableProxy() == null ? "" : line.getThrowableProxy().getClassName();
      String words = line.getMessage().replaceFirst("^(\\S{1,20} \\S{1,20})[\\s\\S]*", "$1");
      kinds.add(line.getLoggerName() + words + failure);
    }
    System.out.println(CONNECTIONS + " strangers, " + told.size() + " lines: " + kinds);
    assertTrue(!told.isEmpty(), "some were noticed");
    assertEquals(kinds.size(), told.size(), () -> "lines: " + told);
  }

  /** Returns a message as nodes send it, with what they never send in some place or all. */
  private static byte[] frame(SplittableRandom random) throws IOException {
    return switch (random.nextInt(6)) {
      case 0 -> randomBytes(random, random.nextInt(MOST_BYTES));
      case 1 -> framed(randomBytes(random, random.nextInt(1, MOST_BYTES)));
      case 2 -> number(List.of(0, -1, Integer.MIN_VALUE).get(random.nextInt(3)));
      case 3 -> framed(message(random, USER_CODEC, "no such\ncodec " + random.nextInt()));
      case 4 -> framed(message(random, (byte) random.nextInt(-128, 128), ""));
      default -> number(Integer.MAX_VALUE);
    };
  }

  private static byte[] message(SplittableRandom random, byte codec, String codecName)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(PROTOCOL);
    out.writeByte(codec);
    List<String> texts = new ArrayList<>(List.of("test.text", "", "nobody"));
    if (codec == USER_CODEC) {
      text(out, codecName, random);
    }
    out.writeByte(random.nextInt(2));
    for (String text : texts) {
      text(out, text, random);
    }
    out.writeInt(random.nextInt(4) == 0 ? random.nextInt() : 4);
    text(out, "a body", random);
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text, SplittableRandom random)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(random.nextInt(8) == 0 ? falseLength(random) : bytes.length);
    out.write(bytes);
  }

  /**
   * Returns a length that is seldom true. Vert.x allocates what a message says before it looks
   * whether it is there, so a larger one could take the memory from whatever else allocates at that
   * moment: whoever reaches a bus port without TLS can do that, which is why it is on loopback.
   */
  private static int falseLength(SplittableRandom random) {
    return random.nextBoolean()
        ? random.nextInt(MOST_CLAIMED_BYTES)
        : random.nextInt(Integer.MIN_VALUE, 0);
  }

  private static byte[] framed(byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(number(message.length));
    bytes.write(message);
    return bytes.toByteArray();
  }

  private static byte[] number(int number) {
    return new byte[] {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
  }

  private static byte[] randomBytes(SplittableRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
