package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many peers at once: what the tracker holds is exactly what it has acknowledged. */
class ConcurrencyIT {
  private static final int CONNECTIONS = 50;
  private static final int PEERS_PER_CONNECTION = 12;
  private static final int SWARMS = 200;
  private static final int MOST_LISTED = 29;
  private static final int REQUESTS_PER_CONNECTION = 100;

  @ParameterizedTest
  @ValueSource(strings = {"table6", "additive"})
  void holdsWhatItHasAcknowledged(String policy) throws Exception {
    SplittableRandom random = new SplittableRandom(Seeds.seed());
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("policy.connect", policy)
            .set("addresses.trust", "advertised")
            .start()) {
      manyFightOverTheSamePeers(tracker, random);
      assertEquals(new Management.Held(0, 0, 0), tracker.management().held());
      manyActForPeersOfTheirOwn(tracker, random);
      assertEquals(List.of(), tracker.errors());
    }
  }

  private static void manyFightOverTheSamePeers(TrackerProcess tracker, SplittableRandom random)
      throws Exception {
    List<Callable<Integer>> rivals = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      String name = "rival" + i + "-";
      SplittableRandom own = random.split();
      rivals.add(() -> fight(tracker, name, own));
    }
    runAll(rivals);
    PpstpClient client = tracker.client();
    for (int peer = 0; peer < 4; peer++) {
      Message leave = Message.connect("shared" + peer, "last");
      for (int swarm = 0; swarm < 4; swarm++) {
        leave.leave("s" + swarm);
      }
      client.post(leave);
      client.post(Message.statReport("shared" + peer, "gone")).expect(403, 3);
    }
  }

  private static void manyActForPeersOfTheirOwn(TrackerProcess tracker, SplittableRandom random)
      throws Exception {
    List<Crowd> crowds = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      crowds.add(new Crowd(tracker, "c" + i + "-", random.split()));
    }
    runAll(crowds);
    Map<String, Set<String>> members = new TreeMap<>();
    long peers = 0;
    for (Crowd crowd : crowds) {
      for (Map.Entry<String, Set<String>> peer : crowd.joined.entrySet()) {
        peers += peer.getValue().isEmpty() ? 0 : 1;
        for (String swarm : peer.getValue()) {
          members.computeIfAbsent(swarm, it -> new TreeSet<>()).add(peer.getKey());
        }
      }
    }
    long memberships = members.values().stream().mapToLong(Set::size).sum();
    assertEquals(
        new Management.Held(peers, members.size(), memberships), tracker.management().held());
    assertListsAgree(tracker.client(), members);
    for (Crowd crowd : crowds) {
      crowd.assertMembershipsAgree(tracker.client());
    }
  }

  private static void runAll(List<? extends Callable<Integer>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Integer> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Asks one member of each swarm for all the others. */
  private static void assertListsAgree(PpstpClient client, Map<String, Set<String>> members)
      throws Exception {
    for (Map.Entry<String, Set<String>> swarm : members.entrySet()) {
      Set<String> others = new HashSet<>(swarm.getValue());
      String asking = others.iterator().next();
      others.remove(asking);
      Message find = Message.find(asking, "final", swarm.getKey()).peerCount(MOST_LISTED);
      Set<String> listed = client.post(find).expectSuccess().peers(swarm.getKey());
      if (others.size() <= MOST_LISTED) {
        assertEquals(others, listed);
      } else {
        assertTrue(listed.size() == MOST_LISTED && others.containsAll(listed));
      }
    }
  }

  /** Some peers behind one connection, and what was acknowledged to them. One thread. */
  private static final class Crowd implements Callable<Integer> {
    private final TrackerProcess tracker;
    private final SplittableRandom random;
    private final Map<String, Set<String>> joined = new HashMap<>();
    private final List<String> peers = new ArrayList<>();

    /** By peer: its last CONNECT, if that succeeded and so can be repeated. */
    private final Map<String, String> repeatable = new HashMap<>();

    private int requests;

    Crowd(TrackerProcess tracker, String prefix, SplittableRandom random) {
      this.tracker = tracker;
      this.random = random;
      for (int i = 0; i < PEERS_PER_CONNECTION; i++) {
        peers.add(prefix + i);
        joined.put(prefix + i, new TreeSet<>());
      }
    }

    @Override
    public Integer call() throws IOException {
      try (RawConnection connection = tracker.connection()) {
        while (requests < REQUESTS_PER_CONNECTION) {
          String peer = peers.get(random.nextInt(peers.size()));
          requests++;
          switch (random.nextInt(10)) {
            case 0 -> find(connection, peer);
            case 1 -> report(connection, peer);
            case 2 -> repeat(connection, peer);
            default -> connect(connection, peer);
          }
        }
      }
      return 0;
    }

    private Set<String> of(String peer) {
      return joined.getOrDefault(peer, Set.of());
    }

    private String anySwarm(String peer) {
      Set<String> own = of(peer);
      if (!own.isEmpty() && random.nextInt(3) > 0) {
        return own.stream().skip(random.nextInt(own.size())).findFirst().orElseThrow();
      }
      return "s" + random.nextInt(SWARMS);
    }

    private static Reply ask(RawConnection connection, String message) throws IOException {
      connection.post(message.getBytes(UTF_8));
      Reply reply = connection.receive();
      reply.assertWellFormed();
      assertTrue(reply.status() == 200 || reply.status() == 403, reply::toString);
      return reply;
    }

    private void find(RawConnection connection, String peer) throws IOException {
      String swarm = anySwarm(peer);
      Reply reply = ask(connection, Message.find(peer, "f" + requests, swarm).json());
      assertEquals(of(peer).contains(swarm), reply.isSuccess(), reply::toString);
      assertTrue(!reply.peers(swarm).contains(peer), reply::toString);
    }

    private void report(RawConnection connection, String peer) throws IOException {
      String swarm = anySwarm(peer);
      Reply reply = ask(connection, Message.statReport(peer, "r" + requests, swarm).json());
      assertEquals(of(peer).contains(swarm), reply.isSuccess(), reply::toString);
    }

    private void repeat(RawConnection connection, String peer) throws IOException {
      String last = repeatable.get(peer);
      if (last != null) {
        assertTrue(ask(connection, last).isSuccess());
      }
    }

    private void connect(RawConnection connection, String peer) throws IOException {
      int number = peers.indexOf(peer) + 1;
      Message message = Message.connect(peer, "c" + requests).address("192.0.2." + number, 4000);
      boolean onlySeederJoins = true;
      Set<String> named = new HashSet<>();
      int actions = random.nextInt(1, 4);
      boolean switching = actions == 2 && random.nextBoolean();
      for (int i = 0; i < actions; i++) {
        String swarm = anySwarm(peer);
        if (!named.add(swarm)) {
          continue;
        }
        int kind = switching ? i % 2 : random.nextInt(3);
        switch (kind) {
          case 0 -> message.leave(swarm);
          case 1 -> message.joinAsLeech(swarm);
          default -> message.joinAsSeeder(swarm);
        }
        onlySeederJoins &= kind == 2;
      }
      Reply reply = ask(connection, message.json());
      note(peer, message, reply, onlySeederJoins);
    }

    /** Believes what the answer says, and that nothing else has happened. */
    private void note(String peer, Message message, Reply reply, boolean onlySeederJoins) {
      Set<String> own = new TreeSet<>(of(peer));
      if (!reply.isSuccess()) {
        repeatable.remove(peer);
        if (onlySeederJoins) {
          own.clear();
        }
      } else {
        repeatable.put(peer, message.json());
        for (JsonNode action : message.actions()) {
          String swarm = action.path("swarm_id").asText();
          if (reply.result(swarm).equals(Optional.of(0))) {
            if (action.path("action").asText().equals("JOIN")) {
              own.add(swarm);
            } else {
              own.remove(swarm);
            }
          }
        }
      }
      joined.put(peer, own);
    }

    void assertMembershipsAgree(PpstpClient client) throws Exception {
      for (String peer : peers) {
        Set<String> own = of(peer);
        if (own.isEmpty()) {
          client.post(Message.statReport(peer, "final")).expect(403, 3);
          continue;
        }
        String[] asked = new String[own.size() + 1];
        own.toArray(asked);
        asked[own.size()] = "s-nobody-joins";
        Reply reply = client.post(Message.statReport(peer, "final", asked)).expectSuccess();
        own.forEach(swarm -> assertEquals(Optional.of(0), reply.result(swarm)));
        assertEquals(Optional.of(1), reply.result("s-nobody-joins"));
      }
    }
  }

  /** Acts for peers that others act for at the same time. */
  private static int fight(TrackerProcess tracker, String name, SplittableRandom random)
      throws IOException {
    try (RawConnection connection = tracker.connection()) {
      for (int i = 0; i < REQUESTS_PER_CONNECTION; i++) {
        String peer = "shared" + random.nextInt(4);
        String swarm = "s" + random.nextInt(4);
        Message connect = Message.connect(peer, name + i);
        Message message =
            switch (random.nextInt(5)) {
              case 0 -> connect.address("192.0.2.1", 1 + random.nextInt(9)).joinAsLeech(swarm);
              case 1 -> connect.joinAsSeeder(swarm);
              case 2 -> connect.leave(swarm);
              case 3 -> Message.find(peer, name + i, swarm);
              default -> Message.statReport(peer, name + i, swarm);
            };
        connection.post(message.bytes());
        Reply reply = connection.receive();
        reply.assertWellFormed();
        assertNotEquals(500, reply.status());
      }
    }
    return 0;
  }
}
