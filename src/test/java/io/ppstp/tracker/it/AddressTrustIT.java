package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What peers are told of each other's addresses, for peers at several addresses of a machine. */
class AddressTrustIT {
  private static final String VICTIM = "21.51.100.9";

  @Test
  void noPeerCanPointASwarmAtAVictim() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts().set("addresses.private", "anyone").start()) {
      offer(tracker, "127.0.0.2");

      assertEquals(Set.of("127.0.0.2"), told(tracker, "127.0.0.3"));
      assertEquals(2.0, withheld(tracker, "unproven"));
      assertEquals(0.0, withheld(tracker, "private"));
    }
  }

  @Test
  void addressesThatAreNotPublicGoToPeersSeenFromTheSameAddressOnly() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      offer(tracker, "127.0.0.2");

      assertEquals(Set.of("127.0.0.2"), told(tracker, "127.0.0.2"));
      assertEquals(Set.of(), told(tracker, "127.0.0.4"));
      assertEquals(1.0, withheld(tracker, "private"));
    }
  }

  /** As two peers in one home are, of which the tracker sees the address of the NAT. */
  @Test
  void neighboursAreToldTheLocalAddressBesideAProvenOne() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      Message offer =
          Message.connect("p", "1")
              .address("127.0.0.2", 4000, 2, "REFLEXIVE")
              .address("192.168.1.5", 4001, 3, "HOST")
              .address(VICTIM, 4002, 1, "PROXY")
              .address("224.0.0.251", 5000)
              .address("127.0.0.2", 53);
      post("127.0.0.2", tracker.http(), offer.joinAsSeeder("s"));

      assertEquals(Set.of("127.0.0.2", "192.168.1.5"), told(tracker, "127.0.0.2"));
      assertEquals(Set.of(), told(tracker, "127.0.0.4"));
      assertEquals(2.0, withheld(tracker, "private"));
      assertEquals(1.0, withheld(tracker, "relayed"));
      assertEquals(1.0, withheld(tracker, "unusable"));
      assertEquals(1.0, withheld(tracker, "refused_port"));
      assertEquals(0.0, withheld(tracker, "unproven"));

      JsonNode peer = Json.parse(tracker.management().get("/api/v1/peers/p").body());
      assertEquals("[\"127.0.0.2\"]", peer.path("seen_at").toString());
      assertEquals("{\"s\":\"SEEDER\"}", peer.path("memberships").toString());
      assertTrue(peer.path("listed").asBoolean());
      Map<String, String> why = new TreeMap<>();
      for (JsonNode address : peer.path("addresses")) {
        why.put(
            address.path("ip").asText(),
            address.path("told_to").asText() + ", " + address.path("why").asText());
      }
      assertEquals(
          Map.of(
              "127.0.0.2",
              "same_address, private",
              "192.168.1.5",
              "same_address, private",
              VICTIM,
              "nobody, relayed"),
          why);
      assertEquals(404, tracker.management().get("/api/v1/peers/nobody").statusCode());
      URI management = tracker.management().uri();
      assertEquals(200, statusFor(management, "localhost:" + management.getPort()));
      assertEquals(403, statusFor(management, "rebound.example"));
    }
  }

  @Test
  void aMappedAddressIsThatIpv4Address() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      Message offer = Message.connect("p", "1").address("::ffff:127.0.0.2", 4000);
      post("127.0.0.2", tracker.http(), offer.joinAsSeeder("s"));

      assertEquals(Set.of("127.0.0.2"), told(tracker, "127.0.0.2"));
    }
  }

  @Test
  void bothRulesCanBeSwitchedOff() throws Exception {
    Map<String, String> open =
        Map.of("addresses.trust", "advertised", "addresses.private", "anyone");
    TrackerProcess.Builder builder = TrackerProcess.onFreePorts();
    open.forEach(builder::set);
    try (TrackerProcess tracker = builder.start()) {
      offer(tracker, "127.0.0.2");

      assertEquals(Set.of("127.0.0.2", "127.0.0.3", VICTIM), told(tracker, "127.0.0.4"));
      assertEquals(0.0, withheld(tracker, "unproven"));
    }
  }

  @Test
  void aPeerThatIsSeenOverBothFamiliesIsListedWithBoth() throws Exception {
    assumeTrue(hasIpv6(), "skipped: this machine has no IPv6");
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("http.host", "::")
            .set("http.allow-plain-text", true)
            .set("addresses.private", "anyone")
            .start()) {
      int port = tracker.http().getPort();
      URI v4 = URI.create("http://127.0.0.1:" + port);
      URI v6 = URI.create("http://[::1]:" + port);
      Message offer = Message.connect("p", "1").address("127.0.0.2", 4000).address("::1", 4001);
      String proof =
          "PPSTP-Registration: "
              + post("127.0.0.2", v4, offer.joinAsSeeder("s")).header("ppstp-registration");
      assertEquals(Set.of("127.0.0.2"), told("127.0.0.3", v4, "a"));

      post("::1", v6, Message.statReport("p", "2"), proof);

      assertEquals(Set.of("127.0.0.2", "::1"), told("127.0.0.3", v4, "b"));
      // It moves within a family: the old address is no longer its own.
      post("127.0.0.5", v4, Message.statReport("p", "3"), proof);
      assertEquals(Set.of("::1"), told("::1", v6, "c"));
    }
  }

  /** Offers a swarm at an address of the peer's own, at another machine's and at a victim's. */
  private static void offer(TrackerProcess tracker, String from) throws IOException {
    Message offer =
        Message.connect("p", "1")
            .address("127.0.0.2", 4000)
            .address("127.0.0.3", 4001)
            .address(VICTIM, 80);
    post(from, tracker.http(), offer.joinAsSeeder("s"));
  }

  private static Set<String> told(TrackerProcess tracker, String from) throws IOException {
    return told(from, tracker.http(), "viewer at " + from);
  }

  private static Set<String> told(String from, URI server, String peer) throws IOException {
    Message join = Message.connect(peer, from).joinAsLeech("s");
    Set<String> addresses = new TreeSet<>();
    for (JsonNode entry : post(from, server, join).entries("s")) {
      addresses.add(entry.path("peer_addr").path("ip_address").path("address").textValue());
    }
    return addresses;
  }

  private static Reply post(String from, URI server, Message message, String... headers)
      throws IOException {
    try (RawConnection connection = RawConnection.from(from, server)) {
      connection.post(message.bytes(), headers);
      return connection.receive().expectSuccess();
    }
  }

  /** Asks as a web page does whose own name has been made to lead to this machine. */
  private static int statusFor(URI management, String host) throws IOException {
    try (Socket socket = new Socket(management.getHost(), management.getPort())) {
      String request = "GET /api/v1/peers/p HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length()));
    }
  }

  private static double withheld(TrackerProcess tracker, String reason) throws Exception {
    return tracker
        .management()
        .metric("ppstp_addresses_withheld_total{reason=\"" + reason + "\"}")
        .orElse(-1.0);
  }

  private static boolean hasIpv6() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
  }
}
