package io.ppstp.tracker.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.EndpointConfig;
import com.hazelcast.config.InterfacesConfig;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;
import com.hazelcast.spi.properties.HazelcastProperty;
import io.ppstp.tracker.config.ClusterConfig;
import io.ppstp.tracker.config.ClusterConfig.PlainText;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.rules.RuleBook;
import io.ppstp.tracker.security.digest.hazelcast.NonceConfig;
import io.ppstp.tracker.store.hazelcast.StoreConfig;
import io.ppstp.tracker.store.hazelcast.StoreConfig.StoreSetup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the Hazelcast configuration and adds what the tracker's own sets. Stateless. */
public final class HazelcastConfigs {
  private static final String EMBEDDED = "/cluster.xml";

  private HazelcastConfigs() {}

  /**
   * Reads what a node would, without starting it, if {@code config} is that of a node.
   *
   * @throws ClusterConfigException if the node would refuse to start for it
   */
  public static void check(TrackerConfig config) throws ClusterConfigException {
    if (config.cluster().enabled()) {
      of(config);
    }
  }

  /**
   * Returns the configuration of the member that {@code config} describes.
   *
   * @throws ClusterConfigException if the file named by cluster.config cannot be used, or would
   *     have the member port listen where it may not
   */
  static Config of(TrackerConfig config) throws ClusterConfigException {
    ClusterConfig cluster = config.cluster();
    Config hazelcast = read(cluster.config());
    hazelcast.setClusterName(cluster.name());
    speakAsMemberOnly(hazelcast);
    setProperties(hazelcast, cluster);
    copyWithoutWaiting(hazelcast);
    MemberClasses.guard(hazelcast);
    MemberPort.check(hazelcast, cluster.allowPlainText(), source(cluster.config()));
    StoreConfig.prepare(hazelcast, setup(config));
    SharedDayKeys.prepare(hazelcast, cluster.backups());
    prepareRules(hazelcast, cluster.backups());
    NonceConfig.prepare(
        hazelcast, cluster.backups(), cluster.minimumMembers() > 0 ? StoreConfig.PROTECTION : null);
    return hazelcast;
  }

  /** Rules are never changed in place, so after a split those of both sides are in force. */
  private static void prepareRules(Config hazelcast, int backups) {
    hazelcast.addMapConfig(
        new MapConfig(RuleBook.MAP)
            .setStatisticsEnabled(false)
            .setBackupCount(backups)
            .setAsyncBackupCount(0)
            .setMergePolicyConfig(
                new MergePolicyConfig(PutIfAbsentMergePolicy.class.getName(), RuleBook.MOST)));
  }

  /** Returns what the store of the member that {@code config} describes has to know. */
  static StoreSetup setup(TrackerConfig config) {
    ClusterConfig cluster = config.cluster();
    return new StoreSetup(
        config.limits().peers(),
        config.timers().track(),
        cluster.backups(),
        cluster.minimumMembers(),
        cluster.memberTimeout(),
        new StoreSetup.Reads(cluster.listInterval(), cluster.readBackups()),
        config.addresses().rules());
  }

  /**
   * Moves {@code <network>} to where its port is for members and nobody else. A port that may speak
   * several protocols waits actively for a node that is connected but does not answer, such as one
   * in a long pause, and the thread that waits writes to no other node meanwhile: the others then
   * take each other for dead.
   */
  private static void speakAsMemberOnly(Config config) {
    AdvancedNetworkConfig advanced = config.getAdvancedNetworkConfig();
    if (advanced.isEnabled()) {
      return;
    }
    NetworkConfig network = config.getNetworkConfig();
    ServerSocketEndpointConfig member = new ServerSocketEndpointConfig();
    member
        .setPort(network.getPort())
        .setPortCount(network.getPortCount())
        .setPortAutoIncrement(network.isPortAutoIncrement())
        .setReuseAddress(network.isReuseAddress())
        .setInterfaces(network.getInterfaces())
        .setOutboundPorts(network.getOutboundPorts())
        .setOutboundPortDefinitions(network.getOutboundPortDefinitions());
    if (network.getPublicAddress() != null) {
      member.setPublicAddress(network.getPublicAddress());
    }
    advanced
        .setEnabled(true)
        .setMemberEndpointConfig(member)
        .setJoin(network.getJoin())
        .setMemberAddressProviderConfig(network.getMemberAddressProviderConfig());
  }

  private static void setProperties(Config config, ClusterConfig cluster) {
    set(config, ClusterProperty.LOGGING_TYPE, "slf4j");
    set(config, ClusterProperty.PHONE_HOME_ENABLED, "false");
    long timeoutSeconds = Math.max(1, cluster.memberTimeout().toSeconds());
    set(config, ClusterProperty.MAX_NO_HEARTBEAT_SECONDS, Long.toString(timeoutSeconds));
    // The defaults are every address of the machine, and a heartbeat that is as long as our
    // timeout.
    setUnlessSaid(config, ClusterProperty.SOCKET_BIND_ANY, "false");
    setUnlessSaid(config, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, "1");
  }

  private static void set(Config config, HazelcastProperty property, String value) {
    config.setProperty(property.getName(), value);
  }

  private static void setUnlessSaid(Config config, HazelcastProperty property, String value) {
    if (config.getProperty(property.getName()) == null) {
      set(config, property, value);
    }
  }

  /**
   * Keeps what Vert.x notes of nodes and listeners from waiting for its copies. A copy that does
   * not answer fails a change now, and Vert.x would leave the rest of its notes undone; what a dead
   * node had not copied yet, each node notes anew as soon as that one is gone.
   */
  private static void copyWithoutWaiting(Config config) {
    config.getMultiMapConfig("__vertx.subs").setBackupCount(0).setAsyncBackupCount(1);
    config.getMapConfig("__vertx.nodeInfo").setBackupCount(0).setAsyncBackupCount(1);
  }

  private static Config read(Optional<Path> file) throws ClusterConfigException {
    String source = source(file);
    try (InputStream in = open(file)) {
      return new XmlConfigBuilder(in).build();
    } catch (IOException e) {
      throw new ClusterConfigException("cluster.config: " + source + " cannot be read: " + e);
    } catch (InvalidConfigurationException | IllegalArgumentException e) {
      throw new ClusterConfigException("cluster.config: " + source + ": " + e.getMessage());
    }
  }

  /**
   * Returns the XML of what the jar has, for nodes on loopback of which the first listens on {@code
   * port} and the others on the ports after it, if they are free.
   *
   * @throws IOException if the jar cannot be read
   */
  public static String onLoopback(int port) throws IOException {
    try (InputStream in = open(Optional.empty())) {
      return new String(in.readAllBytes(), UTF_8)
          .replaceAll("(<port\\b[^>]*>)\\d+(</port>)", "$1" + port + "$2")
          .replaceAll(
              "(?s)(<member-list>).*?(</member-list>)",
              "$1<member>127.0.0.1:" + port + "</member>$2");
    }
  }

  private static String source(Optional<Path> file) {
    return file.map(Path::toString).orElse("the embedded cluster.xml");
  }

  private static InputStream open(Optional<Path> file) throws IOException {
    if (file.isPresent()) {
      return Files.newInputStream(file.get());
    }
    InputStream embedded = HazelcastConfigs.class.getResourceAsStream(EMBEDDED);
    if (embedded == null) {
      throw new IOException("the jar lacks it");
    }
    return embedded;
  }

  /**
   * Where Hazelcast listens. Its open source edition has no TLS and asks nobody who he is, so
   * beyond loopback somebody must have said that network rules take their place. Stateless.
   *
   * <p>A port counts as loopback's if the configuration says so. Where Hazelcast would choose by
   * itself, its choice may be another one tomorrow.
   */
  static final class MemberPort {
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
    static void check(Config config, PlainText allowed, String source)
        throws ClusterConfigException {
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

  /** The cluster's configuration cannot be used; the message says which key and why. */
  public static final class ClusterConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ClusterConfigException(String message) {
      super(message);
    }
  }
}
