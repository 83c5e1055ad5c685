package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** Puts HTTP/1.1 requests together. Stateless. */
final class Http {
  private Http() {}

  /** Returns a POST of a PPSTP message. */
  static byte[] post(String path, byte[] body) {
    byte[] head =
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ppsp-tracker+json\r\n"
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }

  /** Returns a GET. */
  static byte[] get(String pathAndQuery) {
    return ("GET " + pathAndQuery + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
  }
}
