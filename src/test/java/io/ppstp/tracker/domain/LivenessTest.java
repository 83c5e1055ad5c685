package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.IpAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that are heard of without the copies of their shard being told each time. */
class LivenessTest {
  private static final long T0 = 1_000_000_000;
  private static final long TRACK = TIMERS.trackMs();
  private static final long LAG = TRACK / 2;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final PeerShard shard = new PeerShard();
  private final CountingBudget budget = new CountingBudget();

  @BeforeEach
  void aPeerIsTracked() {
    connect("p").leech("a").at(T0).apply(shard, budget);
    new PeerCommand.Track("p", T0).apply(shard, budget);
  }

  private static PeerCommand.Find find(long nowMs) {
    return new PeerCommand.Find("p", A, true, Origin.UNKNOWN, nowMs);
  }

  private PeerCommand.@Nullable ReportAdmission report(long nowMs, SwarmKey... swarms) {
    return new PeerCommand.Report("p", List.of(swarms), Origin.UNKNOWN, nowMs)
        .applyLightly(shard, LAG);
  }

  private long lastSeenMs() {
    return requireNonNull(shard.look("p").orElse(null)).lastSeenMs();
  }

  @Test
  void aLightTouchStartsTheTrackTimerAnew() {
    long touchedMs = T0 + LAG;
    PeerCommand.FindAdmission admission = find(touchedMs).applyLightly(shard, LAG);

    assertTrue(requireNonNull(admission).allowed());
    assertEquals(touchedMs, lastSeenMs());
    assertEquals(List.of(), shard.expire(touchedMs + TRACK - 1, 9, TIMERS, budget));
    assertEquals(1, shard.expire(touchedMs + TRACK, 9, TIMERS, budget).size());
  }

  @Test
  void aReportIsAdmittedLightlyForTheSwarmsThatThePeerIsIn() {
    assertEquals(Set.of(A), requireNonNull(report(T0 + 1, A, B)).joined());
    assertEquals(T0 + 1, lastSeenMs());
    assertEquals(Set.of(), requireNonNull(report(T0 + 2)).joined());
    assertEquals(T0 + 2, lastSeenMs());
  }

  @Test
  void whatIsRefusedIsRefusedLightly() {
    PeerCommand.Find stranger = new PeerCommand.Find("stranger", A, false, Origin.UNKNOWN, T0 + 1);
    PeerCommand.Find elsewhere = new PeerCommand.Find("p", B, true, Origin.UNKNOWN, T0 + 1);

    assertFalse(requireNonNull(stranger.applyLightly(shard, LAG)).allowed());
    assertFalse(requireNonNull(elsewhere.applyLightly(shard, LAG)).allowed());
    assertFalse(requireNonNull(report(T0 + 1, B)).allowed());
    assertEquals(T0, lastSeenMs());
  }

  /** Copies take a peer for silent for longer than it is, but never by more than is allowed. */
  @Test
  void copiesMayNotLagBehindFurther() {
    assertTrue(requireNonNull(find(T0 + LAG).applyLightly(shard, LAG)).allowed());
    ShardSnapshot before = shard.snapshot();

    assertNull(find(T0 + LAG + 1).applyLightly(shard, LAG));
    assertNull(report(T0 + LAG + 1, A));
    assertEquals(before, shard.snapshot());

    find(T0 + LAG + 1).apply(shard, budget);
    assertTrue(requireNonNull(find(T0 + 2 * LAG).applyLightly(shard, LAG)).allowed());
  }

  @Test
  void whatChangesMoreThanATouchIsNotDoneLightly() {
    Origin elsewhere = new Origin(IpAddress.parse("192.0.2.7"), false, AddressRules.OPEN);
    connect("new").leech("a").at(T0).apply(shard, budget);
    ShardSnapshot before = shard.snapshot();

    assertNull(new PeerCommand.Find("p", A, true, elsewhere, T0 + 1).applyLightly(shard, LAG));
    assertNull(
        new PeerCommand.Find("new", A, true, Origin.UNKNOWN, T0 + 1).applyLightly(shard, LAG));
    assertEquals(before, shard.snapshot());
    assertFalse(shard.isUnsaved());
  }

  @Test
  void savedTouchesBringACopyToTheSameState() {
    PeerShard copy = new PeerShard(shard.snapshot());
    find(T0 + 5).applyLightly(shard, LAG);
    find(T0 + 9).applyLightly(shard, LAG);
    assertTrue(shard.isUnsaved());

    PeerCommand.Save save = new PeerCommand.Save();
    List<PeerCommand.Touch> touches = save.apply(shard, budget);

    assertEquals(List.of(new PeerCommand.Touch("p", T0 + 9)), touches);
    save.forCopies(touches).apply(copy, budget);
    assertEquals(shard.snapshot(), copy.snapshot());
    assertFalse(shard.isUnsaved());
    assertTrue(requireNonNull(find(T0 + 9 + LAG).applyLightly(shard, LAG)).allowed());
  }

  @Test
  void nothingIsSavedOfAPeerThatIsGoneOrWasTouchedOtherwise() {
    find(T0 + 5).applyLightly(shard, LAG);
    connect("p").leave("a").at(T0 + 6).apply(shard, budget);
    connect("p").leech("b").at(T0 + 7).apply(shard, budget);
    assertEquals(List.of(), shard.save());

    new PeerCommand.Track("p", T0 + 8).apply(shard, budget);
    new PeerCommand.Report("p", List.of(), Origin.UNKNOWN, T0 + 9).applyLightly(shard, LAG);
    new PeerCommand.Report("p", List.of(), Origin.UNKNOWN, T0 + 10).apply(shard, budget);
    assertEquals(List.of(), shard.save());
  }

  @Test
  void touchesOfPeersThatACopyDoesNotTrackAreOverlooked() {
    connect("new").leech("a").at(T0).apply(shard, budget);
    ShardSnapshot before = shard.snapshot();

    List<PeerCommand.Touch> touches =
        List.of(new PeerCommand.Touch("stranger", T0 + 1), new PeerCommand.Touch("new", T0 + 1));
    assertEquals(0, new PeerCommand.Touches(touches).apply(shard, budget));
    assertEquals(before, shard.snapshot());
  }
}
