package io.ppstp.tracker.simulate.network;

import java.util.Locale;

/**
 * What a policy came to; immutable.
 *
 * @param policy its name
 * @param listedNear share of the peers in lists that were in the requester's network
 * @param between share of the stream's bytes that crossed from one network to another
 * @param betweenRegions share of them that crossed from one region to another
 * @param startP50 seconds from joining to playing, of the median viewer
 * @param startP95 of one in twenty
 * @param continuity share of the chunks that were there when they were due, of viewers that play
 * @param worstNetwork the same of the network of a hundred viewers or more that had it worst
 * @param mostCutOff viewers at most, at any look, that no source could have reached
 */
public record NetworkResult(
    String policy,
    double listedNear,
    double between,
    double betweenRegions,
    double startP50,
    double startP95,
    double continuity,
    double worstNetwork,
    int mostCutOff) {

  /** Returns the line above the table. */
  public static String heading() {
    return "policy      listed near  between networks  between regions  start p50  start p95"
        + "  continuity  worst network  cut off";
  }

  /** Returns a row of the table. */
  public String row() {
    return String.format(
        Locale.ROOT,
        "%-10s %10.1f %% %15.1f %% %14.1f %% %8.1f s %8.1f s %9.2f %% %12.2f %% %8d",
        policy,
        100 * listedNear,
        100 * between,
        100 * betweenRegions,
        startP50,
        startP95,
        100 * continuity,
        100 * worstNetwork,
        mostCutOff);
  }
}
