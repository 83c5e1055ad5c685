package io.ppstp.tracker.security.bearer;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where it can be found out whether tokens are good: keys from a server or a file, or a server to
 * ask about each token. Immutable.
 *
 * @param keyServer the URL of a JSON Web Key Set
 * @param keyFile a file with one; not with a {@code keyServer}
 * @param refresh the shortest time between two questions to {@code keyServer}
 * @param introspection the server that knows about opaque tokens
 */
public record BearerSources(
    Optional<URI> keyServer,
    Optional<Path> keyFile,
    Duration refresh,
    Optional<Introspection> introspection) {

  /**
   * A server to ask (RFC 7662), and who asks.
   *
   * @param clientId the tracker's own name there
   * @param secret the file with its secret
   */
  public record Introspection(URI url, String clientId, Path secret) {}
}
