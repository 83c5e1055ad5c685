package io.ppstp.tracker.store.hazelcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.transport.MemberView.Other;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a node may speak for the cluster, with a clock and a network that a test moves. */
class LeaseTest {
  private static final long LENGTH_NS = TimeUnit.MILLISECONDS.toNanos(2500);

  private long nowNs = 77;
  private final Map<String, Node> nodes = new HashMap<>();

  /** Messages on their way, to be delivered or not. */
  private final List<Runnable> network = new ArrayList<>();

  private final class Node implements Transport, RemoteQuestions.Answerer, Lease.Membership {
    final String name;
    final UUID id = UUID.randomUUID();
    final ClusterClock clock;
    final Lease lease;
    List<Node> others = List.of();
    boolean cutOff;
    boolean merging;
    @Nullable Receiver receiver;

    Node(String name, int minimumMembers, long startMs) {
      this.name = name;
      this.clock = new ClusterClock(startMs, () -> nowNs);
      RemoteQuestions remote = new RemoteQuestions(name, this, this, sender -> true, () -> nowNs);
      this.lease = new Lease(remote, this, () -> nowNs, LENGTH_NS, minimumMembers, clock);
      nodes.put(name, this);
    }

    @Override
    public boolean isMerging() {
      return merging;
    }

    @Override
    public MemberView view() {
      List<Other> all = others.stream().map(it -> new Other(it.name, it.id)).toList();
      int rank = (int) others.stream().filter(it -> it.name.compareTo(name) < 0).count();
      return new MemberView(id, all, rank, rank == 0);
    }

    @Override
    public Channel open(String here, Receiver newReceiver) {
      receiver = newReceiver;
      return new Channel(0, Runnable::run);
    }

    @Override
    public CompletionStage<Void> send(String node, int channel, byte[] message) {
      network.add(
          () -> {
            Node to = nodes.get(node);
            if (to != null && !to.cutOff && !cutOff && to.receiver != null) {
              to.receiver.receive(channel, message);
            }
          });
      return CompletableFuture.completedStage(null);
    }

    @Override
    public <R> @Nullable R answer(Question<R> question) {
      return null;
    }
  }

  private List<Node> cluster(int count, int minimumMembers) {
    List<Node> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Node("n" + i, minimumMembers, 1000 + i * 5000L));
    }
    for (Node node : all) {
      node.others = all.stream().filter(it -> it != node).toList();
    }
    return all;
  }

  private void deliver() {
    while (!network.isEmpty()) {
      List<Runnable> now = new ArrayList<>(network);
      network.clear();
      now.forEach(Runnable::run);
    }
  }

  private void pass(long millis) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void renewAll(List<Node> all) {
    all.forEach(node -> node.lease.renew());
    deliver();
  }

  @Test
  void aNodeAloneSpeaksUnlessItMustNotBeAlone() {
    Node alone = cluster(1, 0).get(0);
    assertFalse(alone.lease.isValid());
    alone.lease.renew();
    assertTrue(alone.lease.isValid());

    Node lonely = cluster(1, 2).get(0);
    lonely.lease.renew();
    assertFalse(lonely.lease.isValid());
  }

  @Test
  void aNodeThatWasPausedDoesNotSpeakBeforeOthersHaveConfirmed() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    all.forEach(node -> assertTrue(node.lease.isValid()));

    // It asks, is paused, and finds the answers when it wakes up: they confirm nothing.
    all.get(0).lease.renew();
    pass(8000);
    deliver();
    assertFalse(all.get(0).lease.isValid());

    renewAll(all);
    assertTrue(all.get(0).lease.isValid());
  }

  /**
   * Three nodes that were each by itself hold all state together, but not each of them: the first
   * two that meet may not deny what only the second has, before it is with the first.
   */
  @Test
  void whileStateIsMergedNeitherSideSpeaks() {
    List<Node> all = cluster(2, 2);
    all.get(1).merging = true;
    renewAll(all);
    all.forEach(node -> assertFalse(node.lease.isValid()));

    all.get(1).merging = false;
    renewAll(all);
    all.forEach(node -> assertTrue(node.lease.isValid()));

    // Whoever merges later takes the right from nobody whom others confirm.
    List<Node> three = cluster(3, 2);
    three.get(2).merging = true;
    renewAll(three);
    assertTrue(three.get(0).lease.isValid());
    assertTrue(three.get(1).lease.isValid());
    assertFalse(three.get(2).lease.isValid());
  }

  @Test
  void theRightToSpeakRunsOutWithoutTheOthers() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    all.get(2).cutOff = true;
    for (int i = 0; i < 12; i++) {
      pass(200);
      renewAll(all);
      assertTrue(all.get(2).lease.isValid());
    }
    pass(200);
    renewAll(all);

    assertFalse(all.get(2).lease.isValid());
    assertTrue(all.get(0).lease.isValid());
    assertTrue(all.get(1).lease.isValid());
  }

  @Test
  void aNodeThatTheOthersDoWithoutDoesNotSpeak() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    all.get(0).others = List.of(all.get(1));
    all.get(1).others = List.of(all.get(0));
    pass(2600);
    renewAll(all);

    assertFalse(all.get(2).lease.isValid());
    assertTrue(all.get(0).lease.isValid());
  }

  /**
   * Hazelcast does without a member when it has missed its signs of life for long, also if others
   * came just now. What the lost one may still answer is changed nowhere before it cannot.
   */
  @Test
  void nothingIsChangedWhileALostNodeMayStillSpeak() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    pass(3000);
    renewAll(all);
    all.forEach(node -> assertTrue(node.lease.mayChange()));

    all.get(0).others = List.of(all.get(1));
    all.get(1).others = List.of(all.get(0));
    assertTrue(all.get(2).lease.isValid());
    assertFalse(all.get(0).lease.mayChange());
    assertFalse(all.get(1).lease.mayChange());
    for (int i = 0; i < 12; i++) {
      pass(200);
      renewAll(all);
      assertTrue(all.get(2).lease.isValid());
      assertFalse(all.get(0).lease.mayChange());
      assertFalse(all.get(1).lease.mayChange());
    }
    pass(101);

    assertFalse(all.get(2).lease.isValid());
    assertTrue(all.get(0).lease.mayChange());
    assertTrue(all.get(1).lease.mayChange());
    assertTrue(all.get(0).lease.isValid());
    assertTrue(all.get(1).lease.isValid());
  }

  @Test
  void nobodyWaitsForANodeThatWasNotHeardOfForLong() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    all.get(2).cutOff = true;
    for (int i = 0; i < 25; i++) {
      pass(200);
      renewAll(all);
    }
    all.get(0).others = List.of(all.get(1));
    all.get(1).others = List.of(all.get(0));

    assertTrue(all.get(0).lease.mayChange());
    assertFalse(all.get(1).lease.mayChange());
    renewAll(all);
    assertTrue(all.get(1).lease.mayChange());
  }

  @Test
  void nobodyWaitsForANodeThatHasResigned() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    pass(3000);
    renewAll(all);
    all.get(0).lease.resign();
    deliver();
    assertFalse(all.get(0).lease.isValid());

    all.get(1).others = List.of(all.get(2));
    all.get(2).others = List.of(all.get(1));
    assertTrue(all.get(1).lease.mayChange());
    assertTrue(all.get(2).lease.mayChange());
  }

  @Test
  void aNodeThatSeesOtherMembersConfirmsNothing() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    // It has lost one, and the last has not heard of that.
    all.get(0).others = List.of(all.get(2));
    pass(2600);
    renewAll(all);
    all.forEach(node -> assertFalse(node.lease.isValid()));

    all.get(2).others = List.of(all.get(0));
    renewAll(all);
    assertTrue(all.get(0).lease.isValid());
    assertFalse(all.get(1).lease.isValid());
    assertTrue(all.get(2).lease.isValid());
  }

  @Test
  void theOldestOfTheOthersMustConfirm() {
    List<Node> all = cluster(3, 2);
    renewAll(all);
    all.get(0).cutOff = true;
    pass(2600);
    renewAll(all);

    assertFalse(all.get(2).lease.isValid());
  }

  /** The oldest does without one or another at any moment, and the others hear of it late. */
  @Test
  void whoIsLostCannotSpeakWhileAnythingIsChanged() {
    SplittableRandom random = Seeds.random();
    int changed = 0;
    int spoken = 0;
    for (int run = 0; run < 300; run++) {
      nodes.clear();
      network.clear();
      List<Node> all = cluster(4, 2);
      for (int i = 0; i < 8; i++) {
        pass(400);
        renewAll(all);
      }
      Node lost = all.get(random.nextInt(4));
      List<Node> left = all.stream().filter(it -> it != lost).toList();
      int lostAt = 10 + random.nextInt(40);
      int noticedAt = random.nextInt(30);
      int cutFrom = lostAt - 10 + random.nextInt(20);
      int[] hears = {lostAt, lostAt + random.nextInt(30), lostAt + random.nextInt(30)};
      for (int step = 0; step < 120; step++) {
        pass(50 + random.nextInt(100));
        lost.cutOff = step >= cutFrom && step < cutFrom + noticedAt;
        for (int i = 0; i < left.size(); i++) {
          Node node = left.get(i);
          if (step == hears[i]) {
            node.others = left.stream().filter(it -> it != node).toList();
          }
        }
        all.get(random.nextInt(4)).lease.renew();
        deliverSome(random);
        for (int i = 0; i < left.size(); i++) {
          boolean owns = step >= hears[i];
          if (owns && left.get(i).lease.mayChange()) {
            changed++;
            assertFalse(lost.lease.isValid(), "run " + run + ", step " + step);
          }
          spoken += owns && lost.lease.isValid() ? 1 : 0;
        }
      }
      for (int i = 0; i < 10; i++) {
        pass(300);
        renewAll(left);
      }
      left.forEach(node -> assertTrue(node.lease.mayChange()));
      left.forEach(node -> assertTrue(node.lease.isValid()));
    }
    assertTrue(changed > 1000 && spoken > 1000, changed + " changes, " + spoken + " times a lease");
  }

  private void deliverSome(SplittableRandom random) {
    int count = random.nextInt(network.size() + 1);
    List<Runnable> now = new ArrayList<>(network.subList(0, count));
    network.subList(0, count).clear();
    now.forEach(Runnable::run);
  }

  @Test
  void nodesTakeOverTheTimeOfTheOldestAndNoStepOfIt() {
    List<Node> all = cluster(3, 0);
    all.get(0).clock.lead();
    // The first answer is long under way, and says less than those that come after it.
    all.forEach(node -> node.lease.renew());
    pass(900);
    deliver();
    for (int i = 0; i < 6; i++) {
      renewAll(all);
    }
    for (Node node : all) {
      assertTrue(node.clock.isJoined());
      assertEquals(all.get(0).clock.millis(), node.clock.millis());
    }

    // One that thinks differently of the time by 90 s changes it by little.
    all.get(1).others = List.of(new Node("m", 0, 91_000), all.get(2));
    long before = all.get(1).clock.millis();
    for (int i = 0; i < 10; i++) {
      pass(100);
      renewAll(List.of(all.get(1)));
    }
    long passedMs = all.get(1).clock.millis() - before;
    assertTrue(Math.abs(passedMs - 1000) <= 20, passedMs + " ms");
  }
}
