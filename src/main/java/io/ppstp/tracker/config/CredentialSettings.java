package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.list;
import static io.ppstp.tracker.config.SettingType.name;
import static io.ppstp.tracker.config.SettingType.optionalName;
import static io.ppstp.tracker.config.SettingType.optionalPath;
import static io.ppstp.tracker.config.SettingType.optionalText;
import static io.ppstp.tracker.config.SettingType.optionalUrl;
import static io.ppstp.tracker.config.SettingType.realm;

import io.ppstp.tracker.config.AuthConfig.Requirement;
import java.util.List;

/** Who may do what, and how that is proved. Part of {@link Settings}. */
final class CredentialSettings {
  static final List<Setting> ALL =
      List.of(
          // Who may.
          setting(
              "auth.required",
              choice(Requirement.class),
              "auto",
              "refuse requests without credentials; auto = as soon as a scheme is on"),
          setting(
              "auth.swarms",
              patterns(),
              "",
              "swarms that need credentials where auth.required is false, * for any characters"),
          setting(
              "auth.digest.accounts",
              optionalPath(),
              "",
              "file of the users of HTTP Digest; none = Digest is off"),
          setting(
              "auth.digest.realm",
              realm(),
              "ppstp-tracker",
              "realm that the users of HTTP Digest belong to"),
          setting(
              "auth.digest.algorithms",
              digestAlgorithms(),
              "sha-256,sha-512-256",
              "algorithms offered, most preferred first"),
          setting(
              "auth.digest.nonce-life",
              duration(),
              "5m",
              "how long a client may go on with one challenge"),
          setting(
              "auth.digest.nonces",
              integer(1, 100_000_000),
              "1000000",
              "challenges in use that a node remembers, against replays"),
          setting(
              "auth.digest.userhash",
              bool(),
              "false",
              "ask clients to send a hash of the user's name"),
          setting(
              "auth.bearer.issuer",
              optionalText(),
              "",
              "the iss of bearer tokens, as the issuer writes it; alone, its URL is asked for all else"),
          setting(
              "auth.bearer.jwks",
              optionalText(),
              "",
              "URL or file of the issuer's JSON Web Key Set; none = discovered, unless introspection is set"),
          setting(
              "auth.bearer.audience",
              optionalText(),
              "ppstp-tracker",
              "what the aud of tokens must contain"),
          setting("auth.bearer.scope", scopes(), "", "scopes that every token must have"),
          setting(
              "auth.bearer.peer-id-claim",
              name(),
              "sub",
              "claim with the peer ID or IDs that a token is for"),
          setting(
              "auth.bearer.swarms-claim",
              optionalName(),
              "",
              "claim with the swarms that a token is for, * as wildcard; none = all swarms"),
          setting(
              "auth.bearer.cache-claim",
              optionalName(),
              "",
              "claim that is true in tokens of edge caches; none = no token is one's"),
          setting(
              "auth.bearer.refresh",
              duration(),
              "30s",
              "shortest time between two questions to the key server"),
          setting(
              "auth.bearer.introspection",
              optionalUrl(),
              "",
              "URL of the issuer's token introspection, for tokens that are no JWTs"),
          setting(
              "auth.bearer.client-id", optionalText(), "", "the tracker's name at introspection"),
          setting(
              "auth.bearer.client-secret",
              optionalPath(),
              "",
              "file with its secret there; none = no introspection"),
          setting(
              "auth.bearer.allow-plain-text",
              bool(),
              "false",
              "let the issuer's URLs be plain HTTP beyond loopback"));

  private CredentialSettings() {}

  private static SettingType<List<String>> digestAlgorithms() {
    return list(
        "an algorithm of HTTP Digest",
        "sha-256, sha-512-256 or md5, each also with -sess",
        name -> name.matches("(sha-256|sha-512-256|md5)(-sess)?"));
  }

  private static SettingType<List<String>> patterns() {
    return list(
        "a pattern of swarm IDs",
        "swarm IDs without spaces, * for any characters, such as members-*",
        pattern -> pattern.matches("[^\\s\\p{Cntrl}]+"));
  }

  /** RFC 6749, Section 3.3. */
  private static SettingType<List<String>> scopes() {
    return list(
        "a scope",
        "scopes without spaces and quotes, such as ppstp",
        scope -> scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+"));
  }
}
