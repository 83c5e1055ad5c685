package io.ppstp.tracker.store.hazelcast.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How one kind of request to a state object, a command or a query, and its result are written;
 * immutable.
 *
 * @param <Q> the request
 * @param <R> its result
 */
final class RequestFormat<Q, R> {
  private final Class<Q> type;
  private final Wire.Writer<Q> requestWriter;
  private final Wire.Reader<Q> requestReader;
  private final Wire.Writer<R> resultWriter;
  private final Wire.Reader<R> resultReader;

  RequestFormat(
      Class<Q> type,
      Wire.Writer<Q> requestWriter,
      Wire.Reader<Q> requestReader,
      Wire.Writer<R> resultWriter,
      Wire.Reader<R> resultReader) {
    this.type = type;
    this.requestWriter = requestWriter;
    this.requestReader = requestReader;
    this.resultWriter = resultWriter;
    this.resultReader = resultReader;
  }

  Class<Q> type() {
    return type;
  }

  void writeRequest(DataOutput out, Object request) throws IOException {
    requestWriter.write(out, type.cast(request));
  }

  Q readRequest(DataInput in) throws IOException {
    return requestReader.read(in);
  }

  @SuppressWarnings("unchecked")
  void writeResult(DataOutput out, Object result) throws IOException {
    resultWriter.write(out, (R) result);
  }

  R readResult(DataInput in) throws IOException {
    return resultReader.read(in);
  }
}
