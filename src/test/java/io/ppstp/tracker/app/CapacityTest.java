package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.TrackerConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private static final long MIB = 1 << 20;
  private static final long MANY = 1 << 20;

  private static TrackerConfig config(String... settings) throws ConfigException {
    return ConfigLoader.load(null, Map.of(), List.of(settings));
  }

  @Test
  void aLargeHeapHoldsTheDefaults() throws Exception {
    TrackerConfig config = config();
    Capacity capacity = Capacity.of(config, 1400 * MIB, MANY);
    assertEquals(List.of(), capacity.warnings(config.limits()));
    assertEquals(2_000_000, capacity.peers(config.limits()));
    assertEquals(64 * MIB, capacity.unsentBytes(config.limits()));
  }

  /** With so little, a tracker without a bound stood still at 56,200 peers. */
  @Test
  void aSmallHeapBoundsWhatIsLetIn() throws Exception {
    TrackerConfig config = config();
    Capacity capacity = Capacity.of(config, 48 * MIB, MANY);
    assertTrue(capacity.peers(config.limits()) < 50_000, capacity::toString);
    assertTrue(capacity.peers(config.limits()) > 10_000, capacity::toString);
    assertEquals(6 * MIB, capacity.unsentBytes(config.limits()));
    List<String> warnings = capacity.warnings(config.limits());
    assertEquals(2, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).startsWith("limits.peers is 2000000, but"), warnings.get(0));
    assertTrue(warnings.get(1).startsWith("limits.unsent.total is 64MiB, but"), warnings.get(1));
  }

  @Test
  void whatFitsIsAsConfigured() throws Exception {
    TrackerConfig config = config("limits.peers=1000", "limits.unsent.total=1MiB");
    Capacity capacity = Capacity.of(config, 48 * MIB, MANY);
    assertEquals(List.of(), capacity.warnings(config.limits()));
    assertEquals(1000, capacity.peers(config.limits()));
    assertEquals(MIB, capacity.unsentBytes(config.limits()));
  }

  @Test
  void membershipsAreBoundedByTheHeapUnlessTheyAreConfigured() throws Exception {
    LimitsConfig limits = config().limits();
    Capacity capacity = Capacity.of(config(), 1400 * MIB, MANY);
    assertEquals(capacity.memberships(), capacity.room(limits, () -> false).memberships());
    assertTrue(capacity.memberships() > 1_000_000, capacity::toString);

    LimitsConfig some = config("limits.memberships=1000").limits();
    assertEquals(1000, capacity.room(some, () -> false).memberships());
    LimitsConfig many = config("limits.memberships=900000000").limits();
    assertEquals(capacity.memberships(), capacity.room(many, () -> false).memberships());
    List<String> warnings = capacity.warnings(many);
    assertTrue(warnings.get(0).startsWith("limits.memberships is 900000000, but"), warnings.get(0));
  }

  @Test
  void copiesTakeRoomToo() throws Exception {
    long alone = Capacity.of(config(), 512 * MIB, MANY).peers();
    long node = Capacity.of(config("cluster.enabled=true"), 512 * MIB, MANY).peers();
    assertTrue(node < alone / 2, () -> node + " of " + alone);
  }

  @Test
  void connectionsNeedDescriptors() throws Exception {
    TrackerConfig config = config("limits.connections.total=5000");
    assertEquals(List.of(), Capacity.of(config, 1400 * MIB, 5256).warnings(config.limits()));
    List<String> warnings = Capacity.of(config, 1400 * MIB, 4096).warnings(config.limits());
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("may open 4096 files and sockets"), warnings.get(0));
  }

  @Test
  void aPeerCanReportOnAllItsSwarms() throws Exception {
    TrackerConfig fits = config("limits.swarms-per-peer=5000", "limits.body=1225KiB");
    assertEquals(List.of(), Capacity.of(fits, 1400 * MIB, MANY).warnings(fits.limits()));

    assertEquals(
        List.of(
            "limits.body is 65536 bytes, but a report on the 1024 swarms that a peer may join takes"
                + " up to 254KiB (with IDs of 64 characters) and would be answered with status 413:"
                + " set limits.body to 254KiB, or limits.swarms-per-peer to 245"),
        warnings("limits.body=64KiB"));
    String least = warnings("limits.body=1KiB", "limits.swarms-per-peer=1").get(0);
    assertTrue(least.endsWith("413: set limits.body to 5KiB"), least);
    String most = warnings("limits.swarms-per-peer=1000000", "limits.body=16MiB").get(0);
    assertTrue(most.endsWith("413: set limits.swarms-per-peer to 67092"), most);
  }

  private static List<String> warnings(String... settings) throws ConfigException {
    TrackerConfig config = config(settings);
    return Capacity.of(config, 1400 * MIB, MANY).warnings(config.limits());
  }
}
