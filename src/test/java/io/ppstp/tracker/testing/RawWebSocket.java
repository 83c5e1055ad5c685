package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

/**
 * A WebSocket made by hand (RFC 6455), for clients that do what no library does: it answers no
 * pings, and reads only when it is told to. Confined to one thread.
 */
public final class RawWebSocket implements AutoCloseable {
  /** A piece of a message that began before. */
  public static final int CONTINUATION = 0;

  /** A text message, or the first piece of one. */
  public static final int TEXT = 1;

  /** A ping. */
  public static final int PING = 9;

  private static final int CONNECT_MS = 20_000;
  private static final int RECEIVE_BYTES = 4096;
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int SHORT = 126;
  private static final int LONG = 127;
  private static final byte[] MASK = {1, 2, 3, 4};

  private final Socket socket = new Socket();
  private final InputStream in;
  private final String head;

  private RawWebSocket(URI server, String path) throws IOException {
    // Little room in the kernel, so that what is not read soon waits in the tracker.
    socket.setReceiveBufferSize(RECEIVE_BYTES);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), CONNECT_MS);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(CONNECT_MS);
    in = socket.getInputStream();
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + path
                    + " HTTP/1.1\r\nHost: "
                    + server.getAuthority()
                    + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(UTF_8));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      bytes.write(next);
    }
    head = bytes.toString(ISO_8859_1);
  }

  /** Asks a node for a WebSocket; {@link #head} says what came of it. */
  public static RawWebSocket to(URI server) throws IOException {
    return new RawWebSocket(server, "/announce");
  }

  /** Returns status line and fields of the response to the request for a WebSocket. */
  public String head() {
    return head;
  }

  /** Sends a frame. */
  public void frame(int opcode, boolean last, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write((last ? FIN : 0) | opcode);
    if (payload.length < SHORT) {
      frame.write(MASKED | payload.length);
    } else if (payload.length <= 0xffff) {
      frame.write(MASKED | SHORT);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(MASKED | LONG);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i % MASK.length]);
    }
    socket.getOutputStream().write(frame.toByteArray());
  }

  /** Sends a whole message. */
  public void send(String text) throws IOException {
    frame(TEXT, true, text.getBytes(UTF_8));
  }

  /** Reads all that comes, and returns whether the other end closes within {@code patience}. */
  public boolean isClosedWithin(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    byte[] some = new byte[RECEIVE_BYTES];
    try {
      while (System.nanoTime() - end < 0) {
        socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
        if (in.read(some) < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
