package io.ppstp.tracker.logging;

/**
 * Text of others in a line of ours: cut short, and unable to begin a line of its own. Stateless.
 */
public final class ForeignText {
  private static final int LONGEST = 100;

  private ForeignText() {}

  /** Returns the beginning of {@code text}, with a question mark for what is not printable. */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char c = text.charAt(i);
      shown.append(isPrintable(c) ? c : '?');
    }
    return text.length() > LONGEST ? shown.append('…').toString() : shown.toString();
  }

  /** What terminals take for a command, or show in another order, is not. */
  private static boolean isPrintable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
