package io.ppstp.tracker.store.hazelcast;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How one kind of command and its result are written; immutable.
 *
 * @param <C> the command
 * @param <R> its result
 */
final class CommandFormat<C, R> {
  private final Class<C> type;
  private final Wire.Writer<C> commandWriter;
  private final Wire.Reader<C> commandReader;
  private final Wire.Writer<R> resultWriter;
  private final Wire.Reader<R> resultReader;

  CommandFormat(
      Class<C> type,
      Wire.Writer<C> commandWriter,
      Wire.Reader<C> commandReader,
      Wire.Writer<R> resultWriter,
      Wire.Reader<R> resultReader) {
    this.type = type;
    this.commandWriter = commandWriter;
    this.commandReader = commandReader;
    this.resultWriter = resultWriter;
    this.resultReader = resultReader;
  }

  Class<C> type() {
    return type;
  }

  void writeCommand(DataOutput out, Object command) throws IOException {
    commandWriter.write(out, type.cast(command));
  }

  C readCommand(DataInput in) throws IOException {
    return commandReader.read(in);
  }

  @SuppressWarnings("unchecked")
  void writeResult(DataOutput out, Object result) throws IOException {
    resultWriter.write(out, (R) result);
  }

  R readResult(DataInput in) throws IOException {
    return resultReader.read(in);
  }
}
