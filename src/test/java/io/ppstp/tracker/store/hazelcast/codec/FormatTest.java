package io.ppstp.tracker.store.hazelcast.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.swarm.CompactList;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.Swarm;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.hazelcast.StoreConfig;
import io.ppstp.tracker.store.hazelcast.codec.RandomValues.Exchange;
import io.ppstp.tracker.testing.Peers;
import io.ppstp.tracker.testing.Seeds;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written is read as it was. */
class FormatTest {
  private static final int ROUNDS = 300;

  private final RandomValues values = new RandomValues(Seeds.random());

  @Test
  void everyRequestAndItsResultComeOutAsTheyWentIn() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      for (Exchange<PeerCommand<?>, Object> it : values.peerCommands()) {
        assertComesThrough(PeerFormats.COMMANDS, it.request(), it.result());
      }
      for (Exchange<PeerQuery<?>, Object> it : values.peerQueries()) {
        assertComesThrough(PeerFormats.QUERIES, it.request(), it.result());
      }
      for (Exchange<SwarmQuery<?>, Object> it : values.swarmQueries()) {
        assertComesThrough(SwarmFormats.QUERIES, it.request(), it.result());
      }
      assertComesThrough(SwarmFormats.CHANGES, values.swarmChange(), List.of(3, 1));
    }
  }

  /** By that a node is kept out of a cluster of another format. */
  @Test
  void nodesTellEachOtherTheVersionThatTheyWrite() {
    assertEquals(StateFormat.VERSION, StoreConfig.FORMAT);
  }

  @Test
  void noRequestIsWithoutAnExample() {
    assertEquals(leaves(PeerCommand.class), classes(values.peerCommands()));
    assertEquals(leaves(PeerQuery.class), classes(values.peerQueries()));
    assertEquals(leaves(SwarmQuery.class), classes(values.swarmQueries()));
  }

  private static Set<Class<?>> leaves(Class<?> family) {
    return Stream.of(family.getPermittedSubclasses()).collect(Collectors.toSet());
  }

  private static <Q> Set<Class<?>> classes(List<Exchange<Q, Object>> exchanges) {
    return exchanges.stream().map(it -> it.request().getClass()).collect(Collectors.toSet());
  }

  private static <Q> void assertComesThrough(RequestFormats<Q> formats, Q request, Object result)
      throws IOException {
    byte[] written = Bytes.of(out -> formats.writeRequest(out, request));
    assertEquals(request, Bytes.read(written, formats::readRequest));

    byte[] answered = Bytes.of(out -> formats.writeResult(out, request, result));
    Object read = Bytes.read(answered, in -> formats.readResult(in, request));
    if (result instanceof PeerList list) {
      assertArrayEquals(list.entries(), ((PeerList) read).entries());
      assertEquals(list.withheld(), ((PeerList) read).withheld());
      assertEquals(list.placed(), ((PeerList) read).placed());
    } else if (result instanceof CompactList list) {
      CompactList other = (CompactList) read;
      assertArrayEquals(list.v4(), other.v4());
      assertArrayEquals(list.v6(), other.v6());
      assertEquals(list.members(), other.members());
      assertEquals(list.seeders(), other.seeders());
    } else {
      assertEquals(result, read);
    }
  }

  @Test
  void changesComeOutAsTheyWentIn() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      ShardChange change = values.shardChange();
      byte[] written = Bytes.of(out -> ChangeFormat.peers(out, change));
      assertEquals(change, Bytes.read(written, ChangeFormat::peers));

      SwarmChange batch = values.swarmChange();
      byte[] changed = Bytes.of(out -> ChangeFormat.swarms(out, batch));
      assertEquals(batch, Bytes.read(changed, ChangeFormat::swarms));
    }
  }

  @Test
  void shardsComeOutAsTheyWentInAndWithTheSameDigest() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      ShardSnapshot snapshot = values.shard();
      PeerShard shard = new PeerShard(snapshot);
      byte[] written = Bytes.of(out -> StateFormat.peers(out, shard));
      PeerShard read = Bytes.read(written, StateFormat::peers);
      assertEquals(snapshot, read.snapshot());
      assertEquals(StateDigest.of(shard), StateDigest.of(read));
    }
  }

  @Test
  void swarmsComeOutAsTheyWentInAndWithTheSameDigest() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      SwarmShard shard = new SwarmShard();
      Map<String, Map<String, Member>> swarms = new HashMap<>();
      for (int s = 0; s < 3; s++) {
        String id = "s" + s;
        Map<String, Member> members = values.members(id);
        members.values().forEach(member -> shard.unite(id, member));
        if (!members.isEmpty()) {
          swarms.put(id, members);
        }
      }
      byte[] written = Bytes.of(out -> StateFormat.swarms(out, shard));
      SwarmShard read = Bytes.read(written, StateFormat::swarms);
      assertEquals(swarms.size(), read.size());
      swarms.forEach((id, members) -> assertEquals(members, membersOf(read, id)));
      assertEquals(StateDigest.of(shard), StateDigest.of(read));
    }
  }

  private static Map<String, Member> membersOf(SwarmShard shard, String swarmId) {
    Swarm swarm = Objects.requireNonNull(shard.swarm(swarmId));
    return swarm.members().stream().collect(Collectors.toMap(Member::id, it -> it));
  }

  @Test
  void aDigestTellsOneMemberLessOrAnother() {
    SwarmShard shard = new SwarmShard();
    for (int i = 0; i < 100; i++) {
      shard.unite("s", Peers.member("p" + i, i));
    }
    long whole = StateDigest.of(shard);
    shard.apply(new SwarmKey("s"), new MemberChange("p7", 7, null));
    long less = StateDigest.of(shard);
    shard.unite("s", Peers.member("p7", 8));

    assertNotEquals(whole, less);
    assertNotEquals(whole, StateDigest.of(shard));
    assertNotEquals(less, StateDigest.of(shard));
  }

  @Test
  void anotherVersionIsRefusedInWordsThatHelp() throws IOException {
    byte[] shard = Bytes.of(out -> StateFormat.peers(out, new PeerShard()));
    shard[0]++;
    IOException refusal =
        assertThrows(IOException.class, () -> Bytes.read(shard, StateFormat::peers));
    assertEquals(
        "format version 4 is not known here; update this node to the newer release",
        refusal.getMessage());
    byte[] later = {StateFormat.VERSION, 100};
    assertEquals(
        "request 100 is not known here; update this node",
        assertThrows(IOException.class, () -> Bytes.read(later, PeerFormats.COMMANDS::readRequest))
            .getMessage());
  }
}
