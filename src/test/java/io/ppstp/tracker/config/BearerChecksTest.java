package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Configs.assertOneFault;
import static io.ppstp.tracker.config.Configs.faultsOfSet;
import static io.ppstp.tracker.config.Configs.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerChecksTest {
  private static final String ISSUER = "auth.bearer.issuer=https://login.example";
  private static final String AUDIENCE = "auth.bearer.audience=tracker";
  private static final String JWKS = "auth.bearer.jwks=https://login.example/jwks";
  private static final String INTROSPECTION = "auth.bearer.introspection=https://login.example/i";
  private static final String CLIENT = "auth.bearer.client-id=tracker";

  @Test
  void isOffByDefault() {
    assertFalse(ConfigLoader.defaults().auth().bearer().enabled());
  }

  @Test
  void keysComeFromAUrlOrAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("jwks.json"), "{}");
    AuthConfig.Bearer byUrl = set(ISSUER, AUDIENCE, JWKS).auth().bearer();
    AuthConfig.Bearer byFile = set(ISSUER, AUDIENCE, "auth.bearer.jwks=" + file).auth().bearer();

    assertTrue(byUrl.enabled());
    assertEquals(Optional.of(URI.create("https://login.example/jwks")), byUrl.jwksUrl());
    assertEquals(Optional.empty(), byUrl.jwksFile());
    assertEquals(Optional.of(file), byFile.jwksFile());
    assertOneFault(
        faultsOfSet(ISSUER, AUDIENCE, "auth.bearer.jwks=/no.json"),
        "auth.bearer.jwks (--set): '/no.json' does not exist; name a JSON Web Key Set, or a"
            + " URL,",
        "");
  }

  @Test
  void keysNeedAnIssuerAndAnAudience() {
    assertOneFault(
        faultsOfSet(AUDIENCE, JWKS),
        "auth.bearer.jwks (--set): is set without auth.bearer.issuer; set it",
        "any issuer's tokens would do");
    assertOneFault(
        faultsOfSet(ISSUER, JWKS, "auth.bearer.audience="),
        "auth.bearer.jwks (--set): is set without auth.bearer.audience; set it",
        "tokens for other services would do");
  }

  @Test
  void theIssuerAloneIsEnough(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "s");
    AuthConfig.Bearer alone = set(ISSUER).auth().bearer();

    assertTrue(alone.enabled());
    assertEquals(Optional.of("https://login.example"), alone.discovery());
    assertEquals(Optional.of("ppstp-tracker"), alone.audience());
    set(ISSUER, CLIENT, "auth.bearer.client-secret=" + secret);
    assertEquals(Optional.empty(), set(ISSUER, JWKS).auth().bearer().discovery());
    assertOneFault(
        faultsOfSet(ISSUER, "auth.bearer.audience="),
        "auth.bearer.issuer (--set): is set without auth.bearer.audience; set it",
        "tokens for other services would do");
    assertOneFault(
        faultsOfSet(ISSUER, "auth.bearer.client-secret=" + secret),
        "auth.bearer.client-secret (--set): is set without auth.bearer.client-id",
        "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"us", "file:///issuer", "https://login.example/?realm=live"})
  void whoIsNoUrlCannotBeAsked(String issuer) throws Exception {
    assertOneFault(
        faultsOfSet("auth.bearer.issuer=" + issuer),
        "auth.bearer.issuer (--set): '" + issuer + "' is not a URL that could be asked",
        "set auth.bearer.jwks");
    set("auth.bearer.issuer=" + issuer, JWKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://login.example/jwks", "http://192.0.2.1:8080/jwks"})
  void plainTextBeyondLoopbackHasToBeAllowed(String url) throws Exception {
    assertOneFault(
        faultsOfSet(ISSUER, AUDIENCE, "auth.bearer.jwks=" + url),
        "auth.bearer.jwks (--set): '" + url + "' is plain HTTP",
        "within a network that you trust");
    assertOneFault(
        faultsOfSet("auth.bearer.issuer=" + url),
        "auth.bearer.issuer (--set): '" + url + "' is plain HTTP",
        "within a network that you trust");
    set(ISSUER, AUDIENCE, "auth.bearer.jwks=" + url, "auth.bearer.allow-plain-text=true");
    for (String loopback : List.of("127.0.0.1:1", "[::1]", "localhost")) {
      set(ISSUER, AUDIENCE, "auth.bearer.jwks=http://" + loopback + "/jwks");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://a/b", "https://", "https:///x", "https://u:p@a/", "https://a/#b", "a://"})
  void aUrlIsOneOfAServer(String url) {
    assertOneFault(
        faultsOfSet(ISSUER, AUDIENCE, "auth.bearer.jwks=" + url),
        "auth.bearer.jwks (--set): '" + url + "' is not an http or https URL",
        "");
    assertOneFault(
        faultsOfSet(AUDIENCE, "auth.bearer.introspection=" + url),
        "auth.bearer.introspection (--set): '" + url + "' is not a URL",
        "");
  }

  @Test
  void introspectionNeedsToSayWhoAsks(@TempDir Path folder) throws Exception {
    String secret = "auth.bearer.client-secret=" + Files.writeString(folder.resolve("secret"), "s");

    assertOneFault(
        faultsOfSet(AUDIENCE, INTROSPECTION, secret),
        "auth.bearer.introspection (--set): is set without auth.bearer.client-id",
        "");
    assertOneFault(
        faultsOfSet(AUDIENCE, INTROSPECTION, CLIENT),
        "auth.bearer.introspection (--set): is set without auth.bearer.client-secret",
        "");
    assertOneFault(faultsOfSet(secret), "auth.bearer.client-secret (--set): is set without", "");
    assertTrue(set(AUDIENCE, INTROSPECTION, CLIENT, secret).auth().bearer().enabled());
  }

  @Test
  void scopesAreScopes() throws Exception {
    assertEquals(
        List.of("ppstp", "urn:live/1"),
        set("auth.bearer.scope=ppstp,urn:live/1").auth().bearer().scope());
    assertOneFault(
        faultsOfSet("auth.bearer.scope=a b"),
        "auth.bearer.scope (--set): 'a b' is not a scope",
        "");
  }
}
