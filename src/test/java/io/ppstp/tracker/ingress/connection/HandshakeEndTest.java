package io.ppstp.tracker.ingress.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** The reasons for which handshakes fail, as the JDK and Netty word them. */
class HandshakeEndTest {
  @Test
  void eachFailureHasItsReason() {
    SSLHandshakeException expired = new SSLHandshakeException("General problem");
    expired.initCause(new CertificateExpiredException("NotAfter: ..."));
    Map.of(
            new NotSslRecordException("not an SSL/TLS record: 47"),
            HandshakeEnd.NOT_TLS,
            new SslHandshakeTimeoutException("timed out after 10000ms"),
            HandshakeEnd.TIMEOUT,
            new ClosedChannelException(),
            HandshakeEnd.GONE,
            new IOException("Connection reset by peer"),
            HandshakeEnd.GONE,
            new SSLHandshakeException("no cipher suites in common"),
            HandshakeEnd.UNCOMMON,
            new SSLHandshakeException("Unrecognized server name indication"),
            HandshakeEnd.NAME,
            new SSLHandshakeException("Received fatal alert: bad_certificate"),
            HandshakeEnd.ALERT,
            new SSLHandshakeException("Empty client certificate chain"),
            HandshakeEnd.CERTIFICATE,
            expired,
            HandshakeEnd.CERTIFICATE,
            new IllegalStateException(),
            HandshakeEnd.OTHER)
        .forEach(
            (failure, end) -> {
              assertEquals(end, HandshakeEnd.of(failure), failure::toString);
              assertEquals(end, HandshakeEnd.of(new DecoderException(failure)), "wrapped");
            });
    assertEquals(HandshakeEnd.OTHER, HandshakeEnd.of(null));
  }
}
