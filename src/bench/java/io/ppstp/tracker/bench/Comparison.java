package io.ppstp.tracker.bench;

import java.util.List;

/**
 * Which servers are compared by what. The tracker alone always is. Immutable.
 *
 * @param mix that all get
 * @param limit whether the limit of the platform is among them
 * @param clusters their numbers of nodes
 * @param variants of the cluster of two, each with one of its means switched off
 * @param finds whether some get FIND alone beside: the limit, the tracker alone, over HTTPS too,
 *     and the clusters of at most two nodes
 * @param others whether the trackers of BitTorrent are among them
 */
record Comparison(
    Mix mix,
    boolean limit,
    List<Integer> clusters,
    List<Variant> variants,
    boolean finds,
    boolean others) {

  /** A cluster of two with other settings, {@code key=value}; immutable. */
  record Variant(String name, List<String> settings) {}

  private static final List<Variant> MEANS =
      List.of(
          new Variant("list changes not gathered", List.of("cluster.list-interval=1ms")),
          new Variant("only owners answer", List.of("cluster.read-backups=false")));

  static final Comparison LADDER =
      new Comparison(Mix.LIVE, true, List.of(1, 2, 3, 4), MEANS, true, true);

  static final Comparison CLUSTER =
      new Comparison(Mix.LIVE, false, List.of(1, 2, 3, 4), MEANS, false, false);

  /** The tracker alone. */
  static final Comparison LOCAL =
      new Comparison(Mix.LIVE, false, List.of(), List.of(), false, false);

  /** The tracker alone and the limit of the platform. */
  static final Comparison LIMIT =
      new Comparison(Mix.LIVE, true, List.of(), List.of(), true, false);

  /** The same, with the zapping mix. */
  static final Comparison ZAPPING_LIMIT =
      new Comparison(Mix.ZAPPING, true, List.of(), List.of(), false, false);

  /** The tracker alone and those of BitTorrent. */
  static final Comparison ANNOUNCES =
      new Comparison(Mix.LIVE, false, List.of(), List.of(), false, true);

  /** The cluster of two alone, to see what each of its means brings. */
  static final Comparison TWO =
      new Comparison(Mix.LIVE, false, List.of(2), MEANS, false, false);

  /** The same, with the zapping mix. */
  static final Comparison ZAPPING_TWO =
      new Comparison(Mix.ZAPPING, false, List.of(2), MEANS, false, false);

  static final Comparison ZAPPING =
      new Comparison(Mix.ZAPPING, true, List.of(1, 2, 4), List.of(), false, false);
}
