package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URI;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** An HTTP/2 connection whose frames the test writes itself (RFC 9113). Confined to one thread. */
public final class Http2Frames implements AutoCloseable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;

  private final SSLSocket socket;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /** Opens a connection to {@code server} and says the preface. */
  public Http2Frames(URI server) throws IOException, GeneralSecurityException {
    this(open(server));
  }

  private Http2Frames(SSLSocket socket) throws IOException {
    this.socket = socket;
    pending.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
    flush();
  }

  /** Opens a connection to {@code server} that has agreed on HTTP/2 and says nothing yet. */
  public static SSLSocket open(URI server) throws IOException, GeneralSecurityException {
    return agree(Tls.socket(server));
  }

  /** As {@link #Http2Frames(URI)}, from one of this machine's addresses. */
  public static Http2Frames from(String literal, URI server)
      throws IOException, GeneralSecurityException {
    return new Http2Frames(agree(Tls.socket(literal, server)));
  }

  private static SSLSocket agree(SSLSocket socket) throws IOException {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Sends a whole POST on a stream, which is odd. */
  public void post(int stream, byte[] body) throws IOException {
    post(stream);
    frame(DATA, END_STREAM, stream, body);
  }

  /** Begins a POST whose body is to come on a stream, which is odd. */
  public void post(int stream) throws IOException {
    // RFC 7541, Appendix A: POST, https, / of the static table, and a literal :authority.
    frame(
        HEADERS,
        END_HEADERS,
        stream,
        new byte[] {(byte) 0x83, (byte) 0x87, (byte) 0x84, 0x41, 1, 't'});
  }

  /** Cancels a stream. */
  public void reset(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
  }

  /** Sends what was written so far. */
  public void flush() throws IOException {
    OutputStream out = socket.getOutputStream();
    pending.writeTo(out);
    out.flush();
    pending.reset();
  }

  /** Writes a frame as it is. */
  public void frame(int type, int flags, int stream, byte[] payload) {
    int length = payload.length;
    pending.write(length >> 16);
    pending.write(length >> 8);
    pending.write(length);
    pending.write(type);
    pending.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      pending.write(stream >> shift);
    }
    pending.writeBytes(payload);
  }

  /** Reads to the end and returns the error code of the last GOAWAY, -1 if there was none. */
  public int readGoAway() throws IOException {
    int code = -1;
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int lengthAndType = in.readInt();
        in.readUnsignedByte();
        in.readInt();
        byte[] payload = in.readNBytes(lengthAndType >>> 8);
        if ((lengthAndType & 0xff) == GOAWAY && payload.length >= 8) {
          code = payload[7];
        }
      }
    } catch (EOFException | SocketException | SSLException e) {
      return code;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
