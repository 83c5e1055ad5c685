package io.ppstp.tracker.ingress.connection;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How a TLS handshake with a client ended. */
public enum HandshakeEnd {
  /** It did not fail. */
  DONE,
  /** The client showed no certificate where one is needed, or a bad one. */
  CERTIFICATE,
  /** The client asked for a name that is not served. */
  NAME,
  /** Client and server have no version, suite or protocol of TLS in common. */
  UNCOMMON,
  /** What came is not TLS. */
  NOT_TLS,
  /** The client took too long. */
  TIMEOUT,
  /** The client has gone, or its network has. */
  GONE,
  /** The client gave it up, mostly because it does not trust the server's certificate. */
  ALERT,
  /** Anything else. */
  OTHER;

  private static final int MOST_CAUSES = 10;

  /** Returns the name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns why a handshake failed; null is for a reason that nobody knows. */
  static HandshakeEnd of(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      HandshakeEnd known = known(cause, String.valueOf(cause.getMessage()));
      if (known != OTHER) {
        return known;
      }
      cause = cause.getCause();
    }
    return OTHER;
  }

  /**
   * The JDK has an exception for what is wrong with a certificate, but for there being none, and
   * for all else, it has words only.
   */
  private static HandshakeEnd known(Throwable cause, String said) {
    if (cause instanceof NotSslRecordException
        || said.contains("Unsupported or unrecognized SSL")) {
      return NOT_TLS;
    } else if (cause instanceof SslHandshakeTimeoutException) {
      return TIMEOUT;
    } else if (cause instanceof ClosedChannelException) {
      return GONE;
    } else if (said.contains("server name")) {
      return NAME;
    } else if (said.contains("Received fatal alert")) {
      return ALERT;
    } else if (cause instanceof GeneralSecurityException
        || said.contains("client certificate")
        || said.contains("certificate chain")) {
      return CERTIFICATE;
    } else if (said.contains("in common")
        || said.contains("not supported by")
        || said.contains("accepted by client preferences")) {
      return UNCOMMON;
    }
    return cause instanceof IOException && !(cause instanceof SSLException) ? GONE : OTHER;
  }
}
