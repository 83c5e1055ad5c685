package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.Output.OutputException;
import java.io.IOException;
import java.io.OutputStream;

/** Writes events to a stream, for whom a closed pipe is the end. Its methods block. */
final class StreamOutput implements BlockingSink {
  private final OutputStream stream;

  StreamOutput(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(Batch batch) throws OutputException {
    try {
      batch.writeTo(stream);
      stream.flush();
    } catch (IOException e) {
      throw OutputException.fatal("cannot write to standard output: " + Reasons.of(e));
    }
  }
}
