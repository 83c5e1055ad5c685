package io.ppstp.tracker.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** It finds what it is for. */
class ByteFuzzTest {
  private static final int ROUNDS = 5000;
  private static final byte[] MESSAGE = {0, 0, 0, 3, 'a', 'b', 'c'};

  private static void run(ByteFuzz.Reader reader) throws Exception {
    new ByteFuzz(Seeds.random(), failure -> failure instanceof IOException)
        .run(List.of(MESSAGE), ROUNDS, reader);
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  @Test
  void aCarefulReaderPasses() throws Exception {
    run(
        bytes -> {
          DataInputStream in = in(bytes);
          int length = in.readInt();
          if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length);
          }
          in.readFully(new byte[length]);
        });
  }

  @Test
  void aReaderThatBelievesALengthIsFound() {
    assertThrows(
        AssertionError.class,
        () ->
            run(
                bytes -> {
                  DataInputStream in = in(bytes);
                  in.readFully(new byte[Math.abs(in.readInt() % 0x200_0000)]);
                }));
  }

  @Test
  void aReaderThatFailsInAnotherWayIsFound() {
    assertThrows(
        AssertionError.class,
        () -> run(bytes -> in(bytes).readFully(new byte[bytes.length > 3 ? bytes[3] : 0])));
  }
}
