package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.Member;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerList;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.store.hazelcast.RandomValues.Exchange;
import io.ppstp.tracker.testing.Seeds;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What travels between nodes comes out as it went in. */
class FormatTest {
  private static final int ROUNDS = 2000;

  private final RandomValues values = new RandomValues(Seeds.random());

  @Test
  void everyPeerCommandAndItsResultComeOutAsTheyWentIn() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      for (Exchange<PeerCommand<?>, Object> it : values.peerExchanges().values()) {
        assertComesThrough(PeerCommandFormats.ALL, it.command(), it.result());
      }
    }
  }

  @Test
  void everySwarmCommandAndItsResultComeOutAsTheyWentIn() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      for (Exchange<SwarmCommand<?>, Object> it : values.swarmExchanges().values()) {
        assertComesThrough(SwarmCommandFormats.ALL, it.command(), it.result());
      }
    }
  }

  @Test
  void noCommandIsWithoutAnExample() {
    assertEquals(
        leaves(PeerCommand.class).collect(Collectors.toSet()),
        classes(values.peerExchanges().values().stream().map(Exchange::command)));
    assertEquals(
        leaves(SwarmCommand.class).collect(Collectors.toSet()),
        classes(values.swarmExchanges().values().stream().map(Exchange::command)));
  }

  private static Stream<Class<?>> leaves(Class<?> family) {
    return family.isSealed()
        ? Stream.of(family.getPermittedSubclasses()).flatMap(FormatTest::leaves)
        : Stream.of(family);
  }

  private static Set<Class<?>> classes(Stream<?> objects) {
    return objects.map(Object::getClass).collect(Collectors.toSet());
  }

  private static <C> void assertComesThrough(CommandFormats<C> formats, C command, Object result)
      throws IOException {
    byte[] written = Bytes.of(out -> formats.writeCommand(out, command));
    assertEquals(StateFormat.VERSION, written[0]);
    assertEquals(command, Bytes.read(written, formats::readCommand));

    byte[] answered = Bytes.of(out -> formats.writeResult(out, command, result));
    Object read = Bytes.read(answered, in -> formats.readResult(in, command));
    if (result instanceof PeerList list) {
      assertArrayEquals(list.entries(), ((PeerList) read).entries());
    } else {
      assertEquals(result, read);
    }
  }

  @Test
  void aShardComesOutAsItWentIn() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      ShardSnapshot snapshot = values.shard();
      byte[] written = Bytes.of(out -> StateFormat.shard(out, new PeerShard(snapshot)));
      assertEquals(snapshot, Bytes.read(written, StateFormat::shard).snapshot());
    }
  }

  @Test
  void aSwarmComesOutAsItWentIn() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      Map<String, Member> members = values.members();
      byte[] written = Bytes.of(out -> StateFormat.swarm(out, new Swarm(members.values())));
      Map<String, Member> read = new HashMap<>();
      Bytes.read(written, StateFormat::swarm).members().forEach(it -> read.put(it.id(), it));
      assertEquals(members, read);
    }
  }

  @Test
  void aLaterVersionIsRefusedInWordsThatHelp() throws IOException {
    byte[] shard = Bytes.of(out -> StateFormat.shard(out, new PeerShard()));
    byte[] swarm = Bytes.of(out -> StateFormat.swarm(out, new Swarm()));
    byte[] peerCommand =
        Bytes.of(out -> PeerCommandFormats.ALL.writeCommand(out, new PeerCommand.Look("p")));
    byte[] swarmCommand =
        Bytes.of(out -> SwarmCommandFormats.ALL.writeCommand(out, new SwarmCommand.Look("p")));
    List.of(shard, swarm, peerCommand, swarmCommand).forEach(bytes -> bytes[0]++);

    for (IOException refusal :
        List.of(
            refusal(shard, StateFormat::shard),
            refusal(swarm, StateFormat::swarm),
            refusal(peerCommand, PeerCommandFormats.ALL::readCommand),
            refusal(swarmCommand, SwarmCommandFormats.ALL::readCommand))) {
      assertEquals(
          "format version 3 is not known here; update this node to the newer release",
          refusal.getMessage());
    }
  }

  @Test
  void aLaterCommandIsRefusedInWordsThatHelp() {
    for (int number : new int[] {100, -1}) {
      IOException refusal =
          refusal(
              new byte[] {StateFormat.VERSION, (byte) number}, PeerCommandFormats.ALL::readCommand);
      assertEquals(
          "command " + number + " is not known here; update this node", refusal.getMessage());
    }
  }

  @Test
  void halfOfAnythingIsAnErrorAndNoValue() throws IOException {
    for (Exchange<PeerCommand<?>, Object> it : values.peerExchanges().values()) {
      byte[] written = Bytes.of(out -> PeerCommandFormats.ALL.writeCommand(out, it.command()));
      for (int length = 0; length < written.length; length++) {
        byte[] half = Arrays.copyOf(written, length);
        refusal(half, PeerCommandFormats.ALL::readCommand);
      }
    }
  }

  private static IOException refusal(byte[] bytes, Bytes.Reading<?> reading) {
    IOException refusal = assertThrows(IOException.class, () -> Bytes.read(bytes, reading));
    assertTrue(refusal.getMessage() == null || !refusal.getMessage().isEmpty());
    return refusal;
  }
}
