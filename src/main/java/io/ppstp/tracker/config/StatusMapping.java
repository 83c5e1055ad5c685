package io.ppstp.tracker.config;

/** Which HTTP status carries a PPSTP error. */
public enum StatusMapping {
  /** Each PPSTP error has the HTTP status that means the same. */
  MAPPED,
  /** Every PPSTP error travels with HTTP status 200, except 401. */
  ALWAYS_200
}
