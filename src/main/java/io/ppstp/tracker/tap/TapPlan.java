package io.ppstp.tracker.tap;

import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tap follows and where that goes; immutable.
 *
 * @param nodes management addresses
 * @param state the file that remembers how far the tap is; without one it begins with what is new
 * @param fsync whether what the state file says to be in files is on the disk, not only written
 * @param pass what the tap shows to nodes, and whom it trusts to be one
 */
public record TapPlan(
    List<URI> nodes,
    EventFilter filter,
    Target target,
    BatchRules batches,
    Optional<Path> state,
    boolean fsync,
    NodePass pass) {

  private static final String SUCH_AS = "such as http://127.0.0.1:7847";
  private static final int MOST_NODES = 64;
  private static final long LEAST_FILE_BYTES = 1 << 10;

  /** Takes a copy of the nodes. */
  public TapPlan {
    nodes = List.copyOf(nodes);
  }

  /** Makes one that shows nothing to nodes. */
  public TapPlan(
      List<URI> nodes,
      EventFilter filter,
      Target target,
      BatchRules batches,
      Optional<Path> state,
      boolean fsync) {
    this(nodes, filter, target, batches, state, fsync, NodePass.NONE);
  }

  /**
   * How a tap and its nodes know each other; immutable.
   *
   * @param token of an operator who may read
   * @param authorities in PEM, who sign nodes' certificates; empty for those that Java trusts
   */
  public record NodePass(Optional<String> token, Optional<String> authorities) {
    /** No token, and those that Java trusts. */
    public static final NodePass NONE = new NodePass(Optional.empty(), Optional.empty());

    /** Does not tell the token. */
    @Override
    public String toString() {
      return "NodePass";
    }
  }

  /** Where events go. */
  public sealed interface Target {
    /** To whoever reads a stream, such as standard output. */
    record Stream(OutputStream stream) implements Target {}

    /**
     * To files.
     *
     * @param bytes after which a file is followed by the next
     * @param age after which it is too
     */
    record Files(Path folder, long bytes, Duration age) implements Target {}

    /**
     * To what takes lines of JSON over HTTP.
     *
     * @param headers of the requests
     */
    record Collector(URI url, Map<String, String> headers) implements Target {
      /** Takes a copy of the headers. */
      public Collector {
        headers = Map.copyOf(headers);
      }
    }

    /** To an output that {@code maker} makes. */
    record Made(Output.Maker maker) implements Target {}
  }

  /** Returns what is wrong with this, in words for the user; nothing if it can be done. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (!isNode(nodes.get(i))) {
        // It is not said again: it may hold a password, or be a piece of what was to be a header.
        faults.add("URL " + (i + 1) + " is not a management address, " + SUCH_AS);
      }
    }
    if (new HashSet<>(nodes).size() < nodes.size()) {
      faults.add("a node is named twice");
    }
    if (nodes.size() > MOST_NODES) {
      faults.add("more than " + MOST_NODES + " nodes cannot be followed by one tap");
    }
    if (target instanceof Target.Collector collector && !isHttp(collector.url())) {
      // It is not said again, for it may hold a secret.
      faults.add("--post must be a URL of http or https, without user and fragment");
    }
    if (target instanceof Target.Files files && files.bytes() < LEAST_FILE_BYTES) {
      faults.add("--rotate-bytes must be at least 1KiB");
    }
    faults.addAll(batches.faults());
    return faults;
  }

  private static boolean isNode(URI url) {
    String path = url.getRawPath();
    return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        && url.getHost() != null
        && url.getRawUserInfo() == null
        && (path == null || path.isEmpty() || path.equals("/"))
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }

  private static boolean isHttp(URI url) {
    return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        && url.getHost() != null
        && url.getRawUserInfo() == null
        && url.getRawFragment() == null;
  }
}
