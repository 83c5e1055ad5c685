package io.ppstp.tracker.bus;

import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Standing;

/**
 * Who a request came from, as seen by ingress; immutable.
 *
 * @param standing what the sender has proved about itself
 */
public record Requester(IpAddress ip, int port, Standing standing) {

  /** Makes a requester who is nobody in particular. */
  public Requester(IpAddress ip, int port) {
    this(ip, port, Standing.Anonymous.INSTANCE);
  }
}
