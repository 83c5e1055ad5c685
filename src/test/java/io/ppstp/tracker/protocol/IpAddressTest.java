package io.ppstp.tracker.protocol;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "255.255.255.255", "9.10.99.100"})
  void v4LiteralsAreWrittenAsRead(String literal) {
    IpAddress address = parsed(literal);

    assertTrue(address.isV4());
    assertEquals(literal, address.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "256.0.0.1",
        "1.2.3.999",
        "01.2.3.4",
        "1.2.3.00",
        "1.2.3.0004",
        "-1.2.3.4",
        "+1.2.3.4",
        "0x1.2.3.4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4:80",
        "1.2.3.a",
        "١.2.3.4",
        "localhost",
        "tracker.example"
      })
  void whatIsNoV4LiteralIsRefused(String text) {
    assertNull(IpAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        ":::",
        "1:",
        ":1",
        "::1:",
        ":1::",
        "1:::2",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "12345::",
        "g::",
        "١::",
        "-1::",
        "::1%eth0",
        "[::1]",
        "::1/64",
        " ::1",
        "::1.2.3",
        "::1.2.3.4.5",
        "::1.2.3.04",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "0000:0000:0000:0000:0000:00000:255.255.255.255"
      })
  void whatIsNoV6LiteralIsRefused(String text) {
    assertNull(IpAddress.parse(text));
  }

  @ParameterizedTest(name = "RFC 5952: {0} is written {1}")
  @CsvSource({
    // Section 1
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:0:1::1, 2001:db8::1:0:0:1",
    "2001:db8:0000:0:1::1, 2001:db8::1:0:0:1",
    "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
    // Section 2
    "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
    "2001:db8:aaaa:bbbb:cccc:dddd::1, 2001:db8:aaaa:bbbb:cccc:dddd:0:1",
    "2001:db8::aaaa:0:0:1, 2001:db8::aaaa:0:0:1",
    "2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa",
    // Section 4
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8::0:1, 2001:db8::1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    // Section 5
    "0:0:0:0:0:ffff:192.0.2.1, ::ffff:192.0.2.1",
    "::FFFF:C000:201, ::ffff:192.0.2.1",
    // the edges of the longest run
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
  })
  void v6LiteralsAreWrittenCanonically(String literal, String canonical) {
    IpAddress address = parsed(literal);

    assertFalse(address.isV4());
    assertEquals(canonical, address.toString());
    assertEquals(parsed(canonical), address);
    assertEquals(parsed(canonical).hashCode(), address.hashCode());
  }

  @Test
  void bytesOfAMappedV4AddressStayWhatTheyAre() {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    System.arraycopy(parsed("192.0.2.1").toBytes(), 0, mapped, 12, 4);

    assertEquals(parsed("::ffff:192.0.2.1"), IpAddress.ofBytes(mapped));
  }

  @Test
  void onlyFourOrSixteenBytesAreAnAddress() {
    for (int length = 0; length < 20; length++) {
      byte[] bytes = new byte[length];
      if (length == 4 || length == 16) {
        assertArrayEquals(bytes, IpAddress.ofBytes(bytes).toBytes());
      } else {
        assertThrows(IllegalArgumentException.class, () -> IpAddress.ofBytes(bytes));
      }
    }
  }

  @Test
  void anAddressDoesNotChangeWithTheArraysAroundIt() {
    byte[] bytes = {1, 2, 3, 4};
    IpAddress address = IpAddress.ofBytes(bytes);

    bytes[0] = 9;
    address.toBytes()[1] = 9;

    assertEquals("1.2.3.4", address.toString());
  }

  @Test
  void aV4AddressIsNotTheV6AddressOfTheSameDigits() {
    assertNotEquals(parsed("192.0.2.1"), parsed("::192.0.2.1"));
  }

  @Test
  void anyAddressReadsBackFromItsText() throws UnknownHostException {
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < 20_000; i++) {
      IpAddress address = IpAddress.ofBytes(randomBytes(random));
      String text = address.toString();

      assertEquals(address, parsed(text), text);
      assertArrayEquals(InetAddress.getByName(text).getAddress(), address.toBytes(), text);
      assertFalse(text.matches("(^|.*:)0[0-9a-f]+.*|.*[A-Z].*|.*:0:0:0:0:.*"), text);
    }
  }

  /** Mostly zero groups, so that runs of zeros of every length and place come up. */
  private static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(4) == 0 ? 4 : 16];
    for (int i = 0; i < bytes.length; i += 2) {
      int group = random.nextInt(3) == 0 ? random.nextInt(1 << random.nextInt(1, 17)) : 0;
      bytes[i] = (byte) (group >> 8);
      bytes[i + 1] = (byte) group;
    }
    return bytes;
  }

  private static IpAddress parsed(String literal) {
    return requireNonNull(IpAddress.parse(literal), literal);
  }

  @Test
  void aMappedV4AddressIsThatV4Address() {
    assertEquals(parsed("192.0.2.1"), parsed("::ffff:192.0.2.1").unmapped());
    for (String other : new String[] {"192.0.2.1", "::192.0.2.1", "::fffe:c000:201", "1::1"}) {
      assertEquals(parsed(other), parsed(other).unmapped());
    }
  }
}
