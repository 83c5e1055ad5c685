package io.ppstp.tracker.security.digest.hazelcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hazelcast.config.Config;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.internal.serialization.impl.HeapData;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.ppstp.tracker.security.digest.CountWindow;
import io.ppstp.tracker.security.digest.NonceKeys;
import io.ppstp.tracker.security.digest.NonceStore;
import io.ppstp.tracker.security.digest.hazelcast.UseProcessor.UseBackup;
import io.ppstp.tracker.testing.ByteFuzz;
import io.ppstp.tracker.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node makes of bytes about nonces that another one sends. */
class NonceBytesTest {
  private static final int ROUNDS = 50_000;

  /** Where our part of a message begins: after a hash, the serializer, a flag and the class. */
  private static final int OURS = 4 + 4 + 1 + 4 + 4;

  /** Where its numbers begin: after the version of the format. */
  private static final int NUMBERS = OURS + 1;

  private final InternalSerializationService serialization = service();

  private static InternalSerializationService service() {
    Config config = new Config();
    NonceConfig.prepare(config, 1, null);
    SerializationConfig ours = config.getSerializationConfig();
    return new DefaultSerializationServiceBuilder().setConfig(ours).build();
  }

  @AfterEach
  void dispose() {
    serialization.dispose();
  }

  private static WindowValue window(int uses) {
    WindowValue window = new WindowValue();
    for (int i = 1; i <= uses; i++) {
      window.use(i * 3L, i);
    }
    return window;
  }

  private byte[] bytes(Object object) {
    return serialization.toBytes(object);
  }

  private Object read(byte[] bytes) {
    return serialization.toObject(new HeapData(bytes));
  }

  /**
   * Damages what is ours to read. What comes before it says which class is to read it, and among
   * Hazelcast's own are some that believe any length.
   */
  @Test
  void damagedBytesAreRefusedAndDoNoHarm() throws Exception {
    SplittableRandom random = Seeds.random();
    ByteFuzz fuzz = new ByteFuzz(random, NonceBytesTest::isRefusal);
    for (Object object :
        List.of(
            window(0),
            window(100),
            new UseProcessor(7, 12, 60_000, true),
            new UseBackup(CountWindow.LAST, 12, 60_000))) {
      byte[] message = bytes(object);
      byte[] ours = Arrays.copyOfRange(message, OURS, message.length);
      fuzz.run(
          List.of(ours),
          ROUNDS,
          bytes -> {
            byte[] damaged = Arrays.copyOf(message, OURS + bytes.length);
            System.arraycopy(bytes, 0, damaged, OURS, bytes.length);
            if (read(damaged) instanceof WindowValue value) {
              exercise(value, random);
            }
          });
    }
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof HazelcastSerializationException;
  }

  /** What can be read can also be worked with: merging one whose highest count lies has no end. */
  private static void exercise(WindowValue value, SplittableRandom random) {
    WindowValue united = new WindowValue();
    united.unite(value);
    united.unite(window(3));
    value.use(random.nextLong(1, CountWindow.LAST + 1), random.nextLong());
  }

  @Test
  void numbersThatNoNodeWritesAreRefused() {
    byte[] window = bytes(window(2));
    byte[] use = bytes(new UseProcessor(7, 12, 60_000, true));
    byte[] backup = bytes(new UseBackup(7, 12, 60_000));
    read(with(window, NUMBERS, CountWindow.LAST));
    read(with(use, NUMBERS, CountWindow.LAST));
    read(with(backup, NUMBERS, 1));
    for (long highest : new long[] {-1, CountWindow.LAST + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertRefused(with(window, NUMBERS, highest));
    }
    for (long count : new long[] {0, -1, CountWindow.LAST + 1, Long.MAX_VALUE}) {
      assertRefused(with(use, NUMBERS, count));
      assertRefused(with(backup, NUMBERS, count));
    }
    int life = NUMBERS + 2 * Long.BYTES;
    for (long lifeMs : new long[] {0, -1, 1L << 40, Long.MAX_VALUE}) {
      assertRefused(with(use, life, lifeMs));
      assertRefused(with(backup, life, lifeMs));
    }
    assertRefused(flipped(window, NUMBERS - 1));
  }

  private void assertRefused(byte[] bytes) {
    assertThrows(HazelcastSerializationException.class, () -> read(bytes));
  }

  private static byte[] with(byte[] message, int at, long number) {
    return ByteBuffer.wrap(message.clone()).putLong(at, number).array();
  }

  private static byte[] flipped(byte[] message, int at) {
    byte[] flipped = message.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  @Test
  void answersThatNoNodeGivesAreRefused() {
    assertEquals(NonceStore.Use.FULL, UseProcessor.use(3));
    for (int answer : new int[] {4, -1, 15, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThrows(IllegalStateException.class, () -> UseProcessor.use(answer));
    }
  }

  @Test
  void keysOfAnotherLengthAreNone() {
    byte[] good = NonceKeys.newKey(new SplittableRandom(1));
    NonceKeys keys = new NonceKeys(good);
    for (int length : new int[] {0, 1, NonceKeys.LENGTH - 1, NonceKeys.LENGTH + 1, 1_000_000}) {
      byte[] bad = new byte[length];
      assertThrows(IllegalArgumentException.class, () -> new NonceKeys(bad));
      assertThrows(IllegalArgumentException.class, () -> keys.adopt(bad));
    }
    assertArrayEquals(good, keys.current());
  }
}
