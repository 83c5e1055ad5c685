package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages are UTF-8 and nothing else. */
class EncodingTest {

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void otherUnicodeEncodingsAreABadRequest(String charset) {
    String message = text(bytes(connect(JOIN)));

    for (String prefix : new String[] {"", " ", "\n\n", "\ufeff"}) {
      byte[] body = (prefix + message).getBytes(Charset.forName(charset));
      assertEquals(ErrorCode.BAD_REQUEST, rejected(body).code());
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "a lone continuation byte, 80",
    "a lead byte alone, c3",
    "a lead byte before ASCII, c361",
    "three bytes of which one is missing, e282",
    "four bytes of which one is missing, f09f98",
    "Latin-1, e9",
    "an overlong NUL, c080",
    "an overlong slash in two bytes, c0af",
    "an overlong slash in three bytes, e080af",
    "an overlong slash in four bytes, f08080af",
    "half a surrogate pair, eda0bd",
    "a surrogate pair in six bytes, eda0bdedb880",
    "a code point over U+10FFFF, f4908080",
    "five bytes, f888808080",
    "FE, fe",
    "FF, ff",
  })
  void whatIsNotUtf8IsABadRequestWhereverItStands(String what, String hex) {
    String raw = new String(HexFormat.of().parseHex(hex), ISO_8859_1);

    for (String place : new String[] {"p1", "s1", "t1"}) {
      assertBad(connect(JOIN).replace(place, "x" + raw), what);
    }
    assertBad(connect(JOIN, "'x':'" + raw + "'"), what);
    assertBad(connect(JOIN, "'" + raw + "':0"), what);
    assertBad(connect(JOIN) + raw, what);
  }

  private static void assertBad(String latin1, String what) {
    byte[] body = latin1.replace('\'', '"').getBytes(ISO_8859_1);

    assertEquals(ErrorCode.BAD_REQUEST, rejected(body).code(), what + " in " + text(body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"é", "߿", "ࠀ", "퟿", "", "\uffff", "𐀀", "😀", "\udbff\udfff"})
  void everyLengthOfUtf8IsRead(String character) {
    String id = "p" + character;

    assertEquals(id, accepted(connect(JOIN).replace("p1", id)).request().peerId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ufeff\ufeff", " \ufeff", "\u00a0", "\u2028", "\u0000"})
  void onlyOneByteOrderMarkAndOnlyAtTheStartIsIgnored(String prefix) {
    assertEquals(ErrorCode.BAD_REQUEST, rejected(prefix + connect(JOIN)).code());
  }
}
