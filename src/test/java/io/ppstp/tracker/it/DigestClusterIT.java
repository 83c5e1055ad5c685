package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.DigestClient;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP Digest with two nodes that any request may reach. */
class DigestClusterIT {
  private static final Duration JOINED = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("set by JUnit");
  private final List<TrackerProcess> nodes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Path accounts = folder.resolve("accounts");
    int exitCode =
        TrackerProcess.bare()
            .arguments("account", "add", "--accounts", accounts.toString(), "viewer-1")
            .input("pw")
            .run()
            .exitCode();
    assertEquals(0, exitCode);
    String cluster = "digest-" + ProcessHandle.current().pid();
    for (int i = 0; i < 2; i++) {
      nodes.add(
          TrackerProcess.onFreePorts()
              .jvmOption("-Xmx384m")
              .arguments("--cluster")
              .set("cluster.name", cluster)
              .set("auth.digest.accounts", accounts)
              .start());
    }
    Await.until("two members", JOINED, () -> members(0) == 2 && members(1) == 2);
  }

  private int members(int node) throws Exception {
    return nodes.get(node).management().status().path("cluster").path("members").size();
  }

  @AfterEach
  void stop() {
    nodes.forEach(TrackerProcess::close);
  }

  private Reply post(int node, Message message, String authorization) throws Exception {
    PpstpClient client = nodes.get(node).client();
    return client.send(
        client.request("/", message.bytes()).header("Authorization", authorization).build());
  }

  @Test
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
  void aReplayIsRefusedAlsoAfterTheNodeThatSawTheRequestDied() throws Exception {
    Message join = Message.connect("viewer-1", "1").joinAsLeech("news-1");
    List<String> used = new ArrayList<>();
    DigestClient client = new DigestClient("viewer-1", "pw");
    for (int i = 0; i < 20; i++) {
      String challenge = nodes.get(i % 2).client().post(join).header("www-authenticate");
      used.add(client.challenged(challenge).next());
      post(0, join, used.get(i)).expectSuccess();
    }
    nodes.get(0).kill();
    Await.until("one member", JOINED, () -> members(1) == 1);
    for (String replay : used) {
      post(1, join, replay).expect(401, 6);
    }
    post(1, join, client.next()).expectSuccess();
  }
}
