package io.ppstp.tracker.domain;

import org.jspecify.annotations.Nullable;

/**
 * The secrets that a registration was given, as hashes; immutable. There are two, for a CONNECT may
 * be answered again before its first answer arrives: then the peer may go by either.
 *
 * @param latest null if there is none
 * @param earlier null if there were not two
 */
public record Secrets(@Nullable SecretHash latest, @Nullable SecretHash earlier) {
  /** None was given. */
  public static final Secrets NONE = new Secrets(null, null);

  /** Returns these with {@code given} as the latest. A command that comes twice gives one. */
  Secrets and(SecretHash given) {
    return includes(given) ? this : new Secrets(given, latest);
  }

  /** Returns whether {@code proof} is the hash of one of them. */
  boolean includes(@Nullable SecretHash proof) {
    return proof != null
        && ((latest != null && latest.matches(proof))
            || (earlier != null && earlier.matches(proof)));
  }
}
