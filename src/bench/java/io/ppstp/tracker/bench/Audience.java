package io.ppstp.tracker.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.simulate.PeerMessages;
import io.ppstp.tracker.simulate.PeerMessages.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Viewers of channels, and what they ask a tracker for. A viewer's requests all travel on one
 * connection. Immutable.
 *
 * @param connections over which the viewers are divided
 * @param perConnection viewers on each
 * @param channels swarms that they are divided among, evenly
 */
record Audience(int connections, int perConnection, int channels) {
  /** The most that a list may hold: fewer than 30 (RFC 7846, Section 3.2.2). */
  static final int MOST_LISTED = 29;

  private static final List<String> KINDS = Stream.of(Kind.values()).map(Enum::name).toList();
  private static final List<Integer> ANY_LENGTH = Collections.nCopies(KINDS.size(), 0);

  int viewers() {
    return connections * perConnection;
  }

  private static String peerId(int number) {
    return "%016x".formatted(number * 0x9e3779b97f4a7c15L);
  }

  private static String channel(int number) {
    return "channel-%06d".formatted(number);
  }

  /** Returns an address of the block that is set aside for tests of networks (RFC 2544). */
  static Candidate address(int number) {
    return new Candidate(
        "198.%d.%d.%d".formatted(18 + (number >>> 16 & 1), number >>> 8 & 255, number & 255),
        10_000 + (number >>> 17));
  }

  int home(int viewer) {
    return viewer % channels;
  }

  /** Returns the plan with which all viewers join their channels, without asking for a list. */
  Plan arrival() {
    return joins(this::home, 0);
  }

  /** Returns the plan with which each viewer joins one channel, once. */
  private Plan joins(IntUnaryOperator channel, int listed) {
    return new Plan(
        KINDS,
        ANY_LENGTH,
        scripts(
            connection ->
                new Sequence(
                    connection * perConnection,
                    (connection + 1) * perConnection,
                    viewer -> join(viewer, channel.applyAsInt(viewer), listed))));
  }

  /**
   * One for all CONNECTs of a viewer: they come again in each round, and with IDs of their own they
   * would be taken for copies that are late, and not executed.
   */
  private static String transaction(int viewer) {
    return "c%08x".formatted(viewer);
  }

  static byte[] join(int viewer, int channel, int count) {
    SwarmAction join = new SwarmAction(channel(channel), Action.JOIN, PeerMode.LEECH);
    return Http.post(
        Kind.JOIN.path(),
        PeerMessages.connect(
            peerId(viewer), transaction(viewer), address(viewer), count, List.of(join)));
  }

  static byte[] leave(int viewer, int channel) {
    SwarmAction leave = new SwarmAction(channel(channel), Action.LEAVE, null);
    return Http.post(
        Kind.LEAVE.path(),
        PeerMessages.connect(peerId(viewer), transaction(viewer), null, -1, List.of(leave)));
  }

  static byte[] change(int viewer, int from, int to) {
    List<SwarmAction> actions =
        List.of(
            new SwarmAction(channel(from), Action.LEAVE, null),
            new SwarmAction(channel(to), Action.JOIN, PeerMode.LEECH));
    return Http.post(
        Kind.SWITCH.path(),
        PeerMessages.connect(peerId(viewer), transaction(viewer), address(viewer), -1, actions));
  }

  static byte[] find(int viewer, int channel, int turn) {
    return Http.post(
        Kind.FIND.path(),
        PeerMessages.find(peerId(viewer), "f%08x".formatted(turn), channel(channel), MOST_LISTED));
  }

  static byte[] report(int viewer, int channel, int turn) {
    return Http.post(
        Kind.STAT_REPORT.path(),
        PeerMessages.statReport(
            peerId(viewer),
            "s%08x".formatted(turn),
            channel(channel),
            100_000_000 + turn,
            300_000_000 + turn));
  }

  private List<Script> scripts(IntFunction<Script> script) {
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      scripts.add(script.apply(i));
    }
    return scripts;
  }

  /** Returns the plan in which viewers ask for lists of the greatest length, and nothing else. */
  Plan finds() {
    return new Plan(KINDS, Kind.leastBodies(MOST_LISTED), scripts(this::findRing));
  }

  private Script findRing(int connection) {
    Ring ring = new Ring();
    // The live mix may have stopped while those who switch are away from home.
    for (int i = Mix.LIVE.movers(); i < perConnection; i++) {
      int viewer = connection * perConnection + i;
      ring.add(Kind.FIND.number(), find(viewer, home(viewer), i));
    }
    return ring;
  }

  /** Returns the plan of a mix. All its viewers have to be where {@link #arrival} puts them. */
  Plan mix(Mix mix) {
    return new Plan(
        KINDS,
        Kind.leastBodies(mix.leastOthers()),
        scripts(connection -> new MixRing(this, mix, connection).make()));
  }

  /**
   * Returns the plan in which guests join one channel, ask for a list, and leave, over and over.
   */
  Plan visits(int channel, int firstGuest) {
    return new Plan(
        KINDS,
        Kind.leastBodies(MOST_LISTED),
        scripts(
            connection -> {
              Ring ring = new Ring();
              for (int i = 0; i < perConnection; i++) {
                int guest = firstGuest + connection * perConnection + i;
                ring.add(Kind.JOIN.number(), join(guest, channel, MOST_LISTED));
                ring.add(Kind.FIND.number(), find(guest, channel, i));
                ring.add(Kind.LEAVE.number(), leave(guest, channel));
              }
              return ring;
            }));
  }

  /** Returns the plan with which each viewer joins the first channel, once, and gets a list. */
  Plan crowd() {
    return joins(viewer -> 0, MOST_LISTED);
  }

  /** Returns the plan in which viewers report, and nothing else. */
  Plan reports() {
    return new Plan(
        KINDS,
        Kind.leastBodies(MOST_LISTED),
        scripts(
            connection -> {
              Ring ring = new Ring();
              for (int i = 0; i < perConnection; i++) {
                int viewer = connection * perConnection + i;
                ring.add(Kind.STAT_REPORT.number(), report(viewer, home(viewer), i));
              }
              return ring;
            }));
  }

  /**
   * Returns the plan with which viewers of other numbers join: of {@code count} from {@code first}
   * on, viewer {@code first + i} joins channel {@code firstChannel + i % someChannels}.
   */
  Plan arrival(int first, int count, int firstChannel, int someChannels) {
    return new Plan(
        KINDS,
        ANY_LENGTH,
        scripts(
            connection ->
                new Sequence(
                    first + (int) ((long) count * connection / connections),
                    first + (int) ((long) count * (connection + 1) / connections),
                    viewer -> join(viewer, firstChannel + (viewer - first) % someChannels, 0))));
  }

  /** Requests made one by one as they are needed, for they would be too many to keep. */
  private static final class Sequence implements Script {
    private final int end;
    private final IntFunction<byte[]> request;
    private int next;

    Sequence(int first, int end, IntFunction<byte[]> request) {
      this.next = first;
      this.end = end;
      this.request = request;
    }

    @Override
    public @Nullable ByteBuf next() {
      if (next == end) {
        return null;
      }
      next++;
      return again();
    }

    @Override
    public ByteBuf again() {
      return Unpooled.wrappedBuffer(request.apply(next - 1));
    }

    @Override
    public int kind() {
      return Kind.JOIN.number();
    }
  }
}
