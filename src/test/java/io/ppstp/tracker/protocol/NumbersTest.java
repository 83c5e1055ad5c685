package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.COUNTERS;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.report;
import static io.ppstp.tracker.protocol.Messages.reportOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.testing.Seeds;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters are 64-bit integers, exact, however they are spelled. */
class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "9007199254740993, 9007199254740993",
    "9223372036854775807, 9223372036854775807",
    "'\"9223372036854775807\"', 9223372036854775807",
    "9223372036854775807.0, 9223372036854775807",
    "9.223372036854775807e18, 9223372036854775807",
    "9007199254740993.000, 9007199254740993",
    "1e18, 1000000000000000000",
    "10E-1, 1",
    "12300e-2, 123",
    "0.0, 0",
    "0e5, 0",
    "0e19, 0",
    "-0.0e19, 0",
    "0.000e400, 0",
    "0e-5000, 0",
    "'\"007\"', 7",
  })
  void countersAreExact(String spelling, long value) {
    assertEquals(value, uploaded(spelling));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-1.0",
        "-9223372036854775808",
        "-9223372036854775809",
        "9223372036854775808",
        "18446744073709551616",
        "9223372036854775808.0",
        "9223372036854775807.5",
        "1e19",
        "-1e19",
        "0.1",
        "1e-1",
        "1e400",
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "1e2147483647",
        "1e-2147483648",
        "1e9999999999",
        "1e-9999999999",
        "1e99999999999999999999",
        "0.1e-99999999999999999999",
        "NaN",
        "Infinity",
        "'NaN'",
        "'1e3'",
        "'1.0'",
        "'0x10'",
        "'+1'",
        "'-1'",
        "'1 '",
        "'9223372036854775808'",
        "'00000000000000000001'",
        "'\u0661'",
        "null",
        "false",
        "[1]",
        "{'value':1}"
      })
  void otherNumbersAreABadRequest(String spelling) {
    assertBadRequest(spelling);
  }

  @Test
  void numbersOfThousandsOfDigitsAreABadRequest() {
    String digits = "9".repeat(5000);
    assertBadRequest(digits);
    assertBadRequest("-" + digits);
    assertBadRequest("0." + digits);
    assertBadRequest("1." + "0".repeat(5000));
    assertBadRequest("'" + digits + "'");
    assertBadRequest("1e" + digits);
  }

  @Test
  void anyExponentIsReadExactlyOrRefused() {
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < 5_000; i++) {
      String spelling =
          random.nextInt(1000)
              + (random.nextBoolean() ? "." + random.nextInt(1000) : "")
              + "e"
              + (random.nextInt(40) - 20);
      BigDecimal value = new BigDecimal(spelling);
      boolean fits =
          value.stripTrailingZeros().scale() <= 0
              && value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;

      if (fits) {
        assertEquals(value.longValueExact(), uploaded(spelling), spelling);
      } else {
        assertBadRequest(spelling);
      }
    }
  }

  private static String reportOfUploaded(String spelling) {
    return report(
        "'type':'STREAM_STATS'",
        "'stat':[{'swarm_id':'s1',"
            + COUNTERS.replace("'uploaded_bytes':1", "'uploaded_bytes':" + spelling)
            + "}]");
  }

  private static long uploaded(String spelling) {
    return reportOf(reportOfUploaded(spelling)).stats().get(0).uploadedBytes();
  }

  private static void assertBadRequest(String spelling) {
    Reading.Rejected rejected = rejected(reportOfUploaded(spelling));

    assertEquals(
        new Reading.Rejected(ErrorCode.BAD_REQUEST, "t1", false, rejected.reason()),
        rejected,
        spelling);
  }
}
