package io.ppstp.tracker.config;

import java.util.List;

/** A configuration that was refused, with every fault found in it. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> faults;

  /**
   * Makes the refusal for {@code faults}.
   *
   * @param faults one line each: the key, where its value came from, and what would be right
   */
  public ConfigException(List<String> faults) {
    super(message(faults));
    this.faults = List.copyOf(faults);
  }

  /** Returns the faults in the order they were found, one line each; never empty. */
  public List<String> faults() {
    return faults;
  }

  private static String message(List<String> faults) {
    String count = faults.size() == 1 ? "1 fault" : faults.size() + " faults";
    return "the configuration has " + count + ":\n  " + String.join("\n  ", faults);
  }
}
