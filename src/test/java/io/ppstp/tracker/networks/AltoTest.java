package io.ppstp.tracker.networks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps of ALTO, with the examples of RFC 7285. */
class AltoTest {
  private static final String TAG = "da65eca2eb7a10ce8b059740b0b2e3f8eb1d4785";
  private static final int PID1 = Place.networkOfPid(AltoServer.MAP, "PID1");
  private static final int PID2 = Place.networkOfPid(AltoServer.MAP, "PID2");

  @TempDir private Path folder = Path.of("set by JUnit");

  private static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal));
  }

  private static NetworkTables over(URI... urls) throws IOException {
    return NetworkTables.of(List.of(), List.of(urls));
  }

  private static void assertIsTheExample(NetworkTables tables) {
    assertEquals(PID1, tables.networkOf(ip("192.0.2.7")));
    assertEquals(PID1, tables.networkOf(ip("198.51.100.127")));
    assertEquals(PID2, tables.networkOf(ip("198.51.100.128")));
    assertEquals(
        Place.networkOfPrefix(ip("203.0.113.1")),
        tables.networkOf(ip("203.0.113.1")),
        "the rest of the Internet is no neighbourhood");
    assertEquals(new PathCosts(new int[] {PID1, PID2}, new float[] {1, 5}), costs(tables, 1));
    assertEquals(new PathCosts(new int[] {PID2, PID1}, new float[] {1, 5}), costs(tables, 200));
    assertEquals(
        new PathCosts(new int[] {PID2, PID1}, new float[] {15, 20}),
        tables.costsFrom(ip("2001:db8::1")));
    assertFalse(tables.haveTables(), "it knows no autonomous systems");
  }

  private static PathCosts costs(NetworkTables tables, int last) {
    return tables.costsFrom(ip("198.51.100." + last));
  }

  @Test
  void aDirectoryLeadsToTheMaps() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      NetworkTables tables = over(server.url("/directory"));
      assertEquals(PathCosts.NONE, costs(tables, 1));
      assertEquals(List.of(), tables.refresh());

      assertIsTheExample(tables);
      assertEquals(
          List.of("GET /directory", "GET /networkmap", "GET /costmap/num/routingcost"),
          server.asked());
    }
  }

  @Test
  void whatIsOnlyToBeHadFilteredIsAskedForWhole() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      NetworkTables tables = over(server.url("/maps"));
      assertEquals(List.of(), tables.refresh());

      assertIsTheExample(tables);
      assertEquals(
          List.of(
              "GET /maps",
              "POST /networkmap/filtered {\"pids\":[]}",
              "POST /costmap/filtered {\"cost-type\":{\"cost-mode\":\"numerical\","
                  + "\"cost-metric\":\"routingcost\"},\"pids\":{\"srcs\":[],\"dsts\":[]}}"),
          server.asked());
    }
  }

  @Test
  void aDirectoryMayLeaveCostsToAnother() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      server.say(
          "/root",
          """
          { "meta": { "default-alto-network-map": "my-default-network-map" },
            "resources": {
              "my-default-network-map": {
                "uri": "networkmap", "media-type": "application/alto-networkmap+json" },
              "more": { "uri": "SERVER/maps", "media-type": "application/alto-directory+json" } } }
          """);
      NetworkTables tables = over(server.url("/root"));
      assertEquals(List.of(), tables.refresh());
      assertIsTheExample(tables);
    }
  }

  @Test
  void mapsOfTwoUrlsComeTogetherAlsoWhenBothAreNew() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      NetworkTables tables =
          over(server.url("/costmap/num/routingcost"), server.url("/networkmap"));
      assertEquals(List.of(), tables.refresh());
      assertIsTheExample(tables);

      server.take("2", AltoServer.PIDS, "{\"PID1\":{\"PID2\":7}}");
      assertEquals(List.of(), tables.refresh());
      assertEquals(new PathCosts(new int[] {PID2}, new float[] {7}), costs(tables, 1));
    }
  }

  @Test
  void theLastGoodMapsStayUntilNewOnesAreGood() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      NetworkTables tables = over(server.url("/directory"));
      tables.refresh();
      String costs = server.url("/costmap/num/routingcost").toString();

      server.say(
          "/costmap/num/routingcost", AltoServer.costMap("stale", "numerical", AltoServer.COSTS));
      assertRefused(
          tables,
          server.url("/directory")
              + ": costs of version stale of the network map my-default-network-map, that is at"
              + " version "
              + TAG);
      server.forget("/costmap/num/routingcost");
      assertRefused(tables, costs + ": HTTP status 404");
      server.say("/costmap/num/routingcost", "{\"meta\":{},\n\"cost-map\":");
      assertRefused(tables, costs + ": line 2: is no JSON of ALTO");
      server.say("/directory", "{\"meta\":{},\"resources\":{}}");
      assertRefused(tables, server.url("/directory") + ": the directory has no network map");

      server.stop();
      assertEquals(1, tables.refresh().size());
      assertIsTheExample(tables);
    }
  }

  private static void assertRefused(NetworkTables tables, String fault) {
    assertEquals(List.of(fault), tables.refresh());
    assertIsTheExample(tables);
  }

  @Test
  void whoAnswersTooMuchOrTooSlowlyIsLetGoOf() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      server.say("/long", " ".repeat(100_000));
      AltoExchange exchange = new AltoExchange(Duration.ofSeconds(20), 50_000);
      IOException refusal =
          assertThrows(IOException.class, () -> exchange.get(server.url("/long"), "x"));
      assertEquals(server.url("/long") + ": more than 50000 bytes", refusal.getMessage());
      assertThrows(IOException.class, () -> exchange.get(URI.create("file:///etc/passwd"), "x"));
    }
    try (java.net.ServerSocket silent =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      AltoExchange exchange = new AltoExchange(Duration.ofMillis(50), 50_000);
      assertThrows(TableException.class, () -> exchange.get(url, "x"));
    }
  }

  @Test
  void filesHaveMapsToo() throws IOException {
    Path pids = folder.resolve("pids.json");
    Path costs = folder.resolve("costs.json");
    Path asns = Files.writeString(folder.resolve("pfx2as"), "192.0.0.0 8 7\n203.0.0.0 8 9\n");
    Files.writeString(pids, "\n" + AltoServer.networkMap(TAG, AltoServer.PIDS));
    Files.writeString(costs, AltoServer.costMap(TAG, "numerical", AltoServer.COSTS));
    NetworkTables tables = NetworkTables.of(List.of(costs, asns, pids));

    assertEquals(PID1, tables.networkOf(ip("192.0.2.7")), "a PID comes before a system");
    assertEquals(7, tables.asnOf(ip("192.0.2.7")));
    assertEquals(9, tables.networkOf(ip("203.0.113.1")));
    assertEquals(new PathCosts(new int[] {PID1, PID2}, new float[] {1, 5}), costs(tables, 1));

    Files.writeString(pids, AltoServer.networkMap("new", AltoServer.PIDS));
    assertThrows(IOException.class, tables::reload);
    Files.writeString(costs, AltoServer.costMap("new", "numerical", "{\"PID1\":{\"PID1\":2.5}}"));
    tables.reload();
    assertEquals(new PathCosts(new int[] {PID1}, new float[] {2.5f}), costs(tables, 1));
  }

  /** The last is the example of Section 11.3.1.7, whose second PID has a prefix of the first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'PID 1':{}} | the name of a PID is none",
        "{'a':{},'a':{}} | PID a is there twice",
        "{'a':{'ipv4':['1.2.3.4']}} | PID a has a prefix that is none",
        "{'a':{'ipv4':['1.2.3.0/33']}} | PID a has a prefix that is none",
        "{'a':{'ipv4':['::/0']}} | PID a has a prefix that is none",
        "{'a':{'ipv4':'1.2.3.0/24'}} | the prefixes of PID a are no array",
        "[] | network-map is no object",
        "{'PID1':{'ipv4':['192.0.2.0/24','198.51.100.0/24']},'PID2':{'ipv4':['198.51.100.128/24']}}"
            + " | a prefix is in two PIDs"
      })
  void aBadNetworkMapIsRefused(String pids, String fault) {
    assertEquals(fault, refusal(AltoServer.networkMap(TAG, pids.replace('\'', '"'))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'b':-1}} | a cost of PID a is none",
        "{'a':{'b':'1'}} | a cost of PID a is none",
        "{'a':{'b':1e60}} | a cost of PID a is none",
        "{'a':{},'a':{}} | PID a is there twice",
        "{'a':1} | what a PID costs is no object"
      })
  void badCostsAreRefused(String costs, String fault) {
    assertEquals(fault, refusal(AltoServer.costMap(TAG, "numerical", costs.replace('\'', '"'))));
  }

  @Test
  void whatIsSomethingElseIsRefused() {
    assertEquals(
        "the costs are of another type than numerical routingcost",
        refusal(AltoServer.costMap(TAG, "ordinal", "{}")));
    assertEquals(
        "meta has no vtag with a resource-id and a tag",
        refusal("{\"meta\":{},\"network-map\":{}}"));
    assertEquals(
        "is neither a network map nor a cost map nor a directory of ALTO", refusal("{\"a\":[1]}"));
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i <= AltoNames.MOST_PIDS; i++) {
      many.append(i == 0 ? "" : ",").append("\"p").append(i).append("\":{}");
    }
    assertEquals("more than 10000 PIDs", refusal(AltoServer.networkMap(TAG, many + "}")));
  }

  private static String refusal(String text) {
    IOException refusal =
        assertThrows(
            TableException.class,
            () ->
                AltoReader.read(
                    new ByteArrayInputStream(text.getBytes(UTF_8)), URI.create("http://a/")));
    return String.valueOf(refusal.getMessage());
  }

  @Test
  void whateverBytesComeItIsReadOrRefusedInOneLine() throws IOException {
    SplittableRandom random = Seeds.random();
    byte[] good = AltoServer.costMap(TAG, "numerical", AltoServer.COSTS).getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        AltoReader.read(new ByteArrayInputStream(bytes), URI.create("http://a/"));
      } catch (TableException e) {
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
      }
    }
  }

  @Test
  void theCheapestAreKeptOfMany() throws IOException {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 50; round++) {
      int size = 1 + random.nextInt(60);
      List<Integer> all = new ArrayList<>();
      StringBuilder json = new StringBuilder("{\"a\":{");
      for (int i = 0; i < size; i++) {
        all.add(random.nextInt(100));
        json.append(i == 0 ? "" : ",").append("\"p").append(i).append("\":").append(all.get(i));
      }
      var map =
          (AltoDocument.CostMap)
              AltoReader.read(
                  new ByteArrayInputStream(
                      AltoServer.costMap(TAG, "numerical", json + "}}").getBytes(UTF_8)),
                  URI.create("http://a/"));
      PathCosts kept =
          Objects.requireNonNull(map.bySource().get(Place.networkOfPid(AltoServer.MAP, "a")));
      List<Integer> sorted = all.stream().sorted(Comparator.naturalOrder()).toList();
      assertEquals(Math.min(size, PathCosts.MOST), kept.size());
      for (int i = 0; i < kept.size(); i++) {
        assertEquals(sorted.get(i).floatValue(), kept.costAt(i));
      }
    }
  }

  @Test
  void theRestIsABoundOfWhatIsCheap() throws IOException {
    try (AltoServer server = AltoServer.at(TAG)) {
      server.take("2", AltoServer.PIDS, "{\"PID1\":{\"PID1\":1,\"PID2\":5,\"PID3\":5}}");
      NetworkTables tables = over(server.url("/directory"));
      tables.refresh();
      assertEquals(new PathCosts(new int[] {PID1}, new float[] {1}), costs(tables, 1));
      assertNotEquals(PID1, PID2);
      assertTrue(PID1 < 0, "no autonomous system");
    }
  }
}
