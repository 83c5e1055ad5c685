package io.ppstp.tracker.management;

import io.ppstp.tracker.config.ConfigView.ConfigValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the management room can ask of the node that it is on, and have it do. Thread-safe. */
public interface NodeControl {

  /** Returns the nodes of the cluster, listeners apart; of a node alone itself. */
  List<ClusterMember> members();

  /** Returns whether every entry of this node's state has its backups; a node alone has none. */
  boolean isSafe();

  /** Returns whether the node is to have no new peers. */
  boolean isDraining();

  /**
   * Lets the node be not ready from now on, and its connections end with their next answers; or be
   * ready again.
   */
  void drain(boolean draining);

  /**
   * Reads all files again, as SIGHUP does. Blocks.
   *
   * @param why for the audit log
   */
  List<Reloaded> reload(String why);

  /** Returns the configuration in force. */
  List<ConfigValue> configuration();

  /**
   * A node as its cluster knows it; immutable.
   *
   * @param here whether it is the one that was asked
   */
  record ClusterMember(String id, String address, boolean here) {}

  /**
   * What became of files that were read again; immutable.
   *
   * @param what they are
   * @param refused why they are not in force, null if they are
   */
  record Reloaded(String what, @Nullable String refused) {}
}
