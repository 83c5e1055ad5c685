package io.ppstp.tracker.store.local;

import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStoreContract;

class LocalStoreTest extends TrackerStoreContract {
  @Override
  protected TrackerStore newStore(int maximumPeers) {
    return new LocalStore(maximumPeers);
  }
}
