package io.ppstp.tracker.limits;

import io.ppstp.tracker.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of addresses; immutable.
 *
 * @param ranges looked at one after the other
 */
public record CidrList(List<IpPrefix> ranges) {
  /** Holds no address. */
  public static final CidrList NONE = new CidrList(List.of());

  /** Copies {@code ranges}. */
  public CidrList {
    ranges = List.copyOf(ranges);
  }

  /**
   * Returns the ranges that {@code texts} spell.
   *
   * @throws IllegalArgumentException if one of them spells none
   */
  public static CidrList parse(List<String> texts) {
    List<IpPrefix> ranges = new ArrayList<>(texts.size());
    for (String text : texts) {
      IpPrefix range = IpPrefix.parse(text);
      if (range == null) {
        throw new IllegalArgumentException("not a range of addresses: " + text);
      }
      ranges.add(range);
    }
    return new CidrList(ranges);
  }

  /** Returns whether one of the ranges holds {@code address}. */
  public boolean contains(IpAddress address) {
    for (IpPrefix range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
