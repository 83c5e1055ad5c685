package io.ppstp.tracker.store.hazelcast.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The formats of one family of requests, found by class when written and by number when read;
 * immutable. A request's number is its place in the list, which later releases only add to.
 *
 * @param <Q> the family
 */
public final class RequestFormats<Q> {
  private final List<RequestFormat<? extends Q, ?>> byNumber;
  private final Map<Class<?>, Integer> numbers = new HashMap<>();

  RequestFormats(List<RequestFormat<? extends Q, ?>> byNumber) {
    this.byNumber = byNumber;
    for (int i = 0; i < byNumber.size(); i++) {
      numbers.put(byNumber.get(i).type(), i);
    }
  }

  /** Writes a request, so that {@link #readRequest} can read it. */
  public void writeRequest(DataOutput out, Q request) throws IOException {
    int number = numberOf(request);
    out.writeByte(StateFormat.VERSION);
    out.writeByte(number);
    byNumber.get(number).writeRequest(out, request);
  }

  /**
   * Reads a request.
   *
   * @throws IOException if it is none that this release knows
   */
  public Q readRequest(DataInput in) throws IOException {
    StateFormat.checkVersion(in);
    int number = in.readByte();
    if (number < 0 || number >= byNumber.size()) {
      throw new IOException("request " + number + " is not known here; update this node");
    }
    return byNumber.get(number).readRequest(in);
  }

  /** Writes what a request was answered. */
  public void writeResult(DataOutput out, Q request, Object result) throws IOException {
    byNumber.get(numberOf(request)).writeResult(out, result);
  }

  /** Reads what {@link #writeResult} wrote for the same request. */
  public Object readResult(DataInput in, Q request) throws IOException {
    return byNumber.get(numberOf(request)).readResult(in);
  }

  private int numberOf(Q request) {
    Integer number = numbers.get(request.getClass());
    if (number == null) {
      throw new IllegalArgumentException("no format for " + request.getClass());
    }
    return number;
  }

  /**
   * How one kind of request to a state object, a command or a query, and its result are written;
   * immutable.
   *
   * @param <Q> the request
   * @param <R> its result
   */
  static final class RequestFormat<Q, R> {
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
}
