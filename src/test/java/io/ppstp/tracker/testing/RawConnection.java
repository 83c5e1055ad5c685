package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A connection whose bytes the test writes itself. Confined to one thread. */
public final class RawConnection implements AutoCloseable {
  private static final int CONNECT_MS = 20_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Vert.x repeats a protocol that it does not know when it refuses it. */
  private static final Pattern STATUS_LINE =
      Pattern.compile("(HTTP/1\\.[01] [1-5]|\\S+/\\d+\\.\\d+ [45])\\d\\d( .*)?");

  private final Socket socket;
  private final InputStream in;
  private final String host;

  private RawConnection(Socket socket, String host) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.host = host;
    socket.setTcpNoDelay(true);
    patience(PATIENCE);
  }

  /** Opens a connection to host and port of {@code server}. */
  public static RawConnection to(URI server) throws IOException {
    return open(server, null);
  }

  /** Opens a connection to {@code server} that comes from one of this machine's addresses. */
  public static RawConnection from(String literal, URI server) throws IOException {
    return open(server, new InetSocketAddress(literal, 0));
  }

  private static RawConnection open(URI server, @Nullable InetSocketAddress from)
      throws IOException {
    Socket socket = new Socket();
    String literal = server.getHost().replaceAll("[\\[\\]]", "");
    try {
      socket.bind(from);
      socket.connect(new InetSocketAddress(literal, server.getPort()), CONNECT_MS);
      return new RawConnection(socket, server.getHost() + ":" + server.getPort());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sets how long {@link #receive} waits for the next byte. */
  public void patience(Duration most) throws SocketException {
    socket.setSoTimeout((int) most.toMillis());
  }

  /** Returns this end's port. */
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Sends text as it is, one byte a character. */
  public void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends a well-formed POST with these header lines besides those that it needs. */
  public void post(byte[] body, String... headers) throws IOException {
    byte[] head = head(body.length, headers).getBytes(ISO_8859_1);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    send(all);
  }

  /** Returns the head of a POST that announces {@code length} bytes. */
  public String head(long length, String... headers) {
    return headWithoutLength(headers).replaceFirst("\r\n\r\n$", "\r\n")
        + "Content-Length: "
        + length
        + "\r\n\r\n";
  }

  /** Returns the head of a POST that does not announce a length. */
  public String headWithoutLength(String... headers) {
    StringBuilder head = new StringBuilder("POST / HTTP/1.1\r\nHost: " + host + "\r\n");
    head.append("Content-Type: ").append(Reply.MEDIA_TYPE).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /**
   * Returns the next response, interim ones too.
   *
   * @throws EOFException if the connection ends before it begins
   * @throws AssertionError if it is not a whole response
   */
  public Reply receive() throws IOException {
    return receive(true);
  }

  /** Returns the next response to a HEAD, which has no body whatever its head says. */
  public Reply receiveHead() throws IOException {
    return receive(false);
  }

  private Reply receive(boolean withBody) throws IOException {
    String statusLine = line();
    if (!STATUS_LINE.matcher(statusLine).matches()) {
      throw new AssertionError("not a status line: " + statusLine);
    }
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    Map<String, String> headers = new LinkedHashMap<>();
    try {
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        if (colon < 1) {
          throw new AssertionError("not a header: " + line);
        }
        headers.merge(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip(),
            (one, more) -> one + ", " + more);
      }
      byte[] body = withBody ? body(status, headers) : new byte[0];
      return new Reply(status, headers, new String(body, UTF_8));
    } catch (EOFException e) {
      throw new AssertionError("half a response: " + statusLine + " " + headers, e);
    }
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return new byte[0];
    }
    String length = headers.get("content-length");
    if (length == null) {
      return in.readAllBytes();
    }
    byte[] body = in.readNBytes(Integer.parseInt(length));
    if (body.length < Integer.parseInt(length)) {
      throw new EOFException();
    }
    return body;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed by the other end");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  /** Returns whether the other end closes, sending nothing more, within {@code patience}. */
  public boolean isClosedWithin(Duration patience) throws IOException {
    patience(patience);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Returns whether something arrives, be it the end, within {@code patience}; reads nothing. */
  public boolean hasInputWithin(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    in.mark(1);
    try {
      in.read();
      in.reset();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      patience(PATIENCE);
    }
  }

  /** Closes so that the other end sees a reset, as when a peer crashes. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
