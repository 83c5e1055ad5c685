package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes spans by OTLP over HTTP, as a collector does. Thread-safe. */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<OtlpSpan> spans = new CopyOnWriteArrayList<>();

  /** One that was sent; IDs in hexadecimal digits, no parent is empty. */
  public record OtlpSpan(
      String trace, String id, String parent, String name, Map<String, String> tags) {}

  private OtlpReceiver(HttpServer server) {
    this.server = server;
  }

  /** Opens one on any free port of loopback. */
  public static OtlpReceiver open() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    OtlpReceiver receiver = new OtlpReceiver(server);
    server.createContext(
        "/v1/traces",
        exchange -> {
          receiver.take(exchange.getRequestBody().readAllBytes());
          exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return receiver;
  }

  /** Returns where it takes them. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
  }

  /** Returns those that have come. */
  public List<OtlpSpan> spans() {
    return List.copyOf(spans);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(byte[] request) {
    for (ByteBuffer ofResource : parts(ByteBuffer.wrap(request), 1)) {
      for (ByteBuffer ofScope : parts(ofResource, 2)) {
        for (ByteBuffer span : parts(ofScope, 2)) {
          spans.add(read(span));
        }
      }
    }
  }

  private static OtlpSpan read(ByteBuffer span) {
    Map<String, String> tags = new TreeMap<>();
    for (ByteBuffer tag : parts(span, 9)) {
      parts(tag, 2)
          .forEach(value -> tags.put(text(parts(tag, 1)), text(parts(value.duplicate(), 1))));
    }
    return new OtlpSpan(
        hex(parts(span, 1)), hex(parts(span, 2)), hex(parts(span, 4)), text(parts(span, 5)), tags);
  }

  /** Returns the parts of a message of protobuf that have a number and a length. */
  private static List<ByteBuffer> parts(ByteBuffer message, int number) {
    ByteBuffer rest = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> found = new ArrayList<>();
    while (rest.hasRemaining()) {
      long key = varint(rest);
      switch ((int) (key & 7)) {
        case 0 -> varint(rest);
        case 1 -> rest.getLong();
        case 5 -> rest.getInt();
        case 2 -> {
          int length = (int) varint(rest);
          if (key >>> 3 == number) {
            found.add(rest.slice(rest.position(), length));
          }
          rest.position(rest.position() + length);
        }
        default -> throw new IllegalArgumentException("no protobuf");
      }
    }
    return found;
  }

  private static long varint(ByteBuffer from) {
    long read = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = from.get();
      read |= (next & 0x7FL) << shift;
      if (next >= 0) {
        break;
      }
    }
    return read;
  }

  private static byte[] first(List<ByteBuffer> parts) {
    if (parts.isEmpty()) {
      return new byte[0];
    }
    byte[] bytes = new byte[parts.get(0).remaining()];
    parts.get(0).duplicate().get(bytes);
    return bytes;
  }

  private static String hex(List<ByteBuffer> parts) {
    return HexFormat.of().formatHex(first(parts));
  }

  private static String text(List<ByteBuffer> parts) {
    return new String(first(parts), UTF_8);
  }
}
