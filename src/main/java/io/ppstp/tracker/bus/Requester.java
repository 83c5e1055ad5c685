package io.ppstp.tracker.bus;

import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState;
import org.jspecify.annotations.Nullable;

/**
 * Who a request came from, as seen by ingress; immutable.
 *
 * @param client whom limits take it for
 * @param port of the client, or of the connection if a proxy stands between and names none
 * @param authState what the sender has proved about itself
 * @param proof the hash of the registration's secret that the request brought, null if it brought
 *     none
 */
public record Requester(Client client, int port, AuthState authState, @Nullable SecretHash proof) {

  /** Makes a requester who is nobody in particular. */
  public Requester(IpAddress ip, int port) {
    this(ip, port, AuthState.Anonymous.INSTANCE);
  }

  /** Makes a requester without a proxy between. */
  public Requester(IpAddress ip, int port, AuthState authState) {
    this(new Client(ip, false), port, authState, null);
  }

  /** Returns the address that the request came from. */
  public IpAddress ip() {
    return client.ip();
  }
}
