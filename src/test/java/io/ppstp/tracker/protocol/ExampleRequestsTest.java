package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.content;
import static io.ppstp.tracker.protocol.Messages.example;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The request examples of RFC 7846, Section 4.1, as they stand in it. */
class ExampleRequestsTest {
  private static final PeerNum PEER_NUM = new PeerNum(5, NatAbility.STUN, 5, 200, 600);

  @Test
  void aSeederJoinsTwoSwarms() {
    assertReads(
        "connect-seeder-two-swarms",
        new Request.Connect(
            "12345",
            "656164657220",
            0,
            null,
            List.of(address("192.0.2.2", 1, AccessType.WIRED, "45645", null)),
            List.of(
                new SwarmAction("1111", Action.JOIN, PeerMode.SEEDER),
                new SwarmAction("2222", Action.JOIN, PeerMode.SEEDER))),
        Set.of(Leniency.OBJECT_FOR_ARRAY));
  }

  @Test
  void aLeechJoinsWithTwoAddressesOfWhichTheOneOfHigherPriorityComesFirst() {
    assertReads(
        "connect-leech-join",
        new Request.Connect(
            "12345.0",
            "656164657221",
            0,
            PEER_NUM,
            List.of(
                address("2001:db8::2", 2, AccessType.WIRELESS, "34563456", "PPSP-PP"),
                address("192.0.2.2", 1, AccessType.WIRED, "3256546", null)),
            List.of(new SwarmAction("1111", Action.JOIN, PeerMode.LEECH))),
        Set.of(Leniency.OBJECT_FOR_ARRAY, Leniency.STATUS_AS_STRING));
  }

  @Test
  void aLeechSwitchesChannels() {
    assertReads(
        "connect-leech-switch",
        new Request.Connect(
            "12345",
            "656164657221",
            0,
            PEER_NUM,
            List.of(),
            List.of(
                new SwarmAction("1111", Action.LEAVE, PeerMode.LEECH),
                new SwarmAction("2222", Action.JOIN, PeerMode.LEECH))),
        Set.of(Leniency.STATUS_AS_STRING));
  }

  @Test
  void aPeerFindsOthers() {
    assertReads(
        "find",
        new Request.Find("12345", "656164657221", "1111", PEER_NUM),
        Set.of(Leniency.FLAT_FIND, Leniency.STATUS_AS_STRING));
  }

  @Test
  void aPeerReportsStatistics() {
    assertReads(
        "stat-report",
        new Request.StatReport(
            "12345", "656164657221", List.of(new StreamStats("1111", 512, 768, 1_024_000, 5))),
        Set.of(Leniency.STAT_CAPITALISED, Leniency.OBJECT_FOR_ARRAY));
  }

  private static void assertReads(String name, Request expected, Set<Leniency> leniencies) {
    Reading.Accepted reading = accepted(example(name + ".request"));

    assertEquals(expected, content(reading.request()));
    assertEquals(leniencies, reading.leniencies());
    assertEquals(reading, Messages.STRICT.read(example(name + ".request")), "strictly");
  }

  private static PeerAddress address(
      String ip, long priority, AccessType access, String asn, @Nullable String peerProtocol) {
    return new PeerAddress(
        requireNonNull(IpAddress.parse(ip)),
        80,
        priority,
        AddressType.HOST,
        access,
        asn,
        peerProtocol);
  }
}
