package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on three members, each command on another one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HazelcastStoreClusterTest extends TrackerStoreContract {
  private static final int MEMBERS = 3;

  private final TestMembers members;

  HazelcastStoreClusterTest() throws Exception {
    members = TestMembers.start(MEMBERS, MEMBERS);
  }

  @AfterAll
  void stop() {
    members.close();
  }

  @Override
  protected TrackerStore newStore(int maximumPeers) {
    return members.emptyStore(maximumPeers);
  }

  @Override
  protected int nodes() {
    return MEMBERS;
  }

  @Override
  protected TrackerStore oneNode(TrackerStore store) {
    return ((SharedStore) store).node(0);
  }
}
