package io.ppstp.tracker.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.domain.swarm.Content;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.networks.Networks;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.selection.Pacing;
import io.ppstp.tracker.selection.Policy;
import io.ppstp.tracker.selection.SelectingStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who somebody has vouched for as an edge cache is in each list, and who says so itself is not. */
class EdgeCachesTest {
  private static final Pattern PEER_ID = Pattern.compile("\"peer_id\":\"([^\"]*)\"");
  private static final IpAddress IP = Objects.requireNonNull(IpAddress.parse("203.0.113.5"));
  private static final Requester ANYBODY = new Requester(IP, 40_000);

  private static Requester vouched(boolean edgeCache) {
    Identity identity =
        new Identity(
            "edge", "digest", Permissions.ANY, Permissions.ANY, Identity.FOR_EVER, edgeCache);
    return new Requester(IP, 40_000, new AuthState.Authenticated(identity));
  }

  private static SwarmManager manager(int caches) throws ConfigException {
    FakeClock clock = new FakeClock(1_790_000_000_000L);
    Policy policy = new Policy("random", Selection.RANDOM.of(new Content(caches, 1, 0, 0)), false);
    return new SwarmManager(
        new SelectingStore(
            new LocalStore(1000), Networks.OFF, swarm -> policy, new Pacing(0, 0, clock)),
        SwarmRules.of(ConfigLoader.load(null, Map.of(), List.of("selection.caches=" + caches))),
        clock,
        new SwarmServices(event -> {}, ignored -> {}, (reason, count) -> {}, () -> 7));
  }

  private static List<String> join(
      SwarmManager manager, String peerId, PeerMode mode, Requester from) {
    PeerAddress address = new PeerAddress(IP, 4000, 1, AddressType.HOST, null, null, null);
    Request.Connect request =
        new Request.Connect(
            "1",
            peerId,
            peerId.hashCode(),
            null,
            List.of(address),
            List.of(new SwarmAction("s", Action.JOIN, mode)));
    String body =
        new String(manager.handle(request, from).toCompletableFuture().join().body(), UTF_8);
    return PEER_ID.matcher(body).results().map(found -> found.group(1)).toList();
  }

  @Test
  void vouchedSeedersAreAtTheEndOfEachList() throws ConfigException {
    SwarmManager manager = manager(1);
    for (int i = 0; i < 200; i++) {
      join(manager, "m" + i, PeerMode.LEECH, ANYBODY);
    }
    join(manager, "cache-says-so-itself", PeerMode.SEEDER, vouched(false));
    join(manager, "edge-0", PeerMode.SEEDER, vouched(true));
    join(manager, "edge-1", PeerMode.SEEDER, vouched(true));
    for (int i = 0; i < 50; i++) {
      List<String> list = join(manager, "n" + i, PeerMode.LEECH, ANYBODY);
      assertEquals(20, list.size());
      assertTrue(list.get(19).startsWith("edge-"), list::toString);
      assertFalse(list.subList(0, 19).toString().contains("edge-"), list::toString);
    }
  }

  @Test
  void withoutTheSettingTheyAreSeedersLikeOthers() throws ConfigException {
    SwarmManager manager = manager(0);
    join(manager, "edge-0", PeerMode.SEEDER, vouched(true));
    for (int i = 0; i < 200; i++) {
      join(manager, "m" + i, PeerMode.LEECH, ANYBODY);
    }
    int told = 0;
    for (int i = 0; i < 50; i++) {
      told += join(manager, "n" + i, PeerMode.LEECH, ANYBODY).contains("edge-0") ? 1 : 0;
    }
    assertTrue(told < 50);
  }
}
