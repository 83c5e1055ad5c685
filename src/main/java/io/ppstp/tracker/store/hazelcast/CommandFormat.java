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
  private final VersionedReader<C> commandReader;
  private final Wire.Writer<R> resultWriter;
  private final Wire.Reader<R> resultReader;

  /** Reads what a version wrote. */
  interface VersionedReader<T> {
    T read(DataInput in, int version) throws IOException;
  }

  CommandFormat(
      Class<C> type,
      Wire.Writer<C> commandWriter,
      Wire.Reader<C> commandReader,
      Wire.Writer<R> resultWriter,
      Wire.Reader<R> resultReader) {
    this((in, version) -> commandReader.read(in), type, commandWriter, resultWriter, resultReader);
  }

  private CommandFormat(
      VersionedReader<C> commandReader,
      Class<C> type,
      Wire.Writer<C> commandWriter,
      Wire.Writer<R> resultWriter,
      Wire.Reader<R> resultReader) {
    this.type = type;
    this.commandWriter = commandWriter;
    this.commandReader = commandReader;
    this.resultWriter = resultWriter;
    this.resultReader = resultReader;
  }

  /** Returns the format of a command that not all versions wrote alike. */
  static <C, R> CommandFormat<C, R> changed(
      Class<C> type,
      Wire.Writer<C> commandWriter,
      VersionedReader<C> commandReader,
      Wire.Writer<R> resultWriter,
      Wire.Reader<R> resultReader) {
    return new CommandFormat<>(commandReader, type, commandWriter, resultWriter, resultReader);
  }

  Class<C> type() {
    return type;
  }

  void writeCommand(DataOutput out, Object command) throws IOException {
    commandWriter.write(out, type.cast(command));
  }

  C readCommand(DataInput in, int version) throws IOException {
    return commandReader.read(in, version);
  }

  @SuppressWarnings("unchecked")
  void writeResult(DataOutput out, Object result) throws IOException {
    resultWriter.write(out, (R) result);
  }

  R readResult(DataInput in) throws IOException {
    return resultReader.read(in);
  }
}
