package io.ppstp.tracker.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.EndpointConfig;
import com.hazelcast.config.InterfacesConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;
import io.ppstp.tracker.config.PlainText;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Where Hazelcast listens. Its open source edition has no TLS and asks nobody who he is, so beyond
 * loopback somebody must have said that network rules take their place. Stateless.
 *
 * <p>A port counts as loopback's if the configuration says so. Where Hazelcast would choose by
 * itself, its choice may be another one tomorrow.
 */
final class MemberPort {
  /** A property of no {@link ClusterProperty}; also read from the system properties. */
  private static final String LOCAL_ADDRESS = "hazelcast.local.localAddress";

  private static final String LOOPBACK = "127.0.0.1";

  private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.[0-9*-]+){3}");

  private MemberPort() {}

  /**
   * Checks a configuration whose network settings stand in {@code <advanced-network>}.
   *
   * @param source what the configuration was read from, for the message
   * @throws ClusterConfigException if a port may listen where {@code allowed} forbids it
   */
  static void check(Config config, PlainText allowed, String source) throws ClusterConfigException {
    if (allowed != PlainText.FALSE || isLoopbackOnly(config)) {
      return;
    }
    throw new ClusterConfigException(
        "cluster.config: by "
            + source
            + " the member port listens beyond loopback, where whoever reaches it can join, read"
            + " and change all state: this edition of Hazelcast has no TLS, and cluster.tls.* is"
            + " for the event bus only; set cluster.allow-plain-text=members where network rules"
            + " keep others out (true if the event bus is to be plain text too), or name"
            + " 127.0.0.1 in <interfaces>");
  }

  private static boolean isLoopbackOnly(Config config) {
    if (new HazelcastProperties(config).getBoolean(ClusterProperty.SOCKET_SERVER_BIND_ANY)
        || config.getAdvancedNetworkConfig().getMemberAddressProviderConfig().isEnabled()) {
      return false;
    }
    String address = config.getProperty(LOCAL_ADDRESS);
    if (address != null) {
      return isLoopback(address.strip());
    }
    return config.getAdvancedNetworkConfig().getEndpointConfigs().values().stream()
        .allMatch(MemberPort::isLoopbackOnly);
  }

  private static boolean isLoopbackOnly(EndpointConfig endpoint) {
    if (!(endpoint instanceof ServerSocketEndpointConfig server)) {
      return true;
    }
    InterfacesConfig interfaces = server.getInterfaces();
    if (!interfaces.isEnabled()) {
      return false;
    }
    Collection<String> named = interfaces.getInterfaces();
    // Hazelcast takes this one before all others.
    return named.contains(LOOPBACK)
        || (!named.isEmpty() && named.stream().allMatch(MemberPort::isLoopback));
  }

  /** Takes addresses, and patterns such as 127.0.0.*; a name may mean anything tomorrow. */
  private static boolean isLoopback(String address) {
    return IPV4_LOOPBACK.matcher(address).matches()
        || address.equals("localhost")
        || address.equals("::1")
        || address.equals("0:0:0:0:0:0:0:1");
  }
}
