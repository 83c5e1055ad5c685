package io.ppstp.tracker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.swarm.SwarmRules.ResponseBounds;
import io.ppstp.tracker.testing.FakeClock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long an answer gets when peers make themselves as long as they may. */
class ResponseBoundsTest {
  private static final int SWARMS = 35;
  private static final int PEERS = 30;
  private static final int ADDRESSES = 8;
  private static final int LISTS = 32;
  private static final int BYTES = 256 << 10;
  private static final PeerNum ANY =
      new PeerNum(
          PeerNum.NOT_STATED, null, PeerNum.NOT_STATED, PeerNum.NOT_STATED, PeerNum.NOT_STATED);

  /** Three bytes each in UTF-8. */
  private static final String LONG_ID = "\u4e2d".repeat(250);

  private final SwarmManager manager =
      new SwarmManager(
          new LocalStore(1000),
          new SwarmRules(
              new ConnectRules(ConnectPolicy.TABLE6, 1000, Integer.MAX_VALUE, false, 180_000),
              true,
              20,
              29,
              new ResponseBounds(1000, LISTS, BYTES),
              false,
              new AddressRules(false, false, 0),
              true,
              new BitSet(),
              0,
              false),
          new FakeClock(1_790_000_000_000L),
          new SwarmServices(event -> {}, ignored -> {}, (reason, count) -> {}, () -> 7));

  @BeforeEach
  void registerPeersAsLongAsTheyMayBe() {
    List<PeerAddress> addresses = new ArrayList<>();
    for (int i = 0; i < ADDRESSES; i++) {
      addresses.add(
          new PeerAddress(
              ip("203.0.113." + (i + 1)),
              4000 + i,
              i,
              AddressType.HOST,
              null,
              "4294967295",
              "\u4e2d".repeat(64)));
    }
    for (int i = 0; i < PEERS; i++) {
      answer(seeder(LONG_ID + i, null, addresses));
    }
  }

  private static Request.Connect seeder(
      String peerId, @Nullable PeerNum num, List<PeerAddress> addresses) {
    List<SwarmAction> actions = new ArrayList<>();
    for (int i = 0; i < SWARMS; i++) {
      actions.add(new SwarmAction("s" + i, Action.JOIN, PeerMode.SEEDER));
    }
    return new Request.Connect("1", peerId, peerId.hashCode(), num, addresses, actions);
  }

  private static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal));
  }

  private String answer(Request request) {
    Requester from = new Requester(ip("203.0.113.5"), 40_000);
    return new String(manager.handle(request, from).toCompletableFuture().join().body(), UTF_8);
  }

  private static long count(String word, String answer) {
    return Pattern.compile(Pattern.quote(word)).matcher(answer).results().count();
  }

  @Test
  void allListsOfAnAnswerTogetherAreBoundedInBytes() {
    String answer = answer(seeder("small", ANY, List.of()));

    int bytes = answer.getBytes(UTF_8).length;
    assertTrue(bytes < BYTES + LISTS * 2048, () -> bytes + " bytes");
    assertEquals(SWARMS, count("\"result\":0", answer));
    assertEquals(LISTS, count("\"peer_group\"", answer));
    assertTrue(count("\"peer_id\"", answer) >= (long) LISTS * ADDRESSES, "each names somebody");
  }

  @Test
  void oneListMayTakeAllTheRoomAndEndsWithAWholePeer() {
    answer(seeder("small", null, List.of()));

    String answer = answer(new Request.Find("2", "small", "s0", ANY));

    int bytes = answer.getBytes(UTF_8).length;
    assertTrue(bytes < BYTES && bytes > BYTES / 2, () -> bytes + " bytes");
    assertEquals(0, count("\"peer_id\"", answer) % ADDRESSES);
    assertTrue(answer.endsWith("]}}]}}") || answer.endsWith("]}}]}"), answer);
  }
}
