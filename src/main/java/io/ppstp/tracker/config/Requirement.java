package io.ppstp.tracker.config;

/** Whether something is asked for. */
public enum Requirement {
  /** As soon as there is a way to meet it. */
  AUTO,
  /** Always. */
  TRUE,
  /** Never. */
  FALSE
}
