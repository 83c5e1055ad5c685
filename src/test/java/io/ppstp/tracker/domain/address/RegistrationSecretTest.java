package io.ppstp.tracker.domain.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationSecretTest {
  @Test
  void isRecognisedByItsHashAndNoOtherIs() {
    SecureRandom random = new SecureRandom();
    RegistrationSecret secret = RegistrationSecret.draw(random);
    SecretHash hash = RegistrationSecret.hashOf(secret.text());

    assertTrue(secret.text().matches("[A-Za-z0-9_-]{24}"), secret.text());
    assertNotNull(hash);
    assertEquals(hash, secret.hash());
    assertTrue(secret.hash().matches(hash));
    assertNotEquals(hash, RegistrationSecret.draw(random).hash());
    assertFalse(secret.hash().matches(new SecretHash(hash.high(), hash.low() ^ 1)));
    assertFalse(secret.hash().matches(new SecretHash(hash.high() ^ 1, hash.low())));
  }

  /** The beginning of the SHA-256, as sha256sum has it. */
  @Test
  void theHashIsTheBeginningOfSha256() {
    assertEquals(new SecretHash(HIGH, LOW), RegistrationSecret.hashOf("AAAAAAAAAAAAAAAAAAAAAAAA"));
  }

  private static final long HIGH = 0x1bda9f0aed80857dL;
  private static final long LOW = 0x43c9329457f28b1cL;

  @Test
  void isNotInWhatIsLogged() {
    RegistrationSecret secret = RegistrationSecret.draw(new SecureRandom());

    assertFalse(secret.toString().contains(secret.text()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAA AAAAAAAAAAA",
        "AAAAAAAAAAAA+AAAAAAAAAAA",
        "AAAAAAAAAAAA\u00e4AAAAAAAAAAA"
      })
  void whatCannotBeASecretHasNoHash(String text) {
    assertNull(RegistrationSecret.hashOf(text));
  }
}
