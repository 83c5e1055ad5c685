package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on one member. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HazelcastStoreTest extends TrackerStoreContract {
  private final TestMembers members;

  HazelcastStoreTest() throws Exception {
    members = TestMembers.start(1, 1);
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
  protected TrackerStore oneNode(TrackerStore store) {
    return ((SharedStore) store).node(0);
  }
}
