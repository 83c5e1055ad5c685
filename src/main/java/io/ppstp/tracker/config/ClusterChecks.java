package io.ppstp.tracker.config;

import io.ppstp.tracker.config.ClusterConfig.PlainText;
import io.ppstp.tracker.config.text.Hosts;
import io.ppstp.tracker.config.text.Texts;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks that what is set for a node of a cluster fits together; confined to the caller's thread.
 *
 * <p>Where the member port listens is said in Hazelcast's own configuration, so whether it may is
 * checked where that is read.
 */
final class ClusterChecks {
  private final ClusterConfig cluster;
  private final CrossChecks checks;

  ClusterChecks(ClusterConfig cluster, CrossChecks checks) {
    this.cluster = cluster;
    this.checks = checks;
  }

  void run() {
    if (!checks.sound("cluster.enabled") || !cluster.enabled()) {
      return;
    }
    tls();
    bus();
    cluster
        .config()
        .filter(path -> !Files.isReadable(path) || Files.isDirectory(path))
        .ifPresent(
            path ->
                checks.fault(
                    "cluster.config",
                    Texts.quoted(path.toString())
                        + " cannot be read; name a Hazelcast XML file such as cluster.xml"));
  }

  private void tls() {
    if (tlsSound() && tlsFiles() != 0 && tlsFiles() != 3) {
      checks.fault(
          "cluster.tls.certificate",
          "cluster.tls.certificate, cluster.tls.key and cluster.tls.ca go together; set all three");
    }
    checks.readable("cluster.tls.certificate", cluster.tls().certificate());
    checks.readable("cluster.tls.key", cluster.tls().key());
    checks.readable("cluster.tls.ca", cluster.tls().ca());
  }

  private boolean tlsSound() {
    return checks.sound("cluster.tls.certificate", "cluster.tls.key", "cluster.tls.ca");
  }

  private long tlsFiles() {
    ClusterConfig.Tls tls = cluster.tls();
    return Stream.of(tls.certificate(), tls.key(), tls.ca()).filter(Optional::isPresent).count();
  }

  private void bus() {
    if (!tlsSound()
        || tlsFiles() > 0
        || !checks.sound("cluster.allow-plain-text", "cluster.bus.host", "cluster.bus.public-host")
        || cluster.allowPlainText() == PlainText.TRUE) {
      return;
    }
    String host = cluster.bus().host();
    Optional<String> publicHost = cluster.bus().publicHost();
    if (!Hosts.isLoopback(host)) {
      plainBus("cluster.bus.host", host);
    } else if (publicHost.isPresent() && !Hosts.isLoopback(publicHost.get())) {
      plainBus("cluster.bus.public-host", publicHost.get());
    }
  }

  private void plainBus(String key, String host) {
    checks.fault(
        key,
        Texts.quoted(host)
            + " is not loopback, and whoever reaches an event bus in plain text can read and forge"
            + " what nodes tell each other; set cluster.tls.certificate, cluster.tls.key and"
            + " cluster.tls.ca, or cluster.allow-plain-text=true where network rules keep others"
            + " out");
  }
}
