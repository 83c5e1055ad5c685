package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages messages at random; the same seed does the same damage. Confined to one thread. */
public final class Mutator {
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|-?\\d[\\d.eE+-]*|[\\[\\]{},:]|true|false|null");
  private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d.eE+-]*");
  private static final Pattern MEMBER =
      Pattern.compile("\"\\w+\" ?: ?(?:\"[^\"]*\"|-?[\\d.]+|\\{[^{}]*}|\\[[^\\[\\]]*])");
  private static final String[] NUMBERS = {
    "-1",
    "0",
    "0.5",
    "1e999999999",
    "1e-999999999",
    "-1e400",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "340282366920938463463374607431768211456.0",
    "00",
    "1e",
    "\"NaN\"",
    "\"-5\"",
    "\"99999999999999999999\"",
    "null",
    "true",
    "1" + "0".repeat(1500),
  };
  private static final String[] PIECES = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\u0000",
    "\\ud800",
    "\\ude00",
    "\u0000",
    "\u00ff",
    "\n",
    "null",
    "{}",
    "[]",
    "\"\"",
    "\u00ef\u00bb\u00bf",
    "/*x*/",
    "'",
    "\u007f",
    "\u00c3\u00a9",
  };

  private final SplittableRandom random;

  /** Makes one that takes its choices from {@code random}. */
  public Mutator(SplittableRandom random) {
    this.random = random;
  }

  /** Returns {@code message} with a few damages, mostly one. */
  public byte[] damage(byte[] message) {
    String text = new String(message, ISO_8859_1);
    for (int left = random.nextInt(1, random.nextInt(2, 5)); left > 0; left--) {
      text = damage(text);
    }
    return text.getBytes(ISO_8859_1);
  }

  private String damage(String text) {
    return switch (random.nextInt(11)) {
      case 0 -> flipped(text);
      case 1 -> without(text, random.nextInt(1, 8));
      case 2 -> inserted(text, randomBytes(random.nextInt(1, 8)));
      case 3 -> inserted(text, PIECES[random.nextInt(PIECES.length)]);
      case 4 -> duplicated(text);
      case 5 -> text.substring(0, random.nextInt(text.length() + 1));
      case 6 -> swapped(text);
      case 7 -> memberTwice(text);
      case 8 -> replaced(text, NUMBER, NUMBERS[random.nextInt(NUMBERS.length)]);
      case 9 -> nested(text);
      default -> replaced(text, TOKEN, PIECES[random.nextInt(PIECES.length)]);
    };
  }

  private String flipped(String text) {
    if (text.isEmpty()) {
      return text;
    }
    StringBuilder flipped = new StringBuilder(text);
    int at = random.nextInt(text.length());
    flipped.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(8))));
    return flipped.toString();
  }

  private String without(String text, int length) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + text.substring(Math.min(text.length(), at + length));
  }

  private String inserted(String text, String piece) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + piece + text.substring(at);
  }

  private String randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private String duplicated(String text) {
    int from = random.nextInt(text.length() + 1);
    int to = random.nextInt(from, text.length() + 1);
    int times = random.nextInt(50) == 0 ? 200 : 1;
    return text.substring(0, to) + text.substring(from, to).repeat(times) + text.substring(to);
  }

  private String swapped(String text) {
    List<MatchResult> tokens = all(text, TOKEN);
    if (tokens.size() < 2) {
      return text;
    }
    int one = random.nextInt(tokens.size() - 1);
    int other = random.nextInt(one + 1, tokens.size());
    MatchResult first = tokens.get(one);
    MatchResult second = tokens.get(other);
    return text.substring(0, first.start())
        + second.group()
        + text.substring(first.end(), second.start())
        + first.group()
        + text.substring(second.end());
  }

  private String memberTwice(String text) {
    List<MatchResult> members = all(text, MEMBER);
    if (members.isEmpty()) {
      return text;
    }
    String member = members.get(random.nextInt(members.size())).group();
    MatchResult place = members.get(random.nextInt(members.size()));
    return text.substring(0, place.start()) + member + "," + text.substring(place.start());
  }

  private String nested(String text) {
    List<MatchResult> members = all(text, MEMBER);
    if (members.isEmpty()) {
      return text;
    }
    MatchResult member = members.get(random.nextInt(members.size()));
    int value = text.indexOf(':', member.start()) + 1;
    int depth = random.nextInt(1, random.nextInt(10) == 0 ? 5000 : 20);
    boolean array = random.nextBoolean();
    return text.substring(0, value)
        + (array ? "[" : "{\"x\":").repeat(depth)
        + text.substring(value, member.end())
        + (array ? "]" : "}").repeat(depth)
        + text.substring(member.end());
  }

  private String replaced(String text, Pattern pattern, String by) {
    List<MatchResult> found = all(text, pattern);
    if (found.isEmpty()) {
      return text;
    }
    MatchResult one = found.get(random.nextInt(found.size()));
    return text.substring(0, one.start()) + by + text.substring(one.end());
  }

  private static List<MatchResult> all(String text, Pattern pattern) {
    return new ArrayList<>(pattern.matcher(text).results().limit(500).toList());
  }
}
