package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/** A BitTorrent client as a tracker sees it, over one connection. Confined to one thread. */
public final class AnnounceClient implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects to {@code tracker}. */
  public AnnounceClient(URI tracker) throws IOException {
    socket = new Socket(tracker.getHost(), tracker.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Returns a query as clients write it, of texts of 20 characters. */
  public static String query(String infoHash, String peerId, int port) {
    return "info_hash=" + infoHash + "&peer_id=" + peerId + "&port=" + port;
  }

  /** The answer of a tracker; the body has a character for each byte. */
  public record Answer(int status, String head, String body) {
    /** Returns what it says, which has to be bencoded. */
    public Map<String, Object> dictionary() {
      return Bencode.dictionary(body.getBytes(ISO_8859_1));
    }

    /** Returns why the tracker refuses, empty if it does not. */
    public String failure() {
      return (String) dictionary().getOrDefault("failure reason", "");
    }
  }

  /** Asks for {@code target}, one byte a character, and returns the answer. */
  public Answer get(String target, String... headers) throws IOException {
    send("GET", target, headers);
    return receive();
  }

  /** Asks, and waits for no answer. */
  public void send(String method, String target, String... headers) throws IOException {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: t\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public void sendRaw(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Returns the next answer. */
  public Answer receive() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed behind: " + head);
      }
      head.append((char) next);
    }
    String all = head.toString().toLowerCase(Locale.ROOT);
    int from = all.indexOf("content-length:") + "content-length:".length();
    int length = Integer.parseInt(all.substring(from, all.indexOf('\r', from)).strip());
    String body = new String(in.readNBytes(length), ISO_8859_1);
    return new Answer(Integer.parseInt(all.substring(9, 12)), all, body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
