package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A user as the accounts file has it; immutable. Whoever has the secrets can answer challenges as
 * this user: they are as precious as the password.
 *
 * @param name in Unicode's form NFC
 * @param realm that the secrets are made for
 * @param secrets H(name:realm:password) in lower-case hex digits, by algorithm
 * @param peerIds patterns of the peer IDs that it may use; empty is its name and no other
 * @param swarms patterns of the swarm IDs that it may use; empty is all
 * @param edgeCache whether it is an edge cache of the operator's
 */
public record Account(
    String name,
    String realm,
    Map<DigestAlgorithm, String> secrets,
    List<String> peerIds,
    List<String> swarms,
    boolean edgeCache) {

  /** Makes a user that is no edge cache. */
  public Account(
      String name,
      String realm,
      Map<DigestAlgorithm, String> secrets,
      List<String> peerIds,
      List<String> swarms) {
    this(name, realm, secrets, peerIds, swarms, false);
  }

  /** Copies the collections. */
  public Account {
    secrets = Map.copyOf(secrets);
    peerIds = List.copyOf(peerIds);
    swarms = List.copyOf(swarms);
  }

  /** Returns the secrets of a user with this password, for each of {@code algorithms}. */
  public static Map<DigestAlgorithm, String> secrets(
      String name, String realm, String password, Set<DigestAlgorithm> algorithms) {
    byte[] whole = (name + ":" + realm + ":" + password).getBytes(UTF_8);
    Map<DigestAlgorithm, String> secrets = new EnumMap<>(DigestAlgorithm.class);
    algorithms.forEach(algorithm -> secrets.put(algorithm, algorithm.hex(whole)));
    return secrets;
  }

  /** Returns H(name:realm), by which a client names a user that it keeps secret (userhash). */
  String hashedName(DigestAlgorithm algorithm) {
    return hashedName(name, realm, algorithm);
  }

  static String hashedName(String name, String realm, DigestAlgorithm algorithm) {
    return algorithm.hex((name + ":" + realm).getBytes(UTF_8));
  }

  /** Returns who has proved to be this user. */
  Identity identity() {
    return new Identity(
        name,
        DigestScheme.NAME,
        new Permissions(peerIds.isEmpty() ? List.of(name) : peerIds),
        swarms.isEmpty() ? Permissions.ANY : new Permissions(swarms),
        Identity.FOR_EVER,
        edgeCache);
  }

  /** Says nothing secret. */
  @Override
  public String toString() {
    return "Account[" + name + " of " + realm + "]";
  }
}
