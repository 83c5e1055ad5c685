package io.ppstp.tracker.bench;

import java.util.Map;

/** What the ratios of a {@link Ladder} shall be. Confined to one thread. */
final class LadderGoals {
  private final Results results;

  LadderGoals(Results results) {
    this.results = results;
  }

  /** Holds a ladder of the live mix to its goals, as far as it has the servers. */
  void judgeLive(Ladder ladder) {
    Map<String, Contest> mixes = ladder.mixes();
    Map<String, Contest> finds = ladder.finds();
    String local = Ladder.LOCAL;
    String two = Ladder.cluster(2);
    cpu("FIND of 29 peers", finds, local, Ladder.BARE, 1.6);
    cpu("live mix", mixes, local, Ladder.BARE, 1.6);
    cpu("live mix", mixes, local, Ladder.BEFORE, 1.05);
    cpu("live mix", mixes, Ladder.cluster(1), local, 1.2);
    cpu("live mix", mixes, two, local, 2.0);
    cpu("live mix", mixes, Ladder.cluster(4), two, 1.4);
    cpu("FIND of 29 peers", finds, Ladder.HTTPS, local, 1.5);
  }

  /** Holds a ladder of the zapping mix to its goals. */
  void judgeZapping(Ladder ladder) {
    Map<String, Contest> mixes = ladder.mixes();
    cpu("zapping mix", mixes, Ladder.LOCAL, Ladder.BARE, 1.7);
    cpu("zapping mix", mixes, Ladder.cluster(2), Ladder.LOCAL, 2.5);
    cpu("zapping mix", mixes, Ladder.cluster(4), Ladder.LOCAL, 3.5);
  }

  /** Holds the tracker to what it shall serve beside those of BitTorrent. */
  void judgeOthers(Ladder ladder) {
    String announce = "announce of 30 peers, compact";
    rate(announce, ladder, ladder.announces(), Ladder.BITTORRENT, 10);
    rate(announce, ladder, ladder.announces(), Ladder.OPENTRACKER, 1.5);
    if (!ladder.finds().isEmpty()) {
      rate("FIND of 29 peers", ladder, ladder.finds(), Ladder.BITTORRENT, 10);
      rate("FIND of 29 peers", ladder, ladder.finds(), Ladder.OPENTRACKER, 1.5);
    }
  }

  private void cpu(
      String what, Map<String, Contest> group, String name, String against, double most) {
    Contest contest = group.get(name);
    Contest other = group.get(against);
    if (contest != null && other != null) {
      results.atMost(
          what + ", " + name + " against " + against + ", CPU",
          contest.cpuAgainst(other),
          most,
          "x",
          contest.isSteady() && other.isSteady() ? "" : ", warm-up not steady");
    }
  }

  private void rate(
      String kind, Ladder ladder, Map<String, Contest> own, String name, double least) {
    String what = kind + ", requests/s against " + name;
    Contest other = ladder.announces().get(name);
    Contest local = own.get(Ladder.LOCAL);
    if (other == null || local == null) {
      results.missing(what, name + " is not installed");
    } else {
      results.atLeast(what, local.rateAgainst(other), least, "x");
    }
  }
}
