package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthAttempt;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 7616, Section 3.9, with their errata, and some of our own for auth-int. */
class DigestVectorsTest {
  private static final String CIRCLE = "Circle of Life";
  private static final String NONCES =
      "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001,"
          + " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"";
  private static final String API_NONCES =
      "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", nc=00000001,"
          + " cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v\", qop=auth,"
          + " algorithm=SHA-512-256, uri=\"/doe.json\", realm=\"api@example.org\"";
  private static final String REPORT =
      "{\"PPSPTrackerProtocol\":{\"version\":1,\"request_type\":\"STAT_REPORT\","
          + "\"transaction_id\":\"12345\",\"peer_id\":\"656164657221\"}}";

  private static DigestCredentials credentials(
      String method, String target, String body, String authorization) throws DigestException {
    IpAddress client = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));
    return DigestCredentials.of(
        new AuthAttempt(method, target, authorization, body.getBytes(UTF_8), null, client));
  }

  private static String secret(
      String user, String realm, String password, DigestAlgorithm algorithm) {
    return Objects.requireNonNull(
        Account.secrets(user, realm, password, EnumSet.of(algorithm)).get(algorithm));
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, 3d78807defe7de2157e2b0b6573a855f, 8ca523f5e9506fed4657c9700eebdbec,"
        + " 9b712497bc9f91499fbcca1dfc5f09a5",
    "SHA-256, 7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232,"
        + " 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1,"
        + " 86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0"
  })
  void section391(String token, String a1, String response, String rspauth) throws Exception {
    DigestCredentials credentials =
        credentials(
            "GET",
            "/dir/index.html",
            "",
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\","
                + " uri=\"/dir/index.html\", algorithm="
                + token
                + ", qop=auth, response=\""
                + response
                + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", "
                + NONCES);
    DigestAlgorithm algorithm = credentials.variant().algorithm();
    assertEquals(a1, secret("Mufasa", "http-auth@example.org", CIRCLE, algorithm));
    assertEquals(response, credentials.expectedResponse(a1));
    assertEquals(response, HexFormat.of().formatHex(credentials.response()));
    assertEquals(rspauth, credentials.responseAuth(a1, "ignored".getBytes(UTF_8)));
  }

  /** RFC 7616 prints SHA-512 cut short; erratum 4897. */
  @Test
  void section392() throws Exception {
    String hash = "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b";
    String response = "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5";
    String user = "J\u00e4s\u00f8n Doe";
    String secret = secret(user, "api@example.org", "Secret, or not?", DigestAlgorithm.SHA_512_256);
    assertEquals("2d3d9f12c9f3d30011259dc5fecee005ae24de40e3e1f61806d03e65f1e6024f", secret);
    assertEquals(hash, Account.hashedName(user, "api@example.org", DigestAlgorithm.SHA_512_256));

    String rest = ", response=\"" + response + "\", " + API_NONCES;
    String wire = new String(user.getBytes(UTF_8), ISO_8859_1);
    for (String name :
        new String[] {
          "username=\"" + hash + "\", userhash=true",
          "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, userhash=false",
          "username*=utf-8'en'J%c3%a4s%c3%b8n%20Doe",
          "username=\"" + wire + "\""
        }) {
      DigestCredentials credentials = credentials("GET", "/doe.json", "", "Digest " + name + rest);
      assertEquals(name.contains("userhash=true") ? hash : user, credentials.user());
      assertEquals(name.contains("userhash=true"), credentials.isUserHashed());
      assertEquals(response, credentials.expectedResponse(secret));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, e89ad49f7f839015b80322a5ae02c70d",
    "MD5-sess, e48d6eae2b5e76a0bee3d7fb0c9b8bf5",
    "SHA-256, 6466cbcaee3731a3f873e2e5c0020f5eb87ea65377542bdf488eaa35898452e3",
    "SHA-256-sess, 6e1ed3828c0b24d2ea294844896c8f8f8bc3af3e8b72a2f369f734735713dc28"
  })
  void coversTheBody(String token, String response) throws Exception {
    String authorization =
        "Digest username=\"656164657221\", realm=\"tracker@example.com\", uri=\"/video_1\","
            + " algorithm="
            + token
            + ", qop=auth-int, response="
            + response
            + ", "
            + NONCES;
    DigestCredentials credentials = credentials("POST", "/video_1", REPORT, authorization);
    DigestAlgorithm algorithm = credentials.variant().algorithm();
    String secret = secret("656164657221", "tracker@example.com", CIRCLE, algorithm);
    assertEquals(response, credentials.expectedResponse(secret));
    DigestCredentials changed = credentials("POST", "/video_1", REPORT + " ", authorization);
    assertNotEquals(response, changed.expectedResponse(secret));
    assertNotEquals(
        credentials.responseAuth(secret, new byte[] {1}),
        credentials.responseAuth(secret, new byte[] {2}));
  }

  @Test
  void hashesTheUserByItsAlgorithm() {
    assertEquals(
        "32a25931e6200203d9fa5b04353b75ca5ebf0dd8a7acf924f42bb3d8a8f12306",
        Account.hashedName("656164657221", "tracker@example.com", DigestAlgorithm.SHA_256));
  }
}
