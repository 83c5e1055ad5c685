package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.RoomBus.RawRequest;
import io.ppstp.tracker.bus.RoomBus.TorrentRequest;
import io.ppstp.tracker.bus.RoomBus.TypedRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses on the event bus. */
public final class Addresses {
  /** Where state changes are published for whoever listens, see {@link TrackerEvent}. */
  public static final String EVENTS = "ppstp.events";

  /** Where all nodes take questions about what they have counted of channels. */
  static final String CHANNELS = "ppstp.channels";

  /** Where all nodes are told that the rules of operators have changed. */
  public static final String RULES = "ppstp.rules";

  /** Where all nodes take the question how they are. */
  static final String NODES = "ppstp.nodes";

  /** Where all nodes take what others want to be told of events. */
  static final String STREAMS = "ppstp.streams";

  /** Where a node that has come up says so. */
  static final String GREETINGS = "ppstp.greetings";

  /** Where all nodes take questions about what they have refused a peer. */
  static final String REFUSALS = "ppstp.refusals";

  /** What every address begins with. */
  public static final String PREFIX = "ppstp.";

  private static final PerInstance VALIDATION = new PerInstance("ppstp.validation.");
  private static final PerInstance SWARM = new PerInstance("ppstp.swarm.");
  private static final PerInstance INGRESS = new PerInstance("ppstp.ingress.");
  private static final PerInstance BROWSERS = new PerInstance("ppstp.browsers.");
  private static final PerInstance SOCKETS = new PerInstance("ppstp.sockets.");
  private static final PerInstance TORRENTS = new PerInstance("ppstp.torrents.");
  private static final PerInstance RELAYS = new PerInstance("ppstp.relays.");

  private static final List<PerInstance> PASSED = List.of(VALIDATION, SWARM, INGRESS, TORRENTS);

  private Addresses() {}

  /** The addresses of a room's instances; every message needs one, so the usual ones are kept. */
  private static final class PerInstance {
    private static final int KEPT = 64;

    private final String prefix;
    private final String room;
    private final String[] kept = new String[KEPT];

    PerInstance(String prefix) {
      this.prefix = prefix;
      this.room = prefix.substring(0, prefix.length() - 1);
      Arrays.setAll(kept, instance -> prefix + instance);
    }

    boolean isOf(String address) {
      return address.startsWith(prefix);
    }

    String room() {
      return room;
    }

    String at(int instance) {
      return instance < KEPT ? kept[instance] : prefix + instance;
    }
  }

  /**
   * Returns an address without the number of the instance if requests over HTTP pass it inside a
   * node, null for all others.
   */
  public static @Nullable String room(String address) {
    for (PerInstance room : PASSED) {
      if (room.isOf(address)) {
        return room.room();
      }
    }
    return null;
  }

  /** Returns where a node takes what the stores of other nodes ask it, by channel. */
  public static String store(String node, int channel) {
    return "ppstp.store." + node + '.' + channel;
  }

  /** Returns where a node takes what others answer to its questions about channels. */
  static String channels(String node) {
    return CHANNELS + '.' + node;
  }

  /** Returns where a node takes what others answer to how they are. */
  static String nodes(String node) {
    return NODES + '.' + node;
  }

  /** Returns where a node takes what others answer to what it wants to be told of events. */
  static String streams(String node) {
    return STREAMS + '.' + node;
  }

  /** Returns where a node takes events of others. */
  static String stream(String node) {
    return "ppstp.stream." + node;
  }

  /** Returns where a node takes what others answer to its questions about refusals. */
  static String refusals(String node) {
    return REFUSALS + '.' + node;
  }

  /**
   * Returns where an instance of the room of browsers takes {@link RelayBatch}es of other nodes.
   */
  static String relays(long node, int instance) {
    return "ppstp.relays." + Long.toHexString(node) + '.' + instance;
  }

  /** Returns where it takes those of its own node. */
  static String relays(int instance) {
    return RELAYS.at(instance);
  }

  /** Returns where an instance of the room of browsers takes {@link SocketEvent}s. */
  static String browsers(int instance) {
    return BROWSERS.at(instance);
  }

  /** Returns where an instance of the room of BitTorrent clients takes {@link TorrentRequest}s. */
  static String torrents(int instance) {
    return TORRENTS.at(instance);
  }

  /** Returns where an instance of ingress takes {@link SocketOutputs}. */
  static String sockets(int instance) {
    return SOCKETS.at(instance);
  }

  /** Returns where the validation instance of this number takes {@link RawRequest}s. */
  static String validation(int instance) {
    return VALIDATION.at(instance);
  }

  /** Returns where the swarm instance of this number takes {@link TypedRequest}s. */
  static String swarm(int instance) {
    return SWARM.at(instance);
  }

  /** Returns where the ingress instance of this number takes {@link Answer}s. */
  static String ingress(int instance) {
    return INGRESS.at(instance);
  }
}
