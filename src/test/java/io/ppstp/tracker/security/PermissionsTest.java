package io.ppstp.tracker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of IDs. */
class PermissionsTest {

  @ParameterizedTest
  @CsvSource({
    "viewer-1, viewer-1, true",
    "viewer-1, viewer-10, false",
    "viewer-1, Viewer-1, false",
    "viewer-*, viewer-, true",
    "viewer-*, viewer-77, true",
    "viewer-*, a-viewer-77, false",
    "*-hd, sport-hd, true",
    "*-hd, sport-hd-2, false",
    "a*b*c, a-b-b-c, true",
    "a*b*c, a-c-b, false",
    "*, anything, true",
    "**, anything, true",
    "a.c, abc, false",
  })
  void starStandsForAnyCharacters(String pattern, String id, boolean allowed) {
    assertEquals(allowed, new Permissions(List.of(pattern)).allows(id));
  }

  @Test
  void anyOfThePatternsWillDo() {
    Permissions allowance = new Permissions(List.of("a", "b*"));

    assertTrue(allowance.allows("a"));
    assertTrue(allowance.allows("bc"));
    assertFalse(allowance.allows("c"));
    assertFalse(Permissions.NONE.allows("a"));
  }

  @Test
  void aHostilePatternTakesNoExponentialTime() {
    Permissions allowance = new Permissions(List.of("a*".repeat(500) + "b"));

    assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> assertFalse(allowance.allows("a".repeat(2048))));
  }
}
