package io.ppstp.tracker.security.bearer;

import java.util.List;
import java.util.Optional;

/**
 * What a token has to say, and which of its claims say what its bearer may do. Immutable.
 *
 * @param issuer the {@code iss} that is trusted; empty if only introspection is used, where the
 *     server that is asked vouches for the issuer
 * @param audience what {@code aud} must contain; may be empty with introspection only
 * @param scopes all of which a token must have
 * @param peerIdClaim the claim with the bearer's peer ID or IDs
 * @param swarmsClaim the claim with the swarms that the bearer may use; empty allows all swarms
 */
public record BearerRules(
    Optional<String> issuer,
    Optional<String> audience,
    List<String> scopes,
    String peerIdClaim,
    Optional<String> swarmsClaim) {

  /** Copies {@code scopes}. */
  public BearerRules {
    scopes = List.copyOf(scopes);
  }
}
