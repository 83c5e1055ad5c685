package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.bearer.Jwt.Claims;
import io.ppstp.tracker.security.bearer.SigningKey.SignatureAlgorithm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The public keys of an issuer at one time (RFC 7517, Section 5). Immutable. */
final class KeySet {
  /** Above what any issuer has, and below what would take long to look through. */
  private static final int MOST_KEYS = 64;

  /** A token that does not name its key is tried with so many, each at the price of one. */
  private static final int MOST_TRIED = 8;

  private final JsonArray source;
  private final List<SigningKey> keys;

  private KeySet(JsonArray source, List<SigningKey> keys) {
    this.source = source;
    this.keys = keys;
  }

  /**
   * Reads a set in JSON. Keys that are not for signatures, too weak or of unknown types are left
   * out.
   *
   * @throws IOException if it is no key set or has no key of use, in words for the operator
   */
  static KeySet parse(Buffer json, Vertx vertx) throws IOException {
    JsonArray members = members(json);
    if (members.size() > MOST_KEYS) {
      throw new IOException("has " + members.size() + " keys, more than " + MOST_KEYS);
    }
    List<SigningKey> keys = new ArrayList<>();
    for (Object member : members) {
      SigningKey key = member instanceof JsonObject jwk ? SigningKey.of(jwk, vertx) : null;
      if (key != null) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      throw new IOException("holds no public key for signatures that is accepted");
    }
    return new KeySet(members, List.copyOf(keys));
  }

  private static JsonArray members(Buffer json) throws IOException {
    Claims set = Claims.parse(json);
    if (set != null && set.json().getValue("keys") instanceof JsonArray members) {
      return members;
    }
    throw new IOException("is not a JSON Web Key Set (RFC 7517)");
  }

  /** Returns the number of keys of use. */
  int size() {
    return keys.size();
  }

  /** Returns whether {@code other} says the same. */
  boolean sameAs(KeySet other) {
    return source.equals(other.source);
  }

  /** Returns whether there is a key of this ID, or any key if {@code keyId} is null. */
  boolean knows(@Nullable String keyId) {
    return keyId == null || keys.stream().anyMatch(key -> keyId.equals(key.id()));
  }

  /** Returns the keys that can have signed {@code token}, few enough to try them all. */
  List<SigningKey> candidates(Jwt token, SignatureAlgorithm algorithm) {
    return keys.stream()
        .filter(key -> token.keyId() == null || Objects.equals(key.id(), token.keyId()))
        .filter(key -> key.fits(algorithm))
        .limit(MOST_TRIED)
        .toList();
  }

  /** Where the keys of an issuer come from. Thread-safe. */
  interface KeySource {

    /** Returns the keys that are in force, null as long as there have never been any. */
    @Nullable KeySet current();

    /**
     * Has a look whether there are newer keys, unless it is too early for one more look. Never
     * blocks.
     *
     * @return completes when {@link #current} is as new as it gets, on any thread; never fails
     */
    Future<Void> lookAgain();

    /**
     * Returns whether the last look was in vain, so that there may be keys that nobody knows of.
     */
    boolean isOutdated();
  }
}
