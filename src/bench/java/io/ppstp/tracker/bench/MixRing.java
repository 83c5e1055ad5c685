package io.ppstp.tracker.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Puts together what one connection sends of a {@link Mix}. Each request is one that its peer may
 * send in the state that it is in then (RFC 7846, Table 6), and the ring ends where it began, so
 * that it can go round. Confined to one thread.
 */
final class MixRing {
  private static final long SEED = 7846;
  private static final int FIND = -1;
  private static final int REPORT = -2;

  private final Audience audience;
  private final Mix mix;
  private final int connection;
  private final SplittableRandom random;
  private final Ring ring = new Ring();

  /** Where each viewer of the connection is. */
  private final int[] channelOf;

  private final int[] movesOf;
  private final boolean[] isHere;

  MixRing(Audience audience, Mix mix, int connection) {
    if (mix.movers() > audience.perConnection()) {
      throw new IllegalArgumentException("fewer viewers than move: " + audience.perConnection());
    }
    this.audience = audience;
    this.mix = mix;
    this.connection = connection;
    this.random = new SplittableRandom(SEED + connection);
    this.channelOf = new int[audience.perConnection()];
    this.movesOf = new int[mix.movers()];
    this.isHere = new boolean[mix.guests()];
  }

  /** Returns the ring, with the same requests each time. */
  Script make() {
    for (int i = 0; i < channelOf.length; i++) {
      channelOf[i] = audience.home(viewer(i));
    }
    int[] turns = turns();
    for (int turn = 0; turn < turns.length; turn++) {
      int what = turns[turn];
      int local = random.nextInt(channelOf.length);
      if (what == FIND) {
        ring.add(Kind.FIND.number(), Audience.find(viewer(local), channelOf[local], turn));
      } else if (what == REPORT) {
        byte[] report = Audience.report(viewer(local), channelOf[local], turn);
        ring.add(Kind.STAT_REPORT.number(), report);
      } else if (what < mix.movers()) {
        addMove(what);
      } else {
        addGuest(what - mix.movers());
      }
    }
    return ring;
  }

  private int viewer(int local) {
    return connection * audience.perConnection() + local;
  }

  /** Moves a viewer through the channels that follow its own, and in the end back to its own. */
  private void addMove(int mover) {
    int home = audience.home(viewer(mover));
    int from = channelOf[mover];
    int turn = movesOf[mover]++;
    int to = turn == mix.moves() - 1 ? home : (home + turn + 1) % audience.channels();
    ring.add(Kind.SWITCH.number(), Audience.change(viewer(mover), from, to));
    channelOf[mover] = to;
  }

  private void addGuest(int number) {
    int guest = audience.viewers() + connection * mix.guests() + number;
    int channel = audience.home(guest);
    if (isHere[number]) {
      ring.add(Kind.LEAVE.number(), Audience.leave(guest, channel));
    } else {
      ring.add(Kind.JOIN.number(), Audience.join(guest, channel, -1));
    }
    isHere[number] = true;
  }

  /** Returns what each turn brings: the number of a mover or of a guest, or a query. */
  private int[] turns() {
    int[] turns = new int[mix.requests()];
    int moves = mix.movers() * mix.moves();
    for (int turn = 0; turn < mix.connects(); turn++) {
      turns[turn] = turn < moves ? turn / mix.moves() : mix.movers() + (turn - moves) / 2;
    }
    int firstFind = mix.requests() - mix.finds();
    Arrays.fill(turns, mix.connects(), firstFind, REPORT);
    Arrays.fill(turns, firstFind, mix.requests(), FIND);
    for (int turn = turns.length - 1; turn > 0; turn--) {
      int other = random.nextInt(turn + 1);
      int what = turns[turn];
      turns[turn] = turns[other];
      turns[other] = what;
    }
    return turns;
  }
}
