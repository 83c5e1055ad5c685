package io.ppstp.tracker.bittorrent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.AllowedSwarms;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.TrackerStore.Room;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Bencode;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.InterceptingStore;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The room over a store in the test's hands. */
class TorrentRoomTest {
  private static final String SWARM = "info_hash=swarm...............";
  private static final long TRACK_MS = 180_000;
  private static final int MOST_PEERS = 40;
  private static final int SMTP = 25;

  private final LocalStore state = new LocalStore(1000);
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final TorrentCounts counts = new TorrentCounts();
  private final List<TrackerEvent> events = new ArrayList<>();
  private AllowedSwarms allowed = AllowedSwarms.ofHashes(TorrentIds::bitTorrent, List.of());
  private boolean away;
  private final TorrentRoom room = room(false);

  private TorrentRoom room(boolean privateConfined) {
    InterceptingStore store =
        new InterceptingStore(state) {
          @Override
          protected <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation) {
            return away
                ? CompletableFuture.failedStage(new StoreUnavailableException("away"))
                : operation.get();
          }
        };
    BitSet refused = new BitSet();
    refused.set(SMTP);
    TorrentRules rules =
        new TorrentRules(
            new ConnectRules(ConnectPolicy.ADDITIVE, 1, Integer.MAX_VALUE, false, TRACK_MS),
            new AddressRules(true, privateConfined, 0),
            refused,
            MOST_PEERS);
    TorrentServices services =
        new TorrentServices(
            store,
            rules,
            Limits.unbounded(),
            events::add,
            new SwarmAccess(() -> allowed, clock),
            clock,
            counts);
    return new TorrentRoom(services, store, new SplittableRandom(7));
  }

  private static Requester at(String ip) {
    return new Requester(requireNonNull(IpAddress.parse(ip)), 50_000);
  }

  private static String announce(String peer, int port, String more) {
    return SWARM + "&peer_id=" + (peer + ".".repeat(20)).substring(0, 20) + "&port=" + port + more;
  }

  private Map<String, Object> send(String ip, String query) {
    return send(room, at(ip), query);
  }

  private static Map<String, Object> send(TorrentRoom to, Requester from, String query) {
    return Bencode.dictionary(to.answer(false, query, from).toCompletableFuture().join());
  }

  private Map<String, Object> announced(String ip, String peer, int port, String more) {
    Map<String, Object> answer = send(ip, announce(peer, port, more));
    assertFalse(answer.containsKey("failure reason"), answer::toString);
    return answer;
  }

  /** Returns addresses and ports as {@code ip:port}, in order. */
  private static List<String> peers(Map<String, Object> answer) {
    byte[] v4 = Bencode.text(answer, "peers").getBytes(ISO_8859_1);
    byte[] v6 = ((String) answer.getOrDefault("peers6", "")).getBytes(ISO_8859_1);
    List<String> peers = new ArrayList<>();
    for (int i = 0; i < v4.length; i += 6) {
      peers.add(endpoint(v4, i, 4));
    }
    for (int i = 0; i < v6.length; i += 18) {
      peers.add(endpoint(v6, i, 16));
    }
    return peers.stream().sorted().toList();
  }

  private static String endpoint(byte[] list, int at, int length) {
    byte[] ip = new byte[length];
    System.arraycopy(list, at, ip, 0, length);
    int port = (list[at + length] & 0xff) << 8 | (list[at + length + 1] & 0xff);
    return IpAddress.ofBytes(ip) + ":" + port;
  }

  private Census census() {
    return state.census().toCompletableFuture().join();
  }

  @Test
  void clientsFindEachOtherWhereTheyAreSeen() {
    Map<String, Object> first = announced("192.0.2.1", "a", 1001, "&left=9&ip=203.0.113.9");
    assertEquals(List.of(), peers(first));
    assertEquals(1L, first.get("incomplete"));
    assertEquals(0L, first.get("complete"));
    long interval = (Long) requireNonNull(first.get("interval"));
    assertTrue(interval >= 108 && interval <= 132, () -> "interval " + interval);
    assertEquals(interval / 2, first.get("min interval"));

    Map<String, Object> second = announced("2001:db8::2", "b", 1002, "&left=0");
    assertEquals(List.of("192.0.2.1:1001"), peers(second));
    assertEquals(1L, second.get("complete"));
    assertEquals(List.of("2001:db8::2:1002"), peers(announced("192.0.2.1", "a", 1001, "&left=9")));
    assertEquals(new Census(2, 1, 2), census());
  }

  @Test
  void nobodyDisplacesAnotherByItsPeerId() {
    announced("192.0.2.1", "a", 1001, "&left=0");
    announced("192.0.2.66", "a", 6666, "&left=9");
    announced("192.0.2.66", "a", 6666, "&event=stopped");

    Map<String, Object> seen = announced("192.0.2.3", "c", 1003, "&left=9");
    assertEquals(List.of("192.0.2.1:1001"), peers(seen));
    assertEquals(1L, seen.get("complete"));
  }

  @Test
  void aClientThatComesBackAtAnotherPortHasMoved() {
    announced("192.0.2.1", "a", 1001, "&left=9&event=started");
    announced("192.0.2.1", "a", 1009, "&left=9&event=started");

    assertEquals(List.of("192.0.2.1:1009"), peers(announced("192.0.2.3", "c", 1003, "")));
    assertEquals(new Census(2, 1, 2), census());
  }

  @Test
  void whoIsAtNoPortThatMayBeToldCountsAndIsNotListed() {
    announced("192.0.2.1", "a", 0, "&left=0");
    announced("192.0.2.2", "b", SMTP, "&left=0");
    Map<String, Object> seen = announced("192.0.2.3", "c", 1003, "");
    assertEquals(List.of(), peers(seen));
    assertEquals(2L, seen.get("complete"));

    announced("192.0.2.1", "a", 1001, "&left=0");
    announced("192.0.2.2", "b", SMTP, "&left=0");
    assertEquals(List.of("192.0.2.1:1001"), peers(announced("192.0.2.3", "c", 1003, "")));
    announced("192.0.2.1", "a", 0, "&left=0");
    assertEquals(List.of(), peers(announced("192.0.2.3", "c", 1003, "")));
  }

  @Test
  void privateAddressesAreToldAsTheOperatorSays() {
    announced("10.0.0.1", "a", 1001, "");
    assertEquals(List.of("10.0.0.1:1001"), peers(announced("10.0.0.2", "b", 1002, "")));

    TorrentRoom confined = room(true);
    String other = "info_hash=other..............." + announce("a", 1001, "").substring(30);
    send(confined, at("10.0.0.1"), other);
    assertEquals(List.of(), peers(send(confined, at("10.0.0.2"), other.replace("=1001", "=1002"))));
    assertEquals(
        List.of("10.0.0.1:1001"), peers(send(confined, at("10.0.0.1"), other.replace("=a", "=b"))));
  }

  @Test
  void leechesBecomeSeedersAndLeave() {
    announced("192.0.2.1", "a", 1001, "&left=9");
    announced("192.0.2.1", "a", 1001, "&left=0&event=completed");
    Map<String, Object> seen = announced("192.0.2.1", "a", 1001, "&left=0");
    assertEquals(1L, seen.get("complete"));
    assertEquals(0L, seen.get("incomplete"));

    Map<String, Object> left = announced("192.0.2.1", "a", 1001, "&left=0&event=stopped");
    assertEquals(0L, left.get("complete"));
    assertEquals(Census.NONE, census());
    // Once more, or of somebody who was never there.
    announced("192.0.2.1", "a", 1001, "&event=stopped");
    announced("192.0.2.2", "b", 1001, "&event=stopped");
    assertEquals(Census.NONE, census());

    assertEquals(
        List.of("registered", "joined", "left", "joined", "left"),
        events.stream().map(TrackerEvent::kind).toList());
  }

  @Test
  void whoAnnouncesItselfStaysAndWhoDoesNotExpires() {
    announced("192.0.2.1", "a", 1001, "");
    announced("192.0.2.2", "b", 1002, "");
    clock.advance(TRACK_MS * 2 / 3);
    announced("192.0.2.1", "a", 1001, "");
    clock.advance(TRACK_MS * 2 / 3);
    state.expire(clock.millis(), 9, TRACK_MS);
    assertEquals(new Census(1, 1, 1), census());

    clock.advance(TRACK_MS);
    state.expire(clock.millis(), 9, TRACK_MS);
    assertEquals(Census.NONE, census());
    announced("192.0.2.1", "a", 1001, "");
    assertEquals(new Census(1, 1, 1), census());
  }

  @Test
  void listsAreAsLongAsWantedWithinBounds() {
    for (int i = 0; i < 2 * MOST_PEERS; i++) {
      announced("192.0.2.1", "p" + i, 1001 + i, "");
    }
    assertEquals(30, peers(announced("192.0.2.2", "q", 1, "")).size());
    assertEquals(0, peers(announced("192.0.2.2", "q", 1, "&numwant=0")).size());
    assertEquals(7, peers(announced("192.0.2.2", "q", 1, "&numwant=7")).size());
    Map<String, Object> most = announced("192.0.2.2", "q", 1, "&numwant=2000000000");
    assertEquals(MOST_PEERS, new TreeSet<>(peers(most)).size());
    assertEquals(30, peers(announced("192.0.2.2", "q", 1, "&numwant=-1")).size());
  }

  @Test
  void aScrapeTellsOfTheSwarmsThatItNames() {
    announced("192.0.2.1", "a", 1001, "&left=0");
    announced("192.0.2.2", "b", 1002, "&left=9");
    String unknown = "&info_hash=unknown.............";
    Map<String, Object> answer =
        Bencode.dictionary(
            room.answer(true, SWARM + unknown, at("192.0.2.9")).toCompletableFuture().join());

    assertEquals(
        Map.of(
            "swarm...............",
            Map.of("complete", 1L, "downloaded", 0L, "incomplete", 1L),
            "unknown.............",
            Map.of("complete", 0L, "downloaded", 0L, "incomplete", 0L)),
        answer.get("files"));
    assertEquals(1, counts.of(TorrentCounts.Kind.SCRAPES));
  }

  @Test
  void aSwarmOfBrowsersWithTheSameHashIsAnother() {
    announced("192.0.2.1", "a", 1001, "");
    String swarms =
        events.stream()
            .filter(TrackerEvent.Joined.class::isInstance)
            .map(it -> ((TrackerEvent.Joined) it).swarmId())
            .collect(Collectors.joining());
    assertEquals(
        "bt:" + HexFormat.of().formatHex("swarm...............".getBytes(ISO_8859_1)), swarms);
    assertEquals(
        "bt:612e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e2e:c0000201:" + swarms.substring("bt:".length()),
        events.get(0).peerId());
  }

  @Test
  void clientsAreToldWhyNot() {
    assertEquals(
        Map.of("failure reason", "port is missing"),
        send("192.0.2.1", "x&" + SWARM + "&peer_id=" + "b".repeat(20)));
    assertEquals(1, counts.of(TorrentCounts.Kind.FAILURES));

    state.limit(new Room(1, 1, () -> false));
    announced("192.0.2.1", "a", 1001, "");
    assertEquals(
        Map.of("failure reason", "the tracker is full, try again later"),
        send("192.0.2.2", announce("b", 1002, "")));

    away = true;
    assertEquals(
        Map.of("failure reason", "the tracker is not available, try again"),
        send("192.0.2.1", announce("a", 1001, "")));
    assertEquals(0, counts.of(TorrentCounts.Kind.INTERNAL));
  }

  private void assertRefused(AuthState sender, String reason) {
    Requester from = new Requester(requireNonNull(IpAddress.parse("192.0.2.1")), 1, sender);
    Map<String, Object> expected = Map.of("failure reason", reason);
    assertEquals(expected, send(room, from, announce("a", 1001, "")));
    assertEquals(
        expected, Bencode.dictionary(room.answer(true, SWARM, from).toCompletableFuture().join()));
    assertEquals(Census.NONE, census());
  }

  @Test
  void whoMayNotBeInASwarmIsNot() {
    assertRefused(
        new AuthState.Denied(ErrorCode.AUTHENTICATION_REQUIRED),
        "the credentials are missing or not good");
    assertRefused(
        new AuthState.Visitor(new Permissions(List.of("bt:*"))), "this swarm needs credentials");
    assertRefused(holderOf("sports"), "the credentials do not cover this swarm");
    allowed = AllowedSwarms.ofHashes(TorrentIds::bitTorrent, List.of("00".repeat(20)));
    assertRefused(AuthState.Anonymous.INSTANCE, "this tracker does not serve this swarm");
  }

  private static AuthState holderOf(String swarms) {
    return new AuthState.Authenticated(
        new AuthState.Identity(
            "alice",
            "bearer",
            new Permissions(List.of("alice")),
            new Permissions(List.of(swarms))));
  }

  @Test
  void aTokenCoversSwarmsWhateverItsPeersAre() {
    Requester alice =
        new Requester(requireNonNull(IpAddress.parse("192.0.2.1")), 1, holderOf("bt:737761726d*"));
    assertFalse(send(room, alice, announce("a", 1001, "")).containsKey("failure reason"));
    assertEquals(new Census(1, 1, 1), census());
  }

  @Test
  void whoComesBackWithAKeyIsToldOfAsSomebodyElse() {
    announced("192.0.2.1", "a", 1001, "");
    Requester alice =
        new Requester(requireNonNull(IpAddress.parse("192.0.2.1")), 1, holderOf("bt:*"));
    send(room, alice, announce("a", 1001, "&left=9"));

    assertEquals(new Census(1, 1, 1), census());
    long joined = events.stream().filter(TrackerEvent.Joined.class::isInstance).count();
    long left = events.stream().filter(TrackerEvent.Left.class::isInstance).count();
    assertEquals(1, joined - left, events::toString);
  }
}
