package io.ppstp.tracker.domain.swarm;

/**
 * What the operator has said of the content of a swarm; immutable.
 *
 * @param caches edge caches in each list, if there are so many; they are not told of otherwise
 * @param weight by which the members of the swarm are multiplied, which makes its importance (RFC
 *     7846, Section 5.1.1)
 * @param upper importance from which on the content is popular; 0 if none is
 * @param lower importance below which the content is uncommon; 0 if none is
 */
public record Content(int caches, float weight, int upper, int lower) {
  /** Content of which nothing is said. */
  public static final Content PLAIN = new Content(0, 1, 0, 0);

  /** Returns this with another weight. */
  public Content weighing(float itsWeight) {
    return new Content(caches, itsWeight, upper, lower);
  }

  /**
   * Returns whether abler members are to be told of before others, 1; or those that are less able,
   * -1; or neither, 0 (RFC 7846, Section 4.1.2).
   */
  int lean(int members) {
    double importance = (double) weight * members;
    return upper > 0 && importance >= upper ? 1 : importance < lower ? -1 : 0;
  }
}
