package io.ppstp.tracker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Being one node of many.
 *
 * @param enabled whether this process joins a cluster
 * @param config the Hazelcast configuration; the embedded one if empty
 * @param name only nodes of the same name join each other
 * @param backups synchronous copies of all state besides the owner's
 * @param minimumMembers members below which a node refuses to serve; 0 is never
 * @param memberTimeout silence after which a member counts as dead
 * @param listInterval the shortest time between two batches of changes of the same lists
 * @param readBackups whether nodes answer from the backups that they hold
 * @param orphansPerTick swarm members checked per second for a lost registration
 * @param allowPlainText which ports between nodes may be plain text beyond loopback
 * @param bus where the event bus between nodes listens
 * @param tls mutual TLS of the event bus; the member port has none
 */
public record ClusterConfig(
    boolean enabled,
    Optional<Path> config,
    String name,
    int backups,
    int minimumMembers,
    Duration memberTimeout,
    Duration listInterval,
    boolean readBackups,
    int orphansPerTick,
    PlainText allowPlainText,
    Bus bus,
    Tls tls) {
  /**
   * Where the event bus between nodes listens.
   *
   * @param host the host name or address listened on
   * @param port the port listened on; 0 is any free port
   * @param publicHost where other nodes reach it, if not at {@code host}
   */
  public record Bus(String host, int port, Optional<String> publicHost) {}

  /**
   * Mutual TLS of the event bus between nodes; all three or none.
   *
   * @param certificate PEM file of this node's certificate chain
   * @param key PEM file of its private key
   * @param ca PEM file of the authority that all nodes' certificates come from
   */
  public record Tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> ca) {
    /** Returns whether the bus has TLS. */
    public boolean enabled() {
      return certificate.isPresent();
    }
  }

  /**
   * Which of the two ports between nodes may be plain text on an address that is not loopback. The
   * event bus can have TLS; the member port cannot, for this edition of Hazelcast has none, so
   * there network rules have to do what TLS would.
   */
  public enum PlainText {
    /** Neither. */
    FALSE,
    /** The member port. */
    MEMBERS,
    /** The member port and the event bus. */
    TRUE
  }
}
