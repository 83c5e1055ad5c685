package io.ppstp.tracker.protocol;

/** The request types of RFC 7846, Section 3.3.1, spelled as on the wire. */
public enum RequestType {
  CONNECT,
  FIND,
  STAT_REPORT
}
