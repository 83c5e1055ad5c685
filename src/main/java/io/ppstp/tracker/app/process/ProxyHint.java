package io.ppstp.tracker.app.process;

import io.ppstp.tracker.config.AuthConfig.Requirement;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.AnonymousPolicy;
import io.ppstp.tracker.config.TrackerConfig.ClientCertificates;
import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.ppstp.tracker.protocol.IpAddress;
import java.util.Optional;

/**
 * Tells an operator that peers without credentials are told apart by their addresses, where a proxy
 * might hide those. The tracker cannot see whether there is one. Stateless.
 */
public final class ProxyHint {
  private static final String TEXT =
      "peers without credentials are bound to their addresses, and proxy.header is none: behind a"
          + " proxy or load balancer all would have its address and could act for each other; set"
          + " proxy.header and proxy.trusted if there is one";

  private ProxyHint() {}

  /**
   * Returns what to tell, empty if nothing. Nobody is behind a proxy where it is a public address
   * that is listened on.
   */
  public static Optional<String> of(TrackerConfig config) {
    boolean bound =
        config.policy().anonymous() == AnonymousPolicy.BOUND
            && !requiresCredentials(config)
            && config.proxy().header() == ProxyHeader.NONE;
    boolean hidden =
        (config.http().enabled() && !isPublic(config.http().host()))
            || (config.https().enabled() && !isPublic(config.https().host()));
    return bound && hidden ? Optional.of(TEXT) : Optional.empty();
  }

  private static boolean isPublic(String host) {
    IpAddress address = IpAddress.parse(host);
    return address != null && address.isPublic();
  }

  private static boolean requiresCredentials(TrackerConfig config) {
    boolean anyScheme =
        config.auth().digest().accounts().isPresent()
            || config.auth().bearer().enabled()
            || (config.https().enabled()
                && config.https().clientCertificates() != ClientCertificates.OFF);
    Requirement required = config.auth().required();
    return required == Requirement.TRUE || (required == Requirement.AUTO && anyScheme);
  }
}
