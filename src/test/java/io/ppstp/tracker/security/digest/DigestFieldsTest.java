package io.ppstp.tracker.security.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.security.digest.DigestException.Fault;
import io.ppstp.tracker.testing.Seeds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of the Authorization field: what clients send, and what nobody should. */
class DigestFieldsTest {
  private static final String ALPHABET = "ab=\",\\ \t*'%\u00e4\u0001\u007f;/";

  @Test
  void readsQuotedAndBareValuesInAnyCaseAndSpacing() throws Exception {
    DigestFields fields =
        DigestFields.parse(
            "dIGEST\t ,, Realm = \"a, \\\"b\\\" \\\\\" ,nc=00000001,URI=/a?b=c,qop=\"auth\" ,"
                + " ,x=\"\"");
    assertEquals("a, \"b\" \\", fields.get("realm"));
    assertEquals("00000001", fields.get("nc"));
    assertEquals("/a?b=c", fields.get("uri"));
    assertEquals("auth", fields.get("qop"));
    assertEquals("", fields.get("x"));
    assertNull(fields.get("nonce"));
    assertThrows(DigestException.class, () -> fields.require("nonce"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Digest",
        "Digestive a=b",
        "Basic a=b",
        "Digest a",
        "Digest a=",
        "Digest a=,b=c",
        "Digest =b",
        "Digest a=b c=d",
        "Digest a=\"b",
        "Digest a=\"b\\",
        "Digest a=\"b\"c",
        "Digest a=b\"c\"",
        "Digest a=b\\c",
        "Digest a=b,A=b",
        "Digest a=\"b\", a=\"b\"",
        "Digest a=\"b\u0000c\"",
        "Digest a=\"b\nc\"",
        "Digest \u00e4=b",
        "Digest a=\u00e4",
        "Digest a b=c"
      })
  void refusesWhatDoesNotFitTheGrammar(String field) {
    DigestException refusal = assertThrows(DigestException.class, () -> DigestFields.parse(field));
    assertEquals(Fault.MALFORMED, refusal.fault());
  }

  @Test
  void isBounded() throws Exception {
    StringBuilder many = new StringBuilder("Digest ");
    for (int i = 0; i < DigestFields.MOST_PARAMETERS; i++) {
      many.append("p").append(i).append("=v,");
    }
    DigestFields.parse(many.toString());
    assertThrows(DigestException.class, () -> DigestFields.parse(many + "one=more"));

    String open = "Digest a=\"";
    String most = open + "x".repeat(DigestFields.MOST_CHARACTERS - open.length() - 1) + '"';
    DigestFields.parse(most);
    assertThrows(DigestException.class, () -> DigestFields.parse(most + " "));
  }

  /** Whatever is written comes back; whatever else is read, is read or refused. */
  @Test
  void survivesAnything() throws Exception {
    SplittableRandom random = Seeds.random();
    int read = 0;
    for (int round = 0; round < 200_000; round++) {
      try {
        DigestFields.parse("Digest " + garbage(random, random.nextInt(30)));
        read++;
      } catch (DigestException refusal) {
        assertEquals(Fault.MALFORMED, refusal.fault());
      }
    }
    assertTrue(read > 100, "only " + read + " pieces of garbage were read");
    for (int round = 0; round < 20_000; round++) {
      Map<String, String> values = new LinkedHashMap<>();
      StringBuilder field = new StringBuilder("Digest");
      for (int i = random.nextInt(1, 10); i > 0; i--) {
        String value = garbage(random, random.nextInt(20)).replaceAll("[\u0001\u007f]", "");
        values.put("p" + i, value);
        field.append(" p").append(i).append('=').append(DigestFields.quote(value)).append(',');
      }
      DigestFields fields = DigestFields.parse(field.toString());
      values.forEach((name, value) -> assertEquals(value, fields.get(name), field::toString));
    }
  }

  private static String garbage(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
