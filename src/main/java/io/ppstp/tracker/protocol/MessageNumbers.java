package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ppstp.tracker.protocol.MessageCursor.MalformedException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of RFC 7846's members exactly, in whatever way they are spelled, and at a cost
 * that does not grow with what a stranger claims they are. Stateless: the cursor is the caller's.
 *
 * <p>Like the cursor's, every method expects the parser on the first token of a value and leaves it
 * on the last.
 */
final class MessageNumbers {
  /** Longer numbers cost more than a look at them, and fit no counter. */
  private static final int LONGEST_NUMBER = 1000;

  private static final int DIGITS_OF_LONG = 19;
  private static final int DIGITS_OF_ASN = 10;
  private static final long HIGHEST_ASN = 0xffff_ffffL;
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Set<String> LEVELS = Set.of("HIGH", "NORMAL", "LOW");

  private MessageNumbers() {}

  /** Reads an autonomous system number of 32 bits and returns its digits, or null for a guess. */
  static @Nullable String asn(MessageCursor in) throws IOException, MalformedException {
    JsonToken token = in.parser().currentToken();
    boolean spelled = token == JsonToken.VALUE_NUMBER_INT;
    String text;
    if (spelled || token == JsonToken.VALUE_NUMBER_FLOAT) {
      text = in.parser().getTextLength() > DIGITS_OF_ASN ? "" : in.parser().getText();
    } else {
      text = in.string("asn");
      spelled = text.regionMatches(true, 0, "AS", 0, 2);
      text = spelled ? text.substring(2) : text;
    }
    if (!isDigits(text, DIGITS_OF_ASN) || Long.parseLong(text) > HIGHEST_ASN) {
      in.note(Leniency.UNKNOWN_ASN);
      return null;
    }
    if (spelled) {
      in.note(Leniency.ASN_SPELLING);
    }
    return text;
  }

  /** Reads a number, or a level word in its place, which counts as {@link PeerNum#NOT_STATED}. */
  static long countOrLevel(MessageCursor in, String member) throws IOException, MalformedException {
    if (in.parser().currentToken() == JsonToken.VALUE_STRING
        && LEVELS.contains(in.parser().getText().toUpperCase(Locale.ROOT))) {
      in.note(Leniency.LEVEL_FOR_NUMBER);
      return PeerNum.NOT_STATED;
    }
    return count(in, member, Leniency.STATUS_AS_STRING);
  }

  /** Reads an integer from 0 to 2^63-1, exactly. */
  static long count(MessageCursor in, String member) throws IOException, MalformedException {
    return count(in, member, Leniency.NUMBER_SPELLING);
  }

  private static long count(MessageCursor in, String member, Leniency asString)
      throws IOException, MalformedException {
    long value =
        switch (in.parser().currentToken()) {
          case VALUE_NUMBER_INT -> integer(in, member);
          case VALUE_NUMBER_FLOAT -> integralFloat(in, member);
          case VALUE_STRING -> decimalString(in, member, asString);
          default -> throw new MalformedException(member + " is not an integer");
        };
    if (value < 0) {
      throw new MalformedException(member + " is negative");
    }
    return value;
  }

  static int countUpTo(MessageCursor in, String member, int least, int most)
      throws IOException, MalformedException {
    long value = count(in, member);
    if (value < least || value > most) {
      throw new MalformedException(member + " is not from " + least + " to " + most);
    }
    return (int) value;
  }

  private static long integer(MessageCursor in, String member)
      throws IOException, MalformedException {
    // The length is looked at first: the parser would make a number of a million digits.
    if (in.parser().getTextLength() > 1 + DIGITS_OF_LONG
        || in.parser().getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw new MalformedException(member + " is over 2^63-1");
    }
    return in.parser().getLongValue();
  }

  private static long integralFloat(MessageCursor in, String member)
      throws IOException, MalformedException {
    in.note(Leniency.NUMBER_SPELLING);
    if (in.parser().getTextLength() > LONGEST_NUMBER) {
      throw new MalformedException(member + " has too many digits");
    }
    // The exponent is looked at before anything expands it: 1e999999999 is nine bytes.
    BigDecimal value = decimal(member, in.parser().getText());
    if (value.signum() == 0) {
      return 0;
    }
    boolean inRange = (long) value.precision() - value.scale() <= DIGITS_OF_LONG;
    if (!inRange || value.scale() > 1000 || value.abs().compareTo(MAX_LONG) > 0) {
      throw new MalformedException(member + " is out of range");
    }
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.scale() > 0) {
      throw new MalformedException(member + " has a fraction");
    }
    return plain.longValueExact();
  }

  private static BigDecimal decimal(String member, String text) throws MalformedException {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new MalformedException(member + " has an exponent beyond 32 bits");
    }
  }

  private static long decimalString(MessageCursor in, String member, Leniency spelling)
      throws IOException, MalformedException {
    String text = in.parser().getText();
    if (!isDigits(text, DIGITS_OF_LONG)) {
      throw new MalformedException(member + " is not an integer");
    }
    in.note(spelling);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedException(member + " is over 2^63-1");
    }
  }

  private static boolean isDigits(String text, int longest) {
    if (text.isEmpty() || text.length() > longest) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
