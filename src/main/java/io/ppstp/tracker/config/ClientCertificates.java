package io.ppstp.tracker.config;

/** Whether HTTPS clients prove who they are in the TLS handshake. */
public enum ClientCertificates {
  /** They are not asked. */
  OFF,
  /** They are asked and may decline. */
  REQUEST,
  /** Without a good certificate there is no connection. */
  REQUIRE
}
