package io.ppstp.tracker.domain.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.protocol.AddressWriter;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Lists are written from packed bytes; they must say what the addresses themselves would. */
class PackedAddressesTest {
  private static final String[] ALPHABETS = {
    "0123456789abcdef", "az~ !#[]}{,:", "a\"", "a\\", "\u0001\u001f ", "\u007f\u0080éÿ", "Ā€日", "😀"
  };

  private final SplittableRandom random = Seeds.random();

  @Test
  void entriesAreThoseOfTheAddressesOneByOne() {
    for (int i = 0; i < 20_000; i++) {
      List<PeerAddress> all = addresses(random.nextInt(1, 5));
      String id = id(random.nextInt(1, 40));
      boolean bestOnly = random.nextBoolean();
      boolean publicOnly = all.stream().anyMatch(a -> a.ip().isPublic()) && random.nextBoolean();
      JsonBuffer written = new JsonBuffer(random.nextInt(300));
      PeerAddresses packed = PeerAddresses.advertised(all, false);

      packed.writeTo(written, id, bestOnly, publicOnly);

      assertEquals(expected(all, id, bestOnly, publicOnly), text(written));
      assertEquals(all, packed.all());
      assertEquals(all.size(), packed.count());
      assertEquals(all.stream().anyMatch(a -> a.ip().isPublic()), packed.anyPublic());
      assertEquals(!all.stream().allMatch(a -> a.ip().isPublic()), packed.anyPrivate());
    }
  }

  @Test
  void whoNamedThemIsKeptWithAnyNumberOfThem() {
    for (int i = 0; i < 2_000; i++) {
      List<PeerAddress> all = addresses(random.nextInt(4));

      for (boolean vouched : new boolean[] {false, true}) {
        PeerAddresses named = again(new PeerAddresses(all, true, vouched));
        assertTrue(named.advertised());
        assertEquals(vouched, named.vouched());
        assertEquals(all, named.all());
        assertEquals(!all.isEmpty(), named.isListable());
        PeerAddresses seen = again(new PeerAddresses(all, false, vouched));
        assertFalse(seen.advertised());
        assertFalse(seen.vouched());
        assertEquals(all, seen.all());
        assertNotEquals(named, seen);
      }
    }
  }

  private static PeerAddresses again(PeerAddresses addresses) {
    return PeerAddresses.ofPacked(addresses.packed());
  }

  /** C2 of Java 17 took a public address for a private one, some tens of thousands of calls in. */
  @Test
  void whatIsPublicStaysPublicHoweverOftenItIsAsked() {
    String[] open = {"22.0.113.", "21.51.100.", "20.0.2.", "2a00:db8:1::", "2a00:db8::"};
    String[] closed = {"10.0.0.", "fe80::"};
    AddressRules confined = new AddressRules(false, true, 0);
    for (int i = 0; i < 300_000; i++) {
      List<PeerAddress> all = new ArrayList<>();
      boolean anyClosed = false;
      for (int count = random.nextInt(4); count > 0; count--) {
        boolean isClosed = random.nextInt(7) < 2;
        String[] places = isClosed ? closed : open;
        anyClosed |= isClosed;
        all.add(at(places[random.nextInt(places.length)] + (1 + random.nextInt(9))));
      }

      Listing listing =
          Listing.of(PeerAddresses.advertised(all, false), Observed.NOTHING, confined);

      assertEquals(anyClosed ? Observed.NOTHING : null, listing.confinedTo(), all::toString);
    }
  }

  private static PeerAddress at(String literal) {
    IpAddress ip = Objects.requireNonNull(IpAddress.parse(literal));
    return new PeerAddress(ip, 80, 1, AddressType.HOST, null, null, null);
  }

  @Test
  void everyNumberAndEveryOctetIsSpelledOut() {
    for (int shift = 0; shift < 63; shift++) {
      for (long number : new long[] {1L << shift, (1L << shift) - 1, Long.MAX_VALUE >> shift}) {
        assertEquals(Long.toString(number), text(new JsonBuffer(0).number(number)));
      }
    }
    for (long power = 1; power > 0 && power < Long.MAX_VALUE / 10; power *= 10) {
      assertEquals(Long.toString(power), text(new JsonBuffer(0).number(power)));
      assertEquals(Long.toString(power - 1), text(new JsonBuffer(0).number(power - 1)));
    }
    for (int octet = 0; octet < 256; octet++) {
      byte[] ip = {(byte) octet, (byte) (255 - octet), (byte) (octet * 7), (byte) octet};
      JsonBuffer out = new JsonBuffer(0);
      AddressWriter.ip(out, IpAddress.ofBytes(ip).v4Bits());
      String text = text(out);
      assertEquals(IpAddress.ofBytes(ip).toString(), text.substring(text.lastIndexOf('"') + 1));
    }
  }

  private static String expected(
      List<PeerAddress> all, String id, boolean bestOnly, boolean publicOnly) {
    List<String> entries = new ArrayList<>();
    for (PeerAddress address : all) {
      if (!(bestOnly && !entries.isEmpty()) && !(publicOnly && !address.ip().isPublic())) {
        entries.add(entry(id, address));
      }
    }
    return String.join(",", entries);
  }

  /** Spells an entry out without any of the code under test. */
  private static String entry(String id, PeerAddress address) {
    return "{\"peer_id\":\""
        + quoted(id)
        + "\",\"peer_addr\":{\"ip_address\":{\"address_type\":\""
        + (address.ip().isV4() ? "ipv4" : "ipv6")
        + "\",\"address\":\""
        + address.ip()
        + "\"},\"port\":"
        + address.port()
        + ",\"priority\":"
        + address.priority()
        + ",\"type\":\""
        + address.type()
        + '"'
        + (address.access() == null ? "" : member("connection", address.access().wireName()))
        + (address.asn() == null ? "" : member("asn", address.asn()))
        + (address.peerProtocol() == null ? "" : member("peer_protocol", address.peerProtocol()))
        + "}}";
  }

  private static String member(String name, String value) {
    return ",\"" + name + "\":\"" + quoted(value) + '"';
  }

  private static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  private static String text(JsonBuffer written) {
    return new String(written.toByteArray(), UTF_8);
  }

  private String id(int length) {
    StringBuilder id = new StringBuilder();
    String usual = ALPHABETS[0];
    for (int i = 0; i < length; i++) {
      String from = random.nextInt(12) == 0 ? ALPHABETS[random.nextInt(ALPHABETS.length)] : usual;
      int[] characters = from.codePoints().toArray();
      id.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return id.toString();
  }

  private List<PeerAddress> addresses(int count) {
    List<PeerAddress> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          new PeerAddress(
              ip(),
              random.nextInt(1, 65_536),
              random.nextLong() >>> random.nextInt(1, 64),
              List.of(AddressType.values()).get(random.nextInt(3)),
              random.nextBoolean() ? null : List.of(AccessType.values()).get(random.nextInt(2)),
              random.nextBoolean() ? null : Integer.toString(random.nextInt(1, 99_999)),
              random.nextBoolean() ? null : id(random.nextInt(1, 20))));
    }
    return all;
  }

  private IpAddress ip() {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    if (random.nextInt(3) == 0) {
      bytes[0] = 10;
    }
    return IpAddress.ofBytes(bytes);
  }
}
