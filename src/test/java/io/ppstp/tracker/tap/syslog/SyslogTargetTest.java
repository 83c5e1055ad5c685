package io.ppstp.tracker.tap.syslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.tap.TapException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How receivers are named. */
class SyslogTargetTest {
  private static String where(String url) throws TapException {
    return SyslogTarget.of(url, null, null, null).where();
  }

  @Test
  void portsAreThoseOfTheRfcs() throws Exception {
    assertEquals("syslog:udp://log-1:514", where("syslog:udp://log-1"));
    assertEquals("syslog:tls://log-1:6514", where("syslog:tls://log-1/"));
    assertEquals("syslog:tls://::1:7", where("syslog:tls://[::1]:7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "syslog:",
        "syslog:tcp://log-1",
        "syslog:udp://",
        "syslog:udp://log-1:70000",
        "syslog:udp://me@log-1",
        "syslog:udp://log-1/x",
        "syslog:udp://log-1?x",
        "syslog:udp://[log-1"
      })
  void allElseIsRefused(String url) {
    TapException refused = assertThrows(TapException.class, () -> where(url));
    assertEquals(
        "--to must be such as syslog:udp://log-1:514 or syslog:tls://log-1:6514",
        refused.getMessage());
  }

  @Test
  void aCertificateComesWithItsKey() {
    Path file = Path.of("pom.xml");
    assertThrows(TapException.class, () -> SyslogTarget.of("syslog:tls://a", null, file, null));
  }
}
