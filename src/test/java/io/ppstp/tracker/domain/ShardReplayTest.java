package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static io.ppstp.tracker.testing.ConnectBuilder.repeated;
import static io.ppstp.tracker.testing.Peers.addresses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.PeerCommand.PeerBudget;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A shard under all commands at random, its backup that is told the changes alone, and lists that
 * follow. Shard and backup are the same after every step, and change their parts now and then; a
 * node that takes the lists over begins anew with all that is noted.
 */
class ShardReplayTest {
  private static final int STEPS = 30_000;
  private static final int PEERS = 40;
  private static final int SWARMS = 5;
  private static final AddressRules RULES = new AddressRules(true, true, 0);
  private static final String[] PLACES = {"192.0.2.1", "198.51.100.7", "2001:db8::1"};

  private final SplittableRandom random = Seeds.random();
  private final ShardUnderTest peers = new ShardUnderTest();
  private final SwarmShard lists = new SwarmShard();

  /** Updates that are noted and not struck out, and whether lists have followed. */
  private final Deque<ListUpdate> toFollow = new ArrayDeque<>();

  private final List<Long> followed = new ArrayList<>();
  private final List<PeerCommand.Connect> sent = new ArrayList<>();
  private final Map<String, Integer> happened = new TreeMap<>();
  private long nowMs = 1_000_000_000;

  @Test
  void changesBringABackupToTheSameStateAndListsWhereRegistrationsAre() {
    for (int step = 0; step < STEPS; step++) {
      nowMs += random.nextInt(4) == 0 ? random.nextInt(6_000) : 0;
      step();
      assertEquals(peers.shard().size(), peers.budget.reserved);
      assertEquals(peers.shard().weight(), peers.budget.memberships);
      if (step % 500 == 0) {
        followAll();
        compareLists();
      }
    }

    followAll();
    compareLists();
    for (String what :
        List.of(
            "Granted",
            "Refused",
            "repeated",
            "replaced",
            "secret given again",
            "foreign",
            "terminated",
            "departure",
            "too late",
            "observed",
            "touched",
            "expired",
            "kept by what was heard elsewhere",
            "struck out",
            "fail-over")) {
      assertTrue(happened.getOrDefault(what, 0) >= 10, () -> what + ": " + happened);
    }
  }

  private void count(String what, int times) {
    happened.merge(what, times, Integer::sum);
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> send(randomConnect());
      case 5 -> {
        if (!sent.isEmpty()) {
          PeerCommand.Connect first = sent.get(random.nextInt(sent.size()));
          Origin from = random.nextBoolean() ? origin() : first.origin();
          send(repeated(first, from, nowMs));
        }
      }
      case 6 -> observe();
      case 7 -> count("touched", peers.apply(new PeerCommand.Touch(heard(random.nextInt(4)))));
      case 8 -> expire();
      case 9 -> strikeOut();
      case 10, 11 -> followSome();
      case 12 -> failOver();
      case 13 -> reconcile();
      default -> ask();
    }
  }

  private String peer() {
    return "p" + random.nextInt(PEERS);
  }

  private String swarm() {
    return "s" + random.nextInt(SWARMS);
  }

  private Origin origin() {
    String place = PLACES[random.nextInt(PLACES.length)];
    return new Origin(IpAddress.parse(place), random.nextInt(8) == 0, RULES, claim());
  }

  /** Half of the requests come where registrations are bound, some of them with a secret. */
  private Claim claim() {
    if (random.nextBoolean()) {
      return Claim.OPEN;
    }
    SecretHash proof = random.nextInt(3) == 0 ? secret() : null;
    return new Claim(64, proof, random.nextBoolean() ? secret() : null);
  }

  private SecretHash secret() {
    return new SecretHash(1, random.nextInt(20));
  }

  private List<Heard> heard(int count) {
    List<Heard> heard = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      heard.add(new Heard(peer(), nowMs - random.nextInt(5_000)));
    }
    return heard;
  }

  private PeerCommand.Connect randomConnect() {
    ConnectBuilder connect =
        connect(peer())
            .maxSwarms(3)
            .policy(random.nextBoolean() ? ConnectPolicy.ADDITIVE : ConnectPolicy.TABLE6)
            .addressRules(RULES)
            .from(PLACES[random.nextInt(PLACES.length)])
            .claiming(claim());
    // As the reader lets them through: a swarm stands twice only to change from LEECH to SEEDER.
    int first = random.nextInt(SWARMS);
    for (int i = random.nextInt(3); i >= 0; i--) {
      String swarm = "s" + (first + i) % SWARMS;
      switch (random.nextInt(4)) {
        case 0 -> connect.leech(swarm);
        case 1 -> connect.seeder(swarm);
        case 2 -> connect.leave(swarm);
        default -> connect.leave(swarm).seeder(swarm);
      }
    }
    if (random.nextInt(3) == 0) {
      connect.advertising(addresses(1 + random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      connect.stating(new PeerNum(5, null, random.nextInt(9), 1, 1));
    }
    if (random.nextInt(10) == 0) {
      connect.authenticated();
    }
    if (random.nextInt(6) == 0 && !sent.isEmpty()) {
      connect.reusing(sent.get(sent.size() - 1)).refusingReusedTransactions();
    }
    return connect.at(nowMs - (random.nextInt(6) == 0 ? random.nextInt(20_000) : 0));
  }

  private void send(PeerCommand.Connect connect) {
    Optional<RegistrationView> before = peers.look(connect.peerId());
    ConnectOutcome outcome = peers.apply(connect);
    sent.add(connect);
    if (sent.size() > 50) {
      sent.remove(0);
    }
    count(outcome.getClass().getSimpleName(), 1);
    if (outcome instanceof ConnectOutcome.Granted granted) {
      count("repeated", granted.repeated() ? 1 : 0);
      count("replaced", granted.replaced() == null ? 0 : 1);
      count("secret given again", granted.repeated() && granted.secretGiven() ? 1 : 0);
      count("terminated", granted.terminated() && !granted.repeated() ? 1 : 0);
    } else if (outcome instanceof ConnectOutcome.Refused refused) {
      count("departure", refused.departure() == null ? 0 : 1);
      count("foreign", refused.foreign() ? 1 : 0);
      boolean late = refused.code().wireValue() == 5;
      count("too late", late ? 1 : 0);
      if (refused.departure() == null) {
        assertEquals(before, peers.look(connect.peerId()), "refused, and nothing else");
      }
    }
    note();
  }

  private void observe() {
    boolean admitted = peers.apply(new PeerCommand.Observe(peer(), origin(), nowMs));
    count("observed", admitted ? 1 : 0);
    note();
  }

  private void expire() {
    List<Heard> elsewhere = heard(random.nextInt(6));
    int maximum = random.nextInt(5);
    PeerCommand.Expire blind = new PeerCommand.Expire(nowMs, maximum, TRACK_MS, List.of());
    int wouldExpire = blind.decide(peers.shard(), PeerBudget.UNLIMITED).result().size();
    int expired = peers.expire(nowMs, maximum, elsewhere.toArray(Heard[]::new)).size();
    count("expired", expired);
    count("kept by what was heard elsewhere", Math.max(0, wouldExpire - expired));
    note();
  }

  private void reconcile() {
    List<Membership> memberships = peers.ask(new PeerQuery.Slice(random.nextInt(PEERS), 2));
    int mended = peers.apply(new PeerCommand.Reconcile(memberships, RULES, nowMs));
    assertEquals(memberships.size(), mended, "a slice has none that lists are following");
    note();
  }

  private void ask() {
    String id = peer();
    peers.ask(new PeerQuery.Find(id, new SwarmKey(swarm()), true, origin(), nowMs));
    peers.ask(new PeerQuery.Report(id, List.of(), origin(), nowMs));
  }

  private void note() {
    toFollow.addAll(peers.noted());
  }

  private void followSome() {
    for (int i = random.nextInt(8); i > 0 && !toFollow.isEmpty(); i--) {
      ListUpdate update = toFollow.remove();
      update.forEach(lists::apply);
      followed.add(update.stamp());
    }
  }

  private void followAll() {
    while (!toFollow.isEmpty()) {
      followSome();
    }
    strikeOut();
    assertEquals(List.of(), List.copyOf(peers.shard().updates()));
  }

  /** Strikes out the oldest of those that lists have followed, as many as there are in a row. */
  private void strikeOut() {
    List<Long> stamps = followed.subList(0, random.nextInt(followed.size() + 1));
    if (toFollow.isEmpty()) {
      stamps = followed;
    }
    assertEquals(stamps.size(), peers.apply(new PeerCommand.StrikeOut(List.copyOf(stamps))).size());
    count("struck out", stamps.size());
    stamps.clear();
  }

  /** Whoever takes over knows what is noted, and not what of it lists have followed. */
  private void failOver() {
    peers.failOver();
    toFollow.clear();
    followed.clear();
    toFollow.addAll(peers.shard().updates());
    count("fail-over", 1);
  }

  private void compareLists() {
    Map<String, Map<String, PeerMode>> registered = new HashMap<>();
    Map<String, Map<String, PeerMode>> listed = new HashMap<>();
    for (int i = 0; i < PEERS; i++) {
      String id = "p" + i;
      Optional<RegistrationView> view = peers.look(id);
      view.ifPresent(
          it ->
              it.memberships()
                  .forEach(
                      (swarm, mode) ->
                          registered
                              .computeIfAbsent(swarm.swarmId(), first -> new TreeMap<>())
                              .put(id, mode)));
    }
    lists.forEach(
        swarm -> {
          Map<String, PeerMode> members = new TreeMap<>();
          swarm.members().forEach(member -> members.put(member.id(), member.mode()));
          listed.put(swarm.id(), members);
        });
    assertEquals(registered, listed);
    assertListings();
  }

  /** Lists tell what the registrations say that may be told. */
  private void assertListings() {
    for (RegistrationSnapshot registration : peers.shard().snapshot().registrations()) {
      Listing listing = Listing.of(registration.addresses(), registration.observed(), RULES);
      for (SwarmKey swarm : registration.memberships().keySet()) {
        Member member =
            new SwarmQuery.Look(swarm, registration.peerId()).answer(lists).orElseThrow();
        assertEquals(listing, new Listing(member.addresses(), member.confinedTo()));
      }
    }
  }
}
