package io.ppstp.tracker.config;

import java.util.List;

/**
 * The text somebody wrote for a setting, not yet read. Immutable.
 *
 * @param setting the setting it is for
 * @param items the text, or the items of a YAML list
 * @param list whether it was written as a YAML list
 * @param source where it was written, as a fault names it
 */
record RawValue(Setting setting, List<String> items, boolean list, String source) {
  RawValue {
    items = List.copyOf(items);
  }

  /** Returns a value written as one piece of text. */
  static RawValue text(Setting setting, String text, String source) {
    return new RawValue(setting, List.of(text), false, source);
  }
}
