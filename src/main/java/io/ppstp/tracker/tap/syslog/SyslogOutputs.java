package io.ppstp.tracker.tap.syslog;

import io.ppstp.tracker.tap.Output;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Makes the outputs to receivers of syslog messages. Stateless. */
public final class SyslogOutputs {
  /** What a receiver over UDP should take (RFC 5426, Section 3.2). */
  private static final int UDP_BYTES = 2048;

  /** What a receiver over TLS should take (RFC 5425, Section 4.3.1). */
  private static final int TLS_BYTES = 8192;

  private SyslogOutputs() {}

  /** Returns what makes the output to {@code target}. */
  public static Output.Maker maker(SyslogTarget target) {
    return (vertx, everTaken, notes) -> {
      boolean tls = target.tls();
      SyslogMessages messages = new SyslogMessages(hostName(), tls ? TLS_BYTES : UDP_BYTES);
      return tls
          ? new SyslogTlsOutput(vertx, target, messages, everTaken)
          : new SyslogUdpOutput(vertx, target, messages);
    };
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }
}
