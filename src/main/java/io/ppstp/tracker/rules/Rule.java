package io.ppstp.tracker.rules;

import io.ppstp.tracker.limits.IpPrefix;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that an operator forbids for a while; immutable.
 *
 * @param id that no other rule has
 * @param what a swarm or the beginning of its ID with {@code *} behind, or a range of addresses
 * @param by who has made it
 * @param why as the operator says
 * @param madeAtMs when, in epoch milliseconds of the cluster's time
 * @param endsAtMs when it ends by itself, likewise
 */
public record Rule(
    String id, Kind kind, String what, String by, String why, long madeAtMs, long endsAtMs) {
  /** Characters of what is forbidden, and of why, at most. */
  public static final int LONGEST = 256;

  private static final String ID = "id";
  private static final String KIND = "kind";
  private static final String WHAT = "what";
  private static final String BY = "by";
  private static final String WHY = "why";
  private static final String MADE = "made_at_ms";
  private static final String ENDS = "ends_at_ms";

  /** What is forbidden. */
  public enum Kind {
    /** To join swarms, and to ask for lists of their peers. */
    CLOSE,
    /** To connect from certain addresses, and to be answered there. */
    REFUSE;

    /** Returns the word for it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind that has this word, null if there is none. */
    public static @Nullable Kind of(@Nullable String text) {
      for (Kind kind : values()) {
        if (kind.text().equals(text)) {
          return kind;
        }
      }
      return null;
    }
  }

  /** Returns what is wrong with {@code what}, null if it can be forbidden. */
  public static @Nullable String fault(Kind kind, @Nullable String what) {
    if (what == null || what.isEmpty() || what.length() > LONGEST) {
      return "what is 1 to " + LONGEST + " characters";
    }
    if (kind == Kind.REFUSE) {
      return IpPrefix.parse(what) == null
          ? "what is an address or a range, such as 192.0.2.0/24 or 2001:db8::/48"
          : null;
    }
    int star = what.indexOf('*');
    return star >= 0 && star < what.length() - 1
        ? "what is a swarm, or the beginning of its ID with one * behind"
        : null;
  }

  /** Returns whether it is in force at {@code nowMs}. */
  boolean isInForce(long nowMs) {
    return nowMs < endsAtMs;
  }

  /** Returns it as the nodes keep it. */
  String encode() {
    return new JsonObject()
        .put(ID, id)
        .put(KIND, kind.text())
        .put(WHAT, what)
        .put(BY, by)
        .put(WHY, why)
        .put(MADE, madeAtMs)
        .put(ENDS, endsAtMs)
        .encode();
  }

  /** Returns the rule that {@code text} says; null if it says none, as of a later version. */
  static @Nullable Rule decode(String text) {
    try {
      JsonObject json = new JsonObject(text);
      Kind kind = Kind.of(json.getString(KIND));
      String what = json.getString(WHAT);
      if (kind == null || fault(kind, what) != null) {
        return null;
      }
      return new Rule(
          json.getString(ID, ""),
          kind,
          what,
          json.getString(BY, ""),
          json.getString(WHY, ""),
          json.getLong(MADE, 0L),
          json.getLong(ENDS, 0L));
    } catch (RuntimeException e) {
      // Whoever is a member can put anything there.
      return null;
    }
  }
}
