package io.ppstp.tracker.config;

import io.ppstp.tracker.config.text.Hosts;
import io.ppstp.tracker.config.text.Urls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may use the tracker. Immutable.
 *
 * @param required whether requests without credentials are refused
 * @param swarms patterns of the swarms that need credentials all the same
 * @param digest users with passwords
 * @param bearer OAuth 2.0 bearer tokens
 */
public record AuthConfig(Requirement required, List<String> swarms, Digest digest, Bearer bearer) {
  /** Copies {@code swarms}, so that the record is immutable. */
  public AuthConfig {
    swarms = List.copyOf(swarms);
  }

  /**
   * HTTP Digest (RFC 7616).
   *
   * @param accounts the file of users; Digest is off if empty
   * @param realm that the users belong to
   * @param algorithms offered, most preferred first, such as {@code sha-256}; without repetition
   * @param nonceLife how long a client may go on with one challenge
   * @param nonces challenges in use that a node remembers
   * @param userhash whether clients are asked to send a hash of the user's name
   */
  public record Digest(
      Optional<Path> accounts,
      String realm,
      List<String> algorithms,
      Duration nonceLife,
      int nonces,
      boolean userhash) {
    /** Copies {@code algorithms}, so that the record is immutable. */
    public Digest {
      algorithms = List.copyOf(algorithms);
    }
  }

  /**
   * OAuth 2.0 bearer tokens. On with {@code issuer}, {@code jwks} or {@code introspection}; with
   * the second, issuer and audience are there too, with the last client ID and secret.
   *
   * @param issuer the {@code iss} of tokens
   * @param jwks the URL or file of the issuer's key set
   * @param audience what {@code aud} must contain
   * @param scope scopes that every token must have
   * @param peerIdClaim the claim with the peer ID or IDs that a token is for
   * @param swarmsClaim the claim with the swarms that a token is for; all swarms if empty
   * @param cacheClaim the claim that is true of edge caches; no token is one's if empty
   * @param refresh the shortest time between two questions to the key server
   * @param introspection the URL to ask about tokens that are no JWTs
   * @param clientId the tracker's name at {@code introspection}
   * @param clientSecret the file with its secret there
   * @param allowPlainText whether URLs may be plain HTTP beyond loopback
   */
  public record Bearer(
      Optional<String> issuer,
      Optional<String> jwks,
      Optional<String> audience,
      List<String> scope,
      String peerIdClaim,
      Optional<String> swarmsClaim,
      Optional<String> cacheClaim,
      Duration refresh,
      Optional<URI> introspection,
      Optional<String> clientId,
      Optional<Path> clientSecret,
      boolean allowPlainText) {
    /** Copies {@code scope}, so that the record is immutable. */
    public Bearer {
      scope = List.copyOf(scope);
    }

    /** Returns whether bearer tokens are accepted. */
    public boolean enabled() {
      return issuer.isPresent() || jwks.isPresent() || introspection.isPresent();
    }

    /** Returns the issuer to ask where all else is, empty if the settings say it. */
    public Optional<String> discovery() {
      return issuer.filter(it -> jwks.isEmpty() && introspection.isEmpty());
    }

    /** Returns whether nobody on the way can change what is at {@code url}, or that is allowed. */
    public boolean mayAsk(URI url) {
      return allowPlainText || !Urls.isPlainText(url) || Hosts.isLoopback(Urls.host(url));
    }

    /** Returns the URL that {@code jwks} is, empty if it is none. */
    public Optional<URI> jwksUrl() {
      return jwks.filter(Urls::isUrl).flatMap(Urls::parse);
    }

    /** Returns the file that {@code jwks} names, empty if it is a URL or nothing. */
    public Optional<Path> jwksFile() {
      return jwks.filter(text -> !Urls.isUrl(text)).map(Path::of);
    }
  }

  /** Whether something is asked for. */
  public enum Requirement {
    /** As soon as there is a way to meet it. */
    AUTO,
    /** Always. */
    TRUE,
    /** Never. */
    FALSE
  }
}
