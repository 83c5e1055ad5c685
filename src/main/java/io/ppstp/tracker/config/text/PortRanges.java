package io.ppstp.tracker.config.text;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports and ranges of them as text, such as {@code 53} and {@code 1-79}. Stateless. */
public final class PortRanges {
  private static final int HIGHEST = 65_535;
  private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,4})(-([1-9][0-9]{0,4}))?");

  private PortRanges() {}

  /** Returns whether {@code text} is a port, or two of which the first is not the larger. */
  public static boolean isRange(String text) {
    Matcher matcher = RANGE.matcher(text);
    return matcher.matches() && first(matcher) <= last(matcher) && last(matcher) <= HIGHEST;
  }

  /**
   * Returns the ports of all {@code ranges}.
   *
   * @throws IllegalArgumentException if one is no range
   */
  public static BitSet union(List<String> ranges) {
    BitSet ports = new BitSet();
    for (String range : ranges) {
      Matcher matcher = RANGE.matcher(range);
      if (!isRange(range) || !matcher.matches()) {
        throw new IllegalArgumentException(range + " is no range of ports");
      }
      ports.set(first(matcher), last(matcher) + 1);
    }
    return ports;
  }

  private static int first(Matcher range) {
    return Integer.parseInt(range.group(1));
  }

  private static int last(Matcher range) {
    return Integer.parseInt(range.group(3) == null ? range.group(1) : range.group(3));
  }
}
