package io.ppstp.tracker.protocol;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses mean the same host everywhere, and which no host at all. */
class IpScopeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "198.51.100.255",
        "203.0.113.0",
        "203.0.113.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:192.0.2.1",
        "64:ff9b::192.168.0.1",
        "64:ff9b::192.0.2.1",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:1:2::8.8.8.8",
        "100::1",
        "2001:0:a00:1::1",
        "2001:0:808:808::f5ff:fffe",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::7",
        "2001:db8:ffff::7",
        "2002:a00:1::1",
        "2002:c0a8:1::1",
        "2002:c000:201::1",
        "3fff::1",
        "3fff:fff:ffff::1",
        "4000::1",
        "5f00::1",
        "fbff::1",
        "fc00::1",
        "fdff::1",
        "fe00::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff::"
      })
  void rangesThatMeanAnotherHostElsewhereAreNotPublic(String literal) {
    assertFalse(ip(literal).isPublic());
    assertFalse(isPublicAmongOtherBytes(ip(literal)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.0.0.1",
        "128.0.0.1",
        "169.253.1.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.0.3.1",
        "192.1.0.1",
        "192.1.2.1",
        "192.88.98.1",
        "192.167.0.1",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.1",
        "198.51.101.1",
        "203.0.112.1",
        "203.0.114.1",
        "203.1.113.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2000::1",
        "2001:0:808:808::f7f7:f7f7",
        "2001:200::1",
        "2001:db7::1",
        "2001:db9::1",
        "2002:808:808::1",
        "2003::1",
        "3ffe::1",
        "3fff:1000::1"
      })
  void allOthersArePublic(String literal) {
    assertTrue(ip(literal).isPublic());
    assertTrue(isPublicAmongOtherBytes(ip(literal)));
  }

  private static boolean isPublicAmongOtherBytes(IpAddress ip) {
    if (ip.isV4()) {
      return IpScope.isPublicV4(ip.v4Bits());
    }
    byte[] bytes = new byte[20];
    System.arraycopy(ip.toBytes(), 0, bytes, 3, 16);
    return IpScope.isPublicV6(bytes, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "::",
        "::ffff:0.0.0.0",
        "::ffff:224.0.0.1",
        "64:ff9b::255.255.255.255",
        "2002:e000:1::1",
        "2002:0:1::1",
        "2001:0:808:808::",
        "2001:0:808:808::1fff:ffff",
        "ff00::",
        "ff02::fb",
        "ff0e::1"
      })
  void noPeerIsAtAGroupOfHostsOrAtNone(String literal) {
    assertFalse(IpScope.isHost(ip(literal)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "10.0.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "192.0.2.1",
        "223.255.255.255",
        "240.0.0.1",
        "255.255.255.254",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "2001:0:808:808::f5ff:fffe",
        "2001:db8::1",
        "2002:a00:1::1",
        "fe80::1",
        "fd00::1"
      })
  void aPeerCanBeAtAnyOtherAddress(String literal) {
    assertTrue(IpScope.isHost(ip(literal)));
  }

  @Test
  void localNetworksAreThoseOfHostsBesideEachOther() {
    for (String literal :
        new String[] {
          "10.0.0.1",
          "100.64.0.1",
          "100.127.255.255",
          "169.254.0.1",
          "172.16.0.1",
          "172.31.255.255",
          "192.168.255.255",
          "fc00::1",
          "fdff::1",
          "fe80::1",
          "febf::1"
        }) {
      assertTrue(IpScope.isLocal(ip(literal)), literal);
      assertFalse(ip(literal).isPublic(), literal);
    }
    for (String literal :
        new String[] {
          "0.0.0.0",
          "8.8.8.8",
          "100.63.0.1",
          "100.128.0.1",
          "127.0.0.1",
          "169.253.0.1",
          "172.15.0.1",
          "172.32.0.1",
          "192.0.2.1",
          "192.167.0.1",
          "198.18.0.1",
          "224.0.0.1",
          "240.0.0.1",
          "::",
          "::1",
          "2001:db8::1",
          "2002:a00:1::1",
          "fec0::1",
          "ff02::1"
        }) {
      assertFalse(IpScope.isLocal(ip(literal)), literal);
    }
  }

  @Test
  void bothLooksAgreeThatNoPublicAddressIsNoHost() {
    assertEquals(
        0,
        java.util.stream.IntStream.range(0, 1 << 16)
            .map(i -> i << 16 | 0x0101)
            .filter(IpScope::isPublicV4)
            .filter(bits -> !IpScope.isHost(IpAddress.ofV4Bits(bits)))
            .count());
  }

  private static IpAddress ip(String literal) {
    return requireNonNull(IpAddress.parse(literal), literal);
  }
}
