package io.ppstp.tracker.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.management.PeerReport.Address;
import io.ppstp.tracker.management.PeerReport.Peer;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator is told of one peer; the rest is in {@code AddressTrustIT}. */
class PeerReportTest {
  private static Peer of(PeerAddresses addresses, String... settings) throws Exception {
    PeerReport report =
        new PeerReport(
            new LocalStore(1),
            ConfigLoader.load(null, Map.of(), List.of(settings)),
            new FakeClock(0));
    Observed seen = new Observed(IpAddress.parse("20.0.0.1"), null);
    RegistrationView view =
        new RegistrationView(
            1000, 61_000, Map.of(new SwarmKey("live"), PeerMode.LEECH), addresses, seen, false);
    return report.of("p", view, 91_500);
  }

  @Test
  void whoHasAdvertisedNothingIsNotListed() throws Exception {
    Peer peer = of(PeerAddresses.NONE, "timers.track=60s");

    assertFalse(peer.listed());
    assertEquals(List.of(), peer.addresses());
    assertEquals(List.of("20.0.0.1"), peer.seenAt());
    assertEquals(Map.of("live", "LEECH"), peer.memberships());
    assertEquals(90, peer.connectedSeconds());
    assertEquals(30, peer.silentSeconds());
    assertEquals(29, peer.expiresInSeconds());
  }

  @Test
  void whatIsToldInPlaceOfAnAddressIsThereToo() throws Exception {
    Peer peer = of(PeerAddresses.NONE, "addresses.default-port=4000");

    assertTrue(peer.listed());
    assertEquals(
        List.of(new Address("20.0.0.1", 4000, "REFLEXIVE", "anyone", null)), peer.addresses());
  }
}
