package io.ppstp.tracker.config;

/** How a CONNECT request that names swarms changes what the peer has already joined. */
public enum ConnectPolicy {
  /** As RFC 7846, Table 6: actions that do not fit the peer's state are refused. */
  TABLE6,
  /** The swarms of a CONNECT are added to (or removed from) those already joined. */
  ADDITIVE
}
