package io.ppstp.tracker.ingress.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a request is from, whatever it says about itself. */
class ClientAddressesTest {
  private static final CidrList PROXIES = CidrList.parse(List.of("10.0.0.0/8", "fd00::/8"));
  private static final SocketAddress PROXY = SocketAddress.inetSocketAddress(4711, "10.0.0.1");
  private static final SocketAddress STRANGER =
      SocketAddress.inetSocketAddress(4711, "203.0.113.9");

  private static ClientAddresses.ClientOrigin of(
      ProxyHeader header, SocketAddress remote, String... values) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    String name = header == ProxyHeader.FORWARDED ? "Forwarded" : "X-Forwarded-For";
    for (String value : values) {
      headers.add(name, value);
    }
    return new ClientAddresses(header, PROXIES).of(remote, headers);
  }

  private static String forwardedFor(String... values) {
    return of(ProxyHeader.X_FORWARDED_FOR, PROXY, values).client().ip().toString();
  }

  private static String forwarded(String... values) {
    return of(ProxyHeader.FORWARDED, PROXY, values).client().ip().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "198.51.100.7, 192.0.2.1 | 192.0.2.1",
        "1.1.1.1, 192.0.2.1, 10.9.9.9, 10.0.0.7 | 192.0.2.1",
        "2001:db8::7 | 2001:db8::7",
        "[2001:db8::7]:8080 | 2001:db8::7",
        "192.0.2.1:8080 | 192.0.2.1",
        "127.0.0.1 | 127.0.0.1",
        "10.0.0.5, 10.0.0.6 | 10.0.0.5",
        "garbage, 10.0.0.6 | 10.0.0.6",
        "192.0.2.1, garbage | 10.0.0.1",
        "192.0.2.1, | 10.0.0.1",
        "unknown | 10.0.0.1"
      })
  void theNearestHopThatIsNoTrustedProxyIsTheClient(String value, String client) {
    assertEquals(client, forwardedFor(value));
  }

  @Test
  void severalFieldsAreOneList() {
    assertEquals("192.0.2.1", forwardedFor("1.1.1.1, 2.2.2.2", "192.0.2.1", "10.0.0.3"));
    assertEquals("10.0.0.1", forwardedFor());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "for=192.0.2.43 | 192.0.2.43",
        "for=1.1.1.1, for=192.0.2.43;proto=http;by=203.0.113.43 | 192.0.2.43",
        "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
        "by=1.1.1.1;FOR=192.0.2.60 | 192.0.2.60",
        "for=192.0.2.43, for=\"[fd00::1]\" | 192.0.2.43",
        "for=192.0.2.43;ext=\"a,b;for=1.1.1.1\" | 192.0.2.43",
        "for=_hidden | 10.0.0.1",
        "for=unknown, for=10.0.0.8 | 10.0.0.8",
        "proto=http | 10.0.0.1",
        "for=1.1.1.1;for=2.2.2.2 | 10.0.0.1",
        "for=\"1.1.1.1 | 10.0.0.1",
        "for=1.1.1.1;a=\", for=192.0.2.1 | 10.0.0.1",
        "for=1.1.1.1;a=\", for=\"[2001:db8::1]:80\" | 10.0.0.1",
        "for=1.1.1.1;a=\"\\, for=192.0.2.1 | 10.0.0.1",
        "for=192.0.2.43:_port | 192.0.2.43"
      })
  void forwardedIsReadAsRfc7239Has(String value, String client) {
    assertEquals(client, forwarded(value));
  }

  @Test
  void strangersAreNotBelieved() {
    ClientAddresses.ClientOrigin origin = of(ProxyHeader.X_FORWARDED_FOR, STRANGER, "192.0.2.1");

    assertEquals("203.0.113.9", origin.client().ip().toString());
    assertFalse(origin.client().forwarded());
    assertEquals(4711, origin.port());
  }

  @Test
  void whatATrustedProxyPassesOnIsNeverADirectClient() {
    assertTrue(of(ProxyHeader.X_FORWARDED_FOR, PROXY, "127.0.0.1").client().forwarded());
    assertTrue(of(ProxyHeader.X_FORWARDED_FOR, PROXY).client().forwarded());
    assertTrue(of(ProxyHeader.FORWARDED, PROXY, "x").client().forwarded());
  }

  @Test
  void thePortIsTheClientsIfItIsNamed() {
    assertEquals(99, of(ProxyHeader.FORWARDED, PROXY, "for=\"192.0.2.1:99\"").port());
    assertEquals(4711, of(ProxyHeader.FORWARDED, PROXY, "for=192.0.2.1").port());
    assertEquals(4711, of(ProxyHeader.X_FORWARDED_FOR, PROXY, "192.0.2.1:99999").port());
  }

  @Test
  void theProxyProtocolMayBeSilentAboutTheClient() {
    SocketAddress socket = SocketAddress.domainSocketAddress("/run/x");

    ClientAddresses.ClientOrigin silent = ClientAddresses.proxied(socket, PROXY);
    assertEquals("10.0.0.1", silent.client().ip().toString());
    assertTrue(silent.client().forwarded());
    assertEquals("203.0.113.9", ClientAddresses.proxied(STRANGER, PROXY).client().ip().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"X_FORWARDED_FOR", "FORWARDED"})
  void noForgeryCrashesOrPassesForAnAddressNobodySaid(ProxyHeader header) {
    SplittableRandom random = Seeds.random();
    String alphabet = "for=FOR;:,\"\\[]. 0123456789abcdef_\t%/\u00e9";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int j = random.nextInt(60); j > 0; j--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String forged = value.toString();
      // The proxy adds what it saw itself; whatever comes before must not matter.
      String seen = header == ProxyHeader.FORWARDED ? "for=192.0.2.77" : "192.0.2.77";
      assertEquals("192.0.2.77", of(header, PROXY, forged, seen).client().ip().toString(), forged);
      String joined = of(header, PROXY, forged + ", " + seen).client().ip().toString();
      assertTrue(List.of("192.0.2.77", "10.0.0.1").contains(joined), forged);
      of(header, PROXY, forged);
    }
  }
}
