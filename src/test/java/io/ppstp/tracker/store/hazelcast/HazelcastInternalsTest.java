package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.instance.BuildInfoProvider;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The inner interfaces of Hazelcast's that the store rests on are those of this version. */
class HazelcastInternalsTest {

  /** Another minor version needs a look at every use in {@link HazelcastInternals}. */
  @Test
  void theVersionIsOneThatTheInnerInterfacesWereReadOf() {
    assertTrue(
        BuildInfoProvider.getBuildInfo().getVersion().startsWith("5.7."),
        BuildInfoProvider.getBuildInfo().getVersion());
  }

  @Test
  void eachShardHasOneOwnerAndItsBackupsElsewhere() throws Exception {
    try (TestMembers members = TestMembers.start(3, 3)) {
      members.emptyStore(1).close();
      members.awaitSafe();
      List<Placement> nodes =
          List.<Placement>of(
              new HazelcastInternals(members.get(0), 1),
              new HazelcastInternals(members.get(1), 1),
              new HazelcastInternals(members.get(2), 1));
      for (int shard = 0; shard < Shards.PEERS; shard++) {
        int at = shard;
        List<Placement> owners =
            nodes.stream().filter(it -> it.role(StateKind.PEERS, at) == Role.OWNER).toList();
        List<Placement> backups =
            nodes.stream().filter(it -> it.role(StateKind.PEERS, at) == Role.BACKUP).toList();
        assertEquals(1, owners.size());
        assertEquals(1, backups.size());
        Placement owner = owners.get(0);
        assertNull(owner.otherOwner(StateKind.PEERS, shard));
        assertEquals(owner.name(), backups.get(0).otherOwner(StateKind.PEERS, shard));
        assertEquals(List.of(backups.get(0).name()), owner.backups(StateKind.PEERS, shard));
        assertTrue(nodes.stream().allMatch(it -> it.isOwner(owner.here(), at)));
        assertNull(owner.value(StateKind.PEERS, shard));
      }
    }
  }
}
