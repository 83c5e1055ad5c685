package io.ppstp.tracker.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a page may put its token, and where it is not looked for. */
class RequestTargetTest {
  private static final Set<String> PATHS = Set.of("/announce", "/", "/a/b");

  private static @Nullable RequestTarget read(String path, @Nullable String query, TokenPlace at) {
    return RequestTarget.of(path, query, PATHS, at);
  }

  @ParameterizedTest
  @CsvSource({
    "/announce, ",
    "/, ",
    "/abc.d-e_f, abc.d-e_f",
    "/abc/announce, abc",
    "/announce/abc, abc",
    "/a%2Bb+c%2f%3D/announce, a+b+c/=",
    "/abc/a/b, abc",
    "/a/b/abc, abc",
    "/%zz, %zz",
  })
  void inThePathItIsOneSegment(String path, @Nullable String token) {
    RequestTarget target = read(path, "token=not-here", TokenPlace.PATH);
    assertNotNull(target);
    assertEquals(token, target.token());
    assertFalse(target.repeated());
    assertTrue(PATHS.contains(target.path()), target::path);
  }

  @ParameterizedTest
  @CsvSource({"/x/y/announce", "/announce/x/y", "/announce/x/", "/x/announced", "announce"})
  void otherPathsAreNotServed(String path) {
    assertNull(read(path, null, TokenPlace.PATH));
  }

  @ParameterizedTest
  @CsvSource({
    "token=abc, abc",
    "x=1&token=a%2Bb+c%3d&y, a+b+c=",
    "token=, ''",
    "Token=abc, ",
    "atoken=abc, ",
    "x, ",
  })
  void inTheQueryItIsAParameter(String query, @Nullable String token) {
    RequestTarget target = read("/announce", query, TokenPlace.QUERY);
    assertNotNull(target);
    assertEquals(token, target.token());
    assertNull(read("/abc/announce", query, TokenPlace.QUERY));
  }

  @Test
  void twoAreOneTooMany() {
    RequestTarget twice = read("/announce", "token=a&token=a", TokenPlace.QUERY);
    assertNotNull(twice);
    assertTrue(twice.repeated());
  }

  @Test
  void whereItIsOffNoneIsFound() {
    RequestTarget target = read("/announce", "token=abc", TokenPlace.OFF);
    assertNotNull(target);
    assertNull(target.token());
    assertNull(read("/abc", null, TokenPlace.OFF));
    assertFalse(target.toString().contains("abc"));
  }
}
