package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.Output.FilePosition;
import io.ppstp.tracker.tap.Output.OutputException;
import java.util.Optional;

/** An output whose methods block. Called by one thread at a time. See {@link Output}. */
interface BlockingSink {
  void write(Batch batch) throws OutputException;

  default void settle() throws OutputException {}

  default Optional<FilePosition> position() {
    return Optional.empty();
  }

  default void rest() throws OutputException {}

  default void close() {}
}
