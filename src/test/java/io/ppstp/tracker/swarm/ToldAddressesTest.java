package io.ppstp.tracker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others are told of a peer's addresses under each setting, and what is counted. */
class ToldAddressesTest {
  private static final Pattern TOLD = Pattern.compile("\"address\":\"([^\"]*)\"},\"port\":(\\d+)");

  // Public addresses: those for documentation are none.
  private static final String HOME = "20.0.2.7";
  private static final String ELSEWHERE = "21.51.100.9";

  private final LocalStore store = new LocalStore(100);
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final Map<Withheld, Integer> withheld = new EnumMap<>(Withheld.class);
  private int requests;

  /** A peer may offer a swarm again, at other addresses. */
  private SwarmManager manager(String... settings) throws ConfigException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("policy.connect=additive");
    return new SwarmManager(
        store,
        SwarmRules.of(ConfigLoader.load(null, Map.of(), all)),
        clock,
        new SwarmServices(
            event -> {},
            ignored -> {},
            (reason, count) -> withheld.merge(reason, count, Integer::sum),
            () -> 7));
  }

  private static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal));
  }

  private static PeerAddress at(String ip, int port, AddressType type) {
    return new PeerAddress(ip(ip), port, 1, type, null, null, null);
  }

  private static PeerAddress at(String ip, int port) {
    return at(ip, port, AddressType.HOST);
  }

  private static Requester known(String ip) {
    Identity owner = new Identity("owner", "test", Permissions.ANY, Permissions.ANY);
    return new Requester(ip(ip), 40_000, new AuthState.Authenticated(owner));
  }

  private static Requester from(String ip) {
    return new Requester(ip(ip), 40_000);
  }

  private void offer(SwarmManager manager, Requester from, PeerAddress... addresses) {
    join(manager, "p", from, PeerMode.SEEDER, addresses);
  }

  /** Returns what somebody who is seen at {@code ip} is told, as address and port. */
  private List<String> told(SwarmManager manager, String ip) {
    String answer = join(manager, "viewer-" + ip, from(ip), PeerMode.LEECH);
    String list = answer.substring(answer.indexOf("peer_group"));
    List<String> told = new ArrayList<>();
    TOLD.matcher(list).results().forEach(it -> told.add(it.group(1) + " " + it.group(2)));
    return told;
  }

  private String join(
      SwarmManager manager, String peer, Requester from, PeerMode mode, PeerAddress... addresses) {
    Request.Connect request =
        new Request.Connect(
            "t" + ++requests,
            peer,
            requests,
            null,
            List.of(addresses),
            List.of(new SwarmAction("s", Action.JOIN, mode)));
    Answer answer = manager.handle(request, from).toCompletableFuture().join();
    assertTrue(answer.code().isSuccess(), () -> answer.code() + " for " + request);
    return new String(answer.body(), UTF_8);
  }

  private int withheld(Withheld reason) {
    return withheld.getOrDefault(reason, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.251",
        "239.255.255.250",
        "255.255.255.255",
        "::",
        "ff02::fb",
        "2002:e000:fb::1"
      })
  void nobodyIsToldAnAddressThatCannotBeAPeers(String ip) throws Exception {
    for (String trust : List.of("observed", "observed-always", "advertised")) {
      withheld.clear();
      SwarmManager manager = manager("addresses.trust=" + trust, "addresses.private=anyone");
      offer(manager, known(HOME), at(ip, 5000), at(HOME, 4000));

      assertEquals(List.of(HOME + " 4000"), told(manager, ELSEWHERE), trust);
      assertEquals(1, withheld(Withheld.UNUSABLE), trust);
      assertEquals(0, withheld(Withheld.UNPROVEN), trust);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {19, 22, 25, 53, 111, 123, 137, 161, 389, 1900, 5060, 5353, 11_211})
  void noPortOfAServiceIsTold(int port) throws Exception {
    SwarmManager manager = manager("addresses.trust=advertised");
    offer(manager, known(HOME), at(ELSEWHERE, port), at(HOME, 4000));

    assertEquals(List.of(HOME + " 4000"), told(manager, ELSEWHERE));
    assertEquals(1, withheld(Withheld.REFUSED_PORT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 80, 443, 999, 1024, 6881, 8080, 65_535})
  void thePortsOfPeersAreTold(int port) throws Exception {
    SwarmManager manager = manager();
    offer(manager, from(HOME), at(HOME, port));

    assertEquals(List.of(HOME + " " + port), told(manager, ELSEWHERE));
    assertEquals(0, withheld(Withheld.REFUSED_PORT));
  }

  @Test
  void whichPortsAreRefusedIsASetting() throws Exception {
    SwarmManager manager = manager("addresses.refused-ports=4000-4010,5000");
    for (int port : new int[] {4000, 4010, 5000}) {
      offer(manager, from(HOME), at(HOME, port));
      assertEquals(List.of(), told(manager, ELSEWHERE));
    }
    for (int port : new int[] {53, 3999, 4011}) {
      offer(manager, from(HOME), at(HOME, port));
      assertEquals(List.of(HOME + " " + port), told(manager, ELSEWHERE));
    }
    offer(manager("addresses.refused-ports="), from(HOME), at(HOME, 53));
    assertEquals(List.of(HOME + " 53"), told(manager, ELSEWHERE));
  }

  /** What it says last counts, although nobody may be told. */
  @Test
  void aPeerThatMovesToARefusedPortIsNoLongerListedWhereItWas() throws Exception {
    SwarmManager manager = manager();
    offer(manager, from(HOME), at(HOME, 4000));
    offer(manager, from(HOME));
    assertEquals(List.of(HOME + " 4000"), told(manager, ELSEWHERE), "it says nothing new");

    offer(manager, from(HOME), at(HOME, 53));
    assertEquals(List.of(), told(manager, ELSEWHERE));
    offer(manager, from(HOME));
    assertEquals(List.of(), told(manager, ELSEWHERE));
  }

  @Test
  void whereEverybodyCanSignUpNoIdentityVouches() throws Exception {
    SwarmManager observed = manager();
    offer(observed, known(HOME), at(ELSEWHERE, 4000), at(HOME, 4000));
    assertEquals(2, told(observed, ELSEWHERE).size());

    SwarmManager always = manager("addresses.trust=observed-always");
    offer(always, known(HOME), at(ELSEWHERE, 4000), at(HOME, 4000));
    assertEquals(List.of(HOME + " 4000"), told(always, ELSEWHERE));
    assertEquals(1, withheld(Withheld.UNPROVEN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.7", "198.18.0.1", "2001:db8::7", "64:ff9b:1::7", "2002:a00:1::1"})
  void addressesOfNoOpenNetworkStayAmongNeighbours(String ip) throws Exception {
    SwarmManager manager = manager();
    offer(manager, from(ip), at(ip, 4000));

    assertEquals(List.of(ip + " 4000"), told(manager, ip));
    assertEquals(List.of(), told(manager, ELSEWHERE));
    assertEquals(1, withheld(Withheld.PRIVATE));
  }

  /** Nobody can be seen at a relay's address, so that only an identity can vouch for it. */
  @Test
  void aRelayIsToldOfAPeerThatIsVouchedForAndElseCounted() throws Exception {
    SwarmManager manager = manager();
    PeerAddress relay = at(ELSEWHERE, 50_000, AddressType.PROXY);
    offer(manager, from(HOME), relay);
    assertEquals(List.of(), told(manager, HOME));
    assertEquals(1, withheld(Withheld.RELAYED));
    assertEquals(0, withheld(Withheld.UNPROVEN));

    offer(manager, known(HOME), relay);
    assertEquals(List.of(ELSEWHERE + " 50000"), told(manager, HOME));
    assertEquals(1, withheld(Withheld.RELAYED));
  }

  /** Over the same NAT two peers can meet in their local network, whoever they are. */
  @Test
  void neighboursBehindANatAreToldTheLocalAddressAndOthersAreNot() throws Exception {
    SwarmManager manager = manager();
    PeerAddress nat = at(HOME, 40_000, AddressType.REFLEXIVE);
    PeerAddress lan = at("192.168.1.5", 4000);
    offer(manager, from(HOME), nat, lan);

    assertEquals(List.of(HOME + " 40000", "192.168.1.5 4000"), told(manager, HOME));
    assertEquals(0, withheld(Withheld.PRIVATE));
    assertEquals(List.of(HOME + " 40000"), told(manager, ELSEWHERE));
    assertEquals(1, withheld(Withheld.PRIVATE));
    assertEquals(0, withheld(Withheld.UNPROVEN));

    offer(manager, from(HOME), lan);
    assertEquals(List.of(), told(manager, HOME), "nothing proven beside it");
    assertEquals(1, withheld(Withheld.UNPROVEN));
  }
}
