package io.ppstp.tracker.protocol;

/** The access network behind an address: the member {@code connection} of RFC 7846, Table 3. */
public enum AccessType {
  WIRELESS("wireless"),
  WIRED("wired");

  private final String wireName;

  AccessType(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the spelling used on the wire. */
  public String wireName() {
    return wireName;
  }
}
