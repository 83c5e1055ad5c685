package io.ppstp.tracker.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.testing.Seeds;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of addresses. */
class IpPrefixTest {

  static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal), literal);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7/32",
    "192.0.2.7/24, 192.0.2.0/24",
    "255.255.255.255/1, 128.0.0.0/1",
    "10.1.2.3/0, 0.0.0.0/0",
    "2001:db8:1:2:3:4:5:6/64, 2001:db8:1:2::/64",
    "2001:db8:1:2:3:4:5:6/65, 2001:db8:1:2::/65",
    "2001:db8::ffff/127, 2001:db8::fffe/127",
    "::1, ::1/128",
    "::ffff:192.0.2.7, 192.0.2.7/32",
    "::ffff:192.0.2.7/120, 192.0.2.0/24"
  })
  void spellings(String text, String canonical) {
    assertEquals(canonical, String.valueOf(IpPrefix.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "x",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "192.0.2.0/024",
        "192.0.2.0/",
        "192.0.2/24",
        "::/129",
        "::ffff:1.2.3.4/95",
        "192.0.2.0/9999999999",
        "fe80::1%lo/64",
        "192.0.2.0/2 4"
      })
  void spellNothing(String text) {
    assertNull(IpPrefix.parse(text));
    assertThrows(IllegalArgumentException.class, () -> CidrList.parse(List.of(text)));
  }

  @Test
  void aRangeHoldsWhatBeginsWithItsBits() {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 20_000; round++) {
      int length = random.nextBoolean() ? 4 : 16;
      byte[] one = new byte[length];
      random.nextBytes(one);
      byte[] other = one.clone();
      int flipped = random.nextInt(length * 8);
      other[flipped / 8] ^= (byte) (0x80 >>> (flipped % 8));
      int bits = random.nextInt(length * 8 + 1);
      IpPrefix range = IpPrefix.of(IpAddress.ofBytes(one), bits);

      // The twin: numbers, shifted.
      BigInteger mask = BigInteger.ONE.shiftLeft(length * 8 - bits).subtract(BigInteger.ONE);
      boolean same = new BigInteger(1, one).or(mask).equals(new BigInteger(1, other).or(mask));
      assertTrue(range.contains(IpAddress.ofBytes(one)), range::toString);
      assertEquals(same, range.contains(IpAddress.ofBytes(other)), range::toString);
      assertEquals(range, IpPrefix.parse(range.toString()));
    }
  }

  @Test
  void familiesAreKeptApartButMappedAddressesAreIpv4() {
    CidrList list = CidrList.parse(List.of("0.0.0.0/0", "::1"));

    assertTrue(list.contains(ip("203.0.113.1")));
    assertTrue(list.contains(ip("::ffff:203.0.113.1")));
    assertTrue(list.contains(ip("::1")));
    assertFalse(list.contains(ip("::2")));
    assertFalse(CidrList.parse(List.of("::/0")).contains(ip("::ffff:203.0.113.1")));
    assertFalse(CidrList.NONE.contains(ip("::")));
  }

  @Test
  void clientsAreTheirIpv4PrefixOrTheir64BitsOfIpv6() {
    assertEquals("192.0.2.0/24", IpPrefix.of(ip("192.0.2.9"), 24, 64).toString());
    assertEquals("2001:db8::/64", IpPrefix.of(ip("2001:db8::9:9:9:9"), 24, 64).toString());
  }
}
