package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ppstp.tracker.domain.PeerCommand.Decision;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A shard and its backup, and short ways to say what happens to them. Whatever happens, deciding
 * changes nothing, and the change makes the backup the same as the shard. Confined to one thread.
 */
final class ShardUnderTest {
  final CountingBudget budget = new CountingBudget();
  private PeerShard shard = new PeerShard();
  private PeerShard backup = new PeerShard();
  private List<ListUpdate> noted = List.of();

  PeerShard shard() {
    return shard;
  }

  /** The shard is lost: its backup takes its place and has a new one made. */
  void failOver() {
    shard = backup;
    backup = new PeerShard(shard.snapshot());
    assertEquals(shard.snapshot(), backup.snapshot(), "a new backup is what it was copied from");
  }

  <R> R apply(PeerCommand<R> command) {
    ShardSnapshot before = shard.snapshot();
    Decision<R> decision = command.decide(shard, budget);
    assertEquals(before, shard.snapshot(), "deciding changes nothing");
    shard.apply(decision.change());
    backup.apply(decision.change());
    assertEquals(shard.snapshot(), backup.snapshot(), "the change is the same everywhere");
    noted = decision.change().noted();
    return decision.result();
  }

  /** Asks as a store does: who is heard of by it has its timer started anew. */
  <R> R ask(PeerQuery<R> query) {
    ShardSnapshot before = shard.snapshot();
    R result = query.answer(shard);
    assertEquals(before, shard.snapshot(), "asking changes nothing");
    Heard heard = query.heard(result);
    if (heard != null) {
      shard.hear(heard);
      backup.hear(heard);
    }
    return result;
  }

  /** Returns the updates of lists that the last command noted. */
  List<ListUpdate> noted() {
    return noted;
  }

  /** Returns the only update of lists that the last command noted. */
  ListUpdate update() {
    assertEquals(1, noted.size(), noted::toString);
    return noted.get(0);
  }

  ConnectOutcome.Granted granted(PeerCommand.Connect connect) {
    return assertInstanceOf(ConnectOutcome.Granted.class, apply(connect));
  }

  ConnectOutcome.Refused refused(PeerCommand.Connect connect) {
    return assertInstanceOf(ConnectOutcome.Refused.class, apply(connect));
  }

  boolean find(String peerId, SwarmKey swarm, long nowMs) {
    return ask(new PeerQuery.Find(peerId, swarm, true, Origin.UNKNOWN, nowMs)).allowed();
  }

  PeerQuery.ReportAdmission report(String peerId, long nowMs, SwarmKey... swarms) {
    return ask(new PeerQuery.Report(peerId, List.of(swarms), Origin.UNKNOWN, nowMs));
  }

  Optional<RegistrationView> look(String peerId) {
    return ask(new PeerQuery.Look(peerId));
  }

  /** Returns the swarms of a registered peer. */
  Set<SwarmKey> swarms(String peerId) {
    return look(peerId).orElseThrow().memberships().keySet();
  }

  long lastSeenMs(String peerId) {
    return look(peerId).orElseThrow().lastSeenMs();
  }

  /** Lets all go who are due, and returns their departures. */
  List<Departure> expire(long nowMs) {
    return expire(nowMs, Integer.MAX_VALUE);
  }

  List<Departure> expire(long nowMs, int maximum, Heard... heard) {
    List<ListUpdate> updates =
        apply(new PeerCommand.Expire(nowMs, maximum, TRACK_MS, List.of(heard)));
    assertEquals(updates, noted, "what is answered is noted");
    List<Departure> departures = new ArrayList<>();
    for (ListUpdate update : updates) {
      departures.add(assertInstanceOf(Departure.class, update.departure()));
    }
    return departures;
  }

  static List<String> ids(List<Departure> departures) {
    return departures.stream().map(Departure::peerId).toList();
  }
}
