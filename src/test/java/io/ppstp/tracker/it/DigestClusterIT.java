package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.DigestClient;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** HTTP Digest with two nodes that any request may reach. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DigestClusterIT {
  private static final Duration SAFE = Duration.ofSeconds(60);

  private TrackerCluster cluster;
  private List<TrackerProcess> nodes = List.of();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Path accounts = folder.resolve("accounts");
    int exitCode =
        TrackerProcess.bare()
            .arguments("account", "add", "--accounts", accounts.toString(), "viewer-1")
            .input("pw")
            .run()
            .exitCode();
    assertEquals(0, exitCode);
    cluster =
        TrackerCluster.in(folder, node -> node.set("auth.digest.accounts", accounts)).start(2);
    nodes = cluster.nodes();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private Reply post(int node, Message message, String authorization) throws Exception {
    PpstpClient client = nodes.get(node).client();
    return client.send(
        client.request("/", message.bytes()).header("Authorization", authorization).build());
  }

  @Test
  @Order(1)
  void aChallengeOfOneNodeIsAnsweredAtTheOtherAndNoReplayPassesAtEither() throws Exception {
    Message join = Message.connect("viewer-1", "1").joinAsLeech("news-1");
    for (int round = 0; round < 10; round++) {
      int here = round % 2;
      int there = 1 - here;
      String challenge =
          nodes.get(here).client().post(join).expect(401, 6).header("www-authenticate");
      DigestClient client = new DigestClient("viewer-1", "pw").challenged(challenge);
      String first = client.next();
      post(there, join, first).expectSuccess();
      post(here, join, first).expect(401, 6);
      post(there, join, first).expect(401, 6);

      String second = client.next();
      String third = client.next();
      post(here, join, third).expectSuccess();
      post(there, join, second).expectSuccess();
      for (int node : new int[] {here, there}) {
        for (String replay : List.of(first, second, third)) {
          Reply refused = post(node, join, replay).expect(401, 6);
          assertEquals(false, refused.header("www-authenticate").contains("stale"));
        }
      }
    }
  }

  @Test
  @Order(2)
  void aReplayIsRefusedAlsoAfterTheNodeThatSawTheRequestDied() throws Exception {
    Message join = Message.connect("viewer-1", "1").joinAsLeech("news-1");
    List<String> used = new ArrayList<>();
    DigestClient client = new DigestClient("viewer-1", "pw");
    for (int i = 0; i < 20; i++) {
      String challenge = nodes.get(i % 2).client().post(join).header("www-authenticate");
      used.add(client.challenged(challenge).next());
      post(0, join, used.get(i)).expectSuccess();
    }
    cluster.kill(nodes.get(0));
    cluster.awaitSafe(SAFE);
    for (String replay : used) {
      post(1, join, replay).expect(401, 6);
    }
    // Nothing is changed while the node that died might still answer for the cluster.
    Reply[] last = {post(1, join, client.next())};
    Await.until(
        "an answer other than 05",
        SAFE,
        () -> {
          boolean refused = last[0].status() == 503;
          last[0] = refused ? post(1, join, client.next()) : last[0];
          return !refused;
        });
    last[0].expectSuccess();
  }
}
