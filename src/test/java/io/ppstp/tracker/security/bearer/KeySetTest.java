package io.ppstp.tracker.security.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys of a set are taken. */
class KeySetTest {
  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    VERTX.close();
  }

  private static KeySet parse(ObjectNode... jwks) throws IOException {
    ObjectNode set = Json.object();
    set.putArray("keys").addAll(List.of(jwks));
    return KeySet.parse(Buffer.buffer(set.toString()), VERTX);
  }

  private static void assertUseless(ObjectNode jwk) {
    assertThrows(IOException.class, () -> parse(jwk), jwk::toString);
  }

  @Test
  void keysForOtherPurposesAreLeftOut() throws Exception {
    ObjectNode good = IssuerKey.generate("good", "RS256").jwk();
    ObjectNode encrypting = IssuerKey.generate("enc", "RS256").jwk().put("use", "enc");
    ObjectNode signing = IssuerKey.generate("sign", "RS256").jwk();
    signing.putArray("key_ops").add("sign");
    ObjectNode oaep = IssuerKey.generate("oaep", "RS256").jwk().put("alg", "RSA-OAEP");
    KeySet set = parse(good, encrypting, signing, oaep);

    assertEquals(1, set.size());
    assertTrue(set.knows("good"));
    assertFalse(set.knows("enc"));
  }

  @Test
  void weakOrBrokenKeysAreLeftOut() throws Exception {
    ObjectNode ec = IssuerKey.generate("k", "ES256").jwk();
    ObjectNode rsa = IssuerKey.generate("k", "RS256").jwk();

    assertUseless(IssuerKey.generate("k", "RS256", 1024).jwk());
    assertUseless(ec.deepCopy().put("y", "!"));
    assertUseless(ec.deepCopy().without("y"));
    assertUseless(ec.deepCopy().put("crv", "secp256k1"));
    assertUseless(ec.deepCopy().put("crv", "P-384"));
    assertUseless(ec.deepCopy().put("alg", "RS256"));
    assertUseless(ec.deepCopy().put("alg", 7));
    assertUseless(rsa.deepCopy().without("e"));
    assertUseless(rsa.deepCopy().without("kty"));
    assertUseless(rsa.deepCopy().put("alg", "HS256"));
    assertUseless(IssuerKey.generate("k", "EdDSA").jwk().put("crv", "X25519"));
    assertUseless(
        Json.object().put("kty", "oct").put("alg", "HS256").put("k", "c2VjcmV0").put("kid", "k"));
  }

  @Test
  void aCertificateWithTheKeyIsNotLookedAt() throws Exception {
    ObjectNode jwk = IssuerKey.generate("k", "RS256").jwk();
    jwk.putArray("x5c").add("bm8gY2VydGlmaWNhdGU=");

    assertEquals(1, parse(jwk).size());
  }

  @Test
  void aSetIsNotEndless() throws Exception {
    ObjectNode key = IssuerKey.generate("k", "ES256").jwk();
    ObjectNode set = Json.object();
    for (int i = 0; i < 65; i++) {
      set.withArray("keys").add(key);
    }

    IOException refused =
        assertThrows(IOException.class, () -> KeySet.parse(Buffer.buffer(set.toString()), VERTX));
    assertEquals("has 65 keys, more than 64", refused.getMessage());
  }

  @Test
  void aFileIsReadAgainWholeOrNotAtAll(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.json");
    Files.writeString(file, IssuerKey.set(IssuerKey.generate("one", "ES256")));
    FileKeys keys = new FileKeys(file, VERTX);

    Files.writeString(file, "{\"keys\":[");
    IOException refused = assertThrows(IOException.class, keys::reload);
    assertEquals(
        "the key set '" + file + "' is of no use: is not a JSON Web Key Set (RFC 7517)",
        refused.getMessage());
    assertTrue(keys.current().knows("one"));
    Files.writeString(file, IssuerKey.set(IssuerKey.generate("two", "ES256")));
    keys.reload();
    assertFalse(keys.current().knows("one"));
    assertTrue(keys.current().knows("two"));
    Files.delete(file);
    assertThrows(IOException.class, keys::reload);
    assertTrue(keys.current().knows("two"));
  }
}
