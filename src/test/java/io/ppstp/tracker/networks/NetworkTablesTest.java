package io.ppstp.tracker.networks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.protocol.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTablesTest {
  private static final String TEXT =
      """
      # RouteViews
      21.0.0.0\t8\t100
      21.7.0.0\t16\t4808_4837
      21.7.1.0\t24\t7018,4538
      2a00:1234::\t32\t65550
      """;

  @TempDir private Path folder = Path.of("set by JUnit");

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal));
  }

  @Test
  void textSaysInWhichNetworkAnAddressIs() throws IOException {
    NetworkTables tables = NetworkTables.of(List.of(file("pfx2as", TEXT)));

    assertEquals(100, tables.asnOf(ip("21.1.1.1")));
    assertEquals(4808, tables.asnOf(ip("21.7.200.1")));
    assertEquals(7018, tables.asnOf(ip("21.7.1.255")));
    assertEquals(65550, tables.asnOf(ip("2a00:1234:5::1")));
    assertEquals(0, tables.asnOf(ip("22.0.0.0")));
    assertEquals(0, tables.asnOf(ip("2a00:1235::1")));
  }

  @Test
  void itMayBeCompressed() throws IOException {
    Path file = folder.resolve("pfx2as.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(TEXT.getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(100, NetworkTables.of(List.of(file)).asnOf(ip("21.1.1.1")));
  }

  @Test
  void aMaxMindFileSaysSoToo() throws IOException {
    Path file = folder.resolve("asn.mmdb");
    Files.write(
        file,
        MaxMindFile.of(
            "Test-ASN", "autonomous_system_number", Map.of("21.0.0.0/8", 100L, "22.7.0.0/16", 7L)));
    NetworkTables tables = NetworkTables.of(List.of(file));

    assertEquals(100, tables.asnOf(ip("21.1.1.1")));
    assertEquals(7, tables.asnOf(ip("22.7.200.1")));
    assertEquals(0, tables.asnOf(ip("22.8.0.1")));
    assertEquals(0, tables.asnOf(ip("2a00:1234::1")), "the table is one of IPv4");
  }

  @Test
  void whereNoSystemIsKnownItsCountryIsTheNetwork() throws IOException {
    Path file = folder.resolve("country.mmdb");
    Files.write(
        file,
        MaxMindFile.ofCountries("Test-Country", Map.of("21.0.0.0/8", "PT", "23.0.0.0/8", "PT")));
    NetworkTables tables = NetworkTables.of(List.of(file, file("own", "21.7.0.0 16 64512\n")));

    assertEquals(tables.networkOf(ip("21.1.1.1")), tables.networkOf(ip("23.9.9.9")));
    assertEquals(64512, tables.networkOf(ip("21.7.0.1")));
    assertEquals(Place.networkOfPrefix(ip("22.0.0.1")), tables.networkOf(ip("22.0.0.1")));
    assertEquals(0, Place.asnOf(tables.networkOf(ip("21.1.1.1"))));
    assertTrue(tables.haveTables());
    assertTrue(!NetworkTables.of(List.of(file)).haveTables(), "countries are no systems");
  }

  @Test
  void ofSeveralTheFirstThatKnowsCounts() throws IOException {
    NetworkTables tables =
        NetworkTables.of(
            List.of(file("own", "21.7.0.0 16 64512\n"), file("all", "21.0.0.0 8 100\n")));

    assertEquals(64512, tables.asnOf(ip("21.7.0.1")));
    assertEquals(100, tables.asnOf(ip("21.8.0.1")));
  }

  @Test
  void whatNoTableKnowsIsInTheNetworkOfItsPrefix() throws IOException {
    NetworkTables tables = NetworkTables.of(List.of(file("pfx2as", TEXT)));

    assertEquals(100, tables.networkOf(ip("21.1.1.1")));
    assertEquals(tables.networkOf(ip("23.1.1.1")), tables.networkOf(ip("23.1.1.255")));
    assertNotEquals(tables.networkOf(ip("23.1.1.1")), tables.networkOf(ip("23.1.2.1")));
    assertEquals(tables.networkOf(ip("2a01:1:2::1")), tables.networkOf(ip("2a01:1:2:ff::")));
    assertNotEquals(tables.networkOf(ip("2a01:1:2::1")), tables.networkOf(ip("2a01:1:3::1")));
    assertEquals(0, Place.asnOf(tables.networkOf(ip("23.1.1.1"))));
    assertEquals(Place.NOWHERE, tables.networkOf(null));
    assertTrue(NetworkTables.of(List.of()).networkOf(ip("1.2.3.4")) != Place.NOWHERE);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "21.0.0.0 8, 'has to be a prefix, its length and an AS number, with tabs between'",
        "21.0.0 8 1, the prefix is no IP address",
        "21.0.0.0 33 1, the length of the prefix is none",
        "21.0.0.0 8 AS1, the AS number is none",
        "21.0.0.0 8 0, the AS number is none",
        "21.0.0.0 8 4294967296, the AS number is none"
      })
  void aBadLineIsNamedByItsNumberAndTheOldTableStays(String line, String fault) throws IOException {
    Path file = file("pfx2as", TEXT);
    NetworkTables tables = NetworkTables.of(List.of(file));
    Files.writeString(file, "22.0.0.0\t8\t200\n" + line + "\n");

    String message = String.valueOf(assertThrows(IOException.class, tables::reload).getMessage());
    assertTrue(message.startsWith(file + ", line 2: "), message);
    assertEquals(100, tables.asnOf(ip("21.1.1.1")));
    assertEquals(0, tables.asnOf(ip("22.1.1.1")));

    Files.writeString(file, "22.0.0.0\t8\t200\n");
    tables.reload();
    assertEquals(200, tables.asnOf(ip("22.1.1.1")));
    assertEquals(0, tables.asnOf(ip("21.1.1.1")));
  }

  @Test
  void whatIsNoTableIsRefusedInOneLine() throws IOException {
    Path mmdb = folder.resolve("country.mmdb");
    Files.write(mmdb, MaxMindFile.of("Test-Country", "geoname_id", Map.of("21.0.0.0/8", 1L)));
    assertRefused(
        mmdb, "a MaxMind DB of kind Test-Country that has no numbers of autonomous systems");
    byte[] broken = MaxMindFile.of("Test-ASN", "asn", Map.of("21.0.0.0/8", 1L));
    Files.write(mmdb, Arrays.copyOfRange(broken, 30, broken.length));
    assertRefused(mmdb, "");
    Files.write(mmdb, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
    assertRefused(mmdb, "country.mmdb: ");
    assertRefused(folder, "");
    assertRefused(file("empty", ""), "has no prefix");
    assertRefused(folder.resolve("absent"), "there is no such file");
    assertRefused(folder.resolve("page.html"), "");
  }

  private void assertRefused(Path file, String reason) throws IOException {
    if (file.endsWith("page.html")) {
      Files.writeString(file, "<!DOCTYPE html>\n<p>not found");
    }
    String message =
        String.valueOf(
            assertThrows(IOException.class, () -> NetworkTables.of(List.of(file))).getMessage());
    assertTrue(message.contains(reason) && message.contains(file.toString()), message);
    assertEquals(-1, message.indexOf('\n'), message);
  }
}
