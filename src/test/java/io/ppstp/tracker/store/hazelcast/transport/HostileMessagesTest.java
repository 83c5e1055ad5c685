package io.ppstp.tracker.store.hazelcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.hazelcast.codec.Bytes;
import io.ppstp.tracker.store.hazelcast.codec.ChangeFormat;
import io.ppstp.tracker.store.hazelcast.codec.PeerFormats;
import io.ppstp.tracker.store.hazelcast.codec.RandomValues;
import io.ppstp.tracker.store.hazelcast.codec.StateFormat;
import io.ppstp.tracker.store.hazelcast.codec.SwarmFormats;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Damaged and hostile bytes in everything that is read from other nodes: an error or a value, and
 * no memory beyond what the message itself is worth.
 */
class HostileMessagesTest {
  private static final int ROUNDS = 4000;

  /** A string or a small record takes more on the heap than in a message. */
  private static final long MOST_BYTES_PER_BYTE = 200;

  /** Exceptions with their traces, empty collections, shards of an empty state. */
  private static final long MOST_BYTES_BESIDE = 64 * 1024;

  private final SplittableRandom random = Seeds.random();
  private final RandomValues values = new RandomValues(random);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Reads what a node may get. */
  private interface Reader {
    @Nullable Object read(DataInput in) throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Sample(byte[] bytes, Reader reader) {}

  private List<Sample> samples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (var it : values.peerCommands()) {
      byte[] bytes = Bytes.of(out -> PeerFormats.COMMANDS.writeRequest(out, it.request()));
      samples.add(new Sample(bytes, PeerFormats.COMMANDS::readRequest));
      byte[] result =
          Bytes.of(out -> PeerFormats.COMMANDS.writeResult(out, it.request(), it.result()));
      samples.add(new Sample(result, in -> PeerFormats.COMMANDS.readResult(in, it.request())));
    }
    for (var it : values.peerQueries()) {
      byte[] bytes = Bytes.of(out -> PeerFormats.QUERIES.writeRequest(out, it.request()));
      samples.add(new Sample(bytes, PeerFormats.QUERIES::readRequest));
      byte[] result =
          Bytes.of(out -> PeerFormats.QUERIES.writeResult(out, it.request(), it.result()));
      samples.add(new Sample(result, in -> PeerFormats.QUERIES.readResult(in, it.request())));
    }
    for (var it : values.swarmQueries()) {
      byte[] bytes = Bytes.of(out -> SwarmFormats.QUERIES.writeRequest(out, it.request()));
      samples.add(new Sample(bytes, SwarmFormats.QUERIES::readRequest));
      byte[] result =
          Bytes.of(out -> SwarmFormats.QUERIES.writeResult(out, it.request(), it.result()));
      samples.add(new Sample(result, in -> SwarmFormats.QUERIES.readResult(in, it.request())));
    }
    PeerShard peers = new PeerShard(values.shard());
    samples.add(new Sample(Bytes.of(out -> StateFormat.peers(out, peers)), StateFormat::peers));
    SwarmShard swarms = new SwarmShard();
    values.members("s").values().forEach(member -> swarms.unite("s", member));
    samples.add(new Sample(Bytes.of(out -> StateFormat.swarms(out, swarms)), StateFormat::swarms));
    var change = values.shardChange();
    samples.add(new Sample(Bytes.of(out -> ChangeFormat.peers(out, change)), ChangeFormat::peers));
    var batch = values.swarmChange();
    samples.add(new Sample(Bytes.of(out -> ChangeFormat.swarms(out, batch)), ChangeFormat::swarms));
    return samples;
  }

  private List<byte[]> messages() throws IOException {
    List<Message.Asked> asked = new ArrayList<>();
    for (var it : values.peerQueries()) {
      asked.add(new Message.Asked(random.nextLong(), new Question.Peers<>(7, it.request())));
    }
    for (var it : values.swarmQueries()) {
      asked.add(new Message.Asked(random.nextLong(), new Question.Swarms<>(7, it.request())));
    }
    asked.add(new Message.Asked(1, new Question.HeardOf(5)));
    asked.add(new Message.Asked(2, new Question.Counts()));
    asked.add(new Message.Asked(3, new Question.Largest(9)));
    List<byte[]> messages = new ArrayList<>();
    for (Message.Body body :
        List.of(
            new Message.Questions(asked),
            new Message.Answers(List.of(new Message.Answered(1, new byte[40]))),
            new Message.Ping(UUID.randomUUID(), 12, 1),
            new Message.Pong(UUID.randomUUID(), 1, 2, true, 17))) {
      messages.add(new Message("n1:5701", 0, 2, body).toBytes());
    }
    return messages;
  }

  /** Cuts, flips, repeats, and puts in lengths that no message has. */
  private byte[] damaged(byte[] whole) {
    byte[] bytes = whole.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> {
        for (int i = random.nextInt(1, 5); i > 0 && bytes.length > 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
      case 2 -> putInt(bytes, random.nextInt());
      case 3 -> putInt(bytes, Integer.MAX_VALUE - random.nextInt(10));
      default -> {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      }
    }
    return bytes;
  }

  private void putInt(byte[] bytes, int value) {
    if (bytes.length >= 4) {
      int at = random.nextInt(bytes.length - 3);
      for (int i = 0; i < 4; i++) {
        bytes[at + i] = (byte) (value >> (24 - 8 * i));
      }
    }
  }

  @Test
  void whatIsReadTakesNoMoreMemoryThanItIsWorth() throws IOException {
    long refused = 0;
    for (int round = 0; round < ROUNDS / 20; round++) {
      for (Sample sample : samples()) {
        refused += read(damaged(sample.bytes()), sample.reader()) ? 0 : 1;
      }
      for (byte[] message : messages()) {
        byte[] bytes = damaged(message);
        refused += read(bytes, in -> Message.of(bytes)) ? 0 : 1;
      }
    }
    assertTrue(refused > ROUNDS / 10, refused + " were refused");
  }

  /** Returns whether the bytes were read as something. */
  private boolean read(byte[] bytes, Reader reader) {
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    boolean isRead = true;
    try {
      reader.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException | RuntimeException e) {
      isRead = false;
    }
    long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    long most = MOST_BYTES_BESIDE + bytes.length * MOST_BYTES_PER_BYTE;
    assertTrue(
        taken <= most,
        () -> String.format(Locale.ROOT, "%d bytes took %d bytes of heap", bytes.length, taken));
    return isRead;
  }

  /** What comes to a node's port changes nothing there and stops nothing. */
  @Test
  void aNodeServesOnWhateverComesToItsPort() throws IOException {
    Port port = new Port();
    RemoteQuestions remote =
        new RemoteQuestions("n0:5701", port, port, "n1:5701"::equals, System::nanoTime);
    int damaged = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (byte[] message : messages()) {
        port.deliver(damaged(message));
        damaged++;
      }
    }
    long unreadable = remote.unreadable();
    assertTrue(unreadable > damaged / 4, unreadable + " of " + damaged);

    int answered = port.answered;
    port.deliver(messages().get(0));
    assertEquals(answered + 1, port.answered);
    assertEquals(unreadable, remote.unreadable());
    port.deliver(new Message("stranger:1", 0, 1, new Message.Questions(List.of())).toBytes());
    assertEquals(answered + 1, port.answered);
    assertEquals(unreadable + 1, remote.unreadable());
  }

  private static final class Port implements Transport, RemoteQuestions.Answerer {
    private @Nullable Receiver receiver;
    int answered;

    @Override
    public Channel open(String here, Receiver newReceiver) {
      receiver = newReceiver;
      return new Channel(0, Runnable::run);
    }

    void deliver(byte[] message) {
      Objects.requireNonNull(receiver).receive(0, message);
    }

    @Override
    public CompletionStage<Void> send(String node, int channel, byte[] message) {
      answered++;
      return CompletableFuture.completedStage(null);
    }

    @Override
    public <R> @Nullable R answer(Question<R> question) {
      return null;
    }
  }
}
