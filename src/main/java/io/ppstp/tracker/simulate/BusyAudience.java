package io.ppstp.tracker.simulate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Peers who do all that peers do, over some connections, each with one request at a time that goes
 * out as soon as the one before is answered. It keeps trackers busy with as little work of its own
 * as can be, which a {@link Simulation} does not: it shares the processors, and the compiler of
 * Java, with the trackers that it warms up. What is answered does not matter to it.
 *
 * <p>Confined to one thread, which blocks.
 */
public final class BusyAudience implements AutoCloseable {
  /** The address of half of the connections, of this machine as well. */
  public static final String OTHER_ADDRESS = "127.0.0.2";

  private static final int VIEWERS_PER_CONNECTION = 20;

  /** Most connections live long; every eighth is of somebody who is soon gone. */
  private static final int REQUESTS_PER_CONNECTION = 1000;

  private static final int REQUESTS_PER_SHORT_CONNECTION = 2;
  private static final int SHORT_EVERY = 8;

  private static final int PATIENCE_MS = 10_000;
  private static final int BUFFER_BYTES = 64 << 10;

  /** Both are of this machine; trackers may treat them differently. */
  private static final List<String> ADDRESSES = List.of("127.0.0.1", OTHER_ADDRESS);

  private final List<Connection> connections = new ArrayList<>();

  /**
   * Connects.
   *
   * @param ports of trackers on loopback, which get the same number of peers each
   * @param count connections
   * @throws IOException if one of them does not listen
   */
  public BusyAudience(List<Integer> ports, int count) throws IOException {
    try {
      for (int i = 0; i < count; i++) {
        connections.add(new Connection(i, ports.get(i % ports.size())));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Sends one request over each connection, and waits for the answers.
   *
   * @throws IOException if a tracker does not answer for ten seconds, or ends the connection
   */
  public void turn() throws IOException {
    for (Connection connection : connections) {
      connection.send();
    }
    for (Connection connection : connections) {
      connection.receive();
    }
  }

  /** Goes away without a word. */
  @Override
  public void close() {
    connections.forEach(Connection::close);
  }

  /** A connection to one port, or one after another, and those who speak over it. */
  private static final class Connection {
    private static final byte[] HEAD =
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ppsp-tracker+json\r\n"
                + "Accept: application/ppsp-tracker+json\r\nContent-Length: ")
            .getBytes(US_ASCII);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);
    private static final String LENGTH = "content-length:";

    private final List<BusyViewer> viewers = new ArrayList<>(VIEWERS_PER_CONNECTION);
    private final InetAddress server = InetAddress.getByName(ADDRESSES.get(0));
    private final InetAddress address;
    private final int port;
    private final int requestsPerConnection;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Socket socket;
    private int requests;

    private Connection(int number, int port) throws IOException {
      String ip = ADDRESSES.get(number / 2 % ADDRESSES.size());
      for (int i = 0; i < VIEWERS_PER_CONNECTION; i++) {
        viewers.add(new BusyViewer(number * VIEWERS_PER_CONNECTION + i, ip));
      }
      this.address = InetAddress.getByName(ip);
      this.port = port;
      this.requestsPerConnection =
          number % SHORT_EVERY == SHORT_EVERY - 1
              ? REQUESTS_PER_SHORT_CONNECTION
              : REQUESTS_PER_CONNECTION;
      socket = connected();
    }

    private Socket connected() throws IOException {
      Socket opened = opened();
      opened.setTcpNoDelay(true);
      opened.setSoTimeout(PATIENCE_MS);
      return opened;
    }

    private Socket opened() throws IOException {
      try {
        return new Socket(server, port, address, 0);
      } catch (BindException e) {
        // Not every system has more than one loopback address.
        return new Socket(server, port);
      }
    }

    private void send() throws IOException {
      // Others come and go as well, so that accepting is as fast as answering.
      if (++requests % requestsPerConnection == 0) {
        socket.close();
        socket = connected();
      }
      byte[] body = viewers.get(requests % VIEWERS_PER_CONNECTION).next();
      ByteArrayOutputStream request = new ByteArrayOutputStream(HEAD.length + body.length + 16);
      request.write(HEAD);
      request.write(Integer.toString(body.length).getBytes(US_ASCII));
      request.write(END_OF_HEAD);
      request.write(body);
      request.writeTo(socket.getOutputStream());
    }

    private void receive() throws IOException {
      InputStream in = socket.getInputStream();
      int filled = 0;
      int bodyAt = -1;
      while (bodyAt < 0) {
        int from = Math.max(0, filled - END_OF_HEAD.length);
        filled += read(in, filled);
        bodyAt = endOfHead(from, filled);
      }
      int left = length(bodyAt) - (filled - bodyAt);
      while (left > 0) {
        left -= read(in, 0);
      }
    }

    private int read(InputStream in, int at) throws IOException {
      int count = at < buffer.length ? in.read(buffer, at, buffer.length - at) : -1;
      if (count < 0) {
        throw new EOFException("the tracker has ended the connection");
      }
      return count;
    }

    private int endOfHead(int from, int filled) {
      for (int i = from; i + END_OF_HEAD.length <= filled; i++) {
        if (buffer[i] == '\r' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
          return i + END_OF_HEAD.length;
        }
      }
      return -1;
    }

    /** Returns the length of the body; 0 if the head does not tell. */
    private int length(int bodyAt) {
      String head = new String(buffer, 0, bodyAt, ISO_8859_1).toLowerCase(Locale.ROOT);
      int at = head.indexOf(LENGTH);
      int end = at < 0 ? -1 : head.indexOf('\r', at);
      return end < 0 ? 0 : Integer.parseInt(head.substring(at + LENGTH.length(), end).strip());
    }

    private void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is over in any case.
      }
    }
  }
}
