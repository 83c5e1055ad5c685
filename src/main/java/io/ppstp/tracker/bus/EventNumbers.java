package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.PeerNames.Named;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.limits.IpPrefix;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState.Authenticated;
import io.ppstp.tracker.security.AuthState.Identity;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the events of this process from 1 on, whether anybody listens or not: whoever hears them
 * sees by the numbers what it has missed. Thread-safe.
 *
 * <p>Event loops publish side by side, so that numbers close to each other may arrive swapped;
 * those of one peer do not.
 */
public final class EventNumbers {
  /** Of the form of events, which grows by members only. */
  static final int VERSION = 1;

  private static final int NODE_DIGITS = 12;

  private final String node;
  private final PeerNames names;
  private final boolean prefixes;
  private final ToLongFunction<IpAddress> asns;
  private final AtomicLong last = new AtomicLong();

  /**
   * Begins at 1.
   *
   * @param random tells this process from all others, also from its own earlier lives
   * @param names what peers are called
   */
  public EventNumbers(long random, PeerNames names) {
    this(random, names, false);
  }

  /**
   * Begins at 1.
   *
   * @param prefixes whether events say from what network a request came
   */
  public EventNumbers(long random, PeerNames names, boolean prefixes) {
    this(random, names, prefixes, ip -> 0);
  }

  /**
   * Begins at 1.
   *
   * @param prefixes whether events say from what network a request came
   * @param asns numbers of the autonomous systems that addresses are in, 0 if not known
   */
  public EventNumbers(
      long random, PeerNames names, boolean prefixes, ToLongFunction<IpAddress> asns) {
    this.names = names;
    this.prefixes = prefixes;
    this.asns = asns;
    node = HexFormat.of().toHexDigits(random, NODE_DIGITS);
  }

  /** Returns what events of this process name as their node. */
  public String node() {
    return node;
  }

  /** Gives {@code event} the next number. */
  public NumberedEvent number(TrackerEvent event) {
    return number(event, null);
  }

  /** Gives {@code event}, which came of a request of {@code sender}, the next number. */
  public NumberedEvent number(TrackerEvent event, @Nullable Requester sender) {
    return new NumberedEvent(
        node, last.incrementAndGet(), event, names, sender == null ? null : sourceOf(sender));
  }

  private @Nullable Source sourceOf(Requester sender) {
    Identity identity = sender.authState() instanceof Authenticated known ? known.identity() : null;
    return identity == null && !prefixes
        ? null
        : new Source(
            identity, prefixes ? sender.ip() : null, prefixes ? asns.applyAsLong(sender.ip()) : 0);
  }

  /**
   * What is told of who sent a request; immutable.
   *
   * @param identity that has been proved, null if none
   * @param ip whose network is told, null if it is not
   * @param asn of the autonomous system that it is in, 0 if that is not known or not told
   */
  record Source(@Nullable Identity identity, @Nullable IpAddress ip, long asn) {
    private static final int V4_BITS = 24;
    private static final int V6_BITS = 48;

    private void describe(MemberWriter json, PeerNames names, long atMs) {
      String name =
          identity == null
              ? null
              : names.nameOf(Named.IDENTITY, identity.scheme() + ":" + identity.name(), atMs);
      if (name != null) {
        json.put("identity", name);
      }
      if (ip != null) {
        json.put("ip_prefix", IpPrefix.of(ip, V4_BITS, V6_BITS).toString());
      }
      if (asn != 0) {
        json.put("asn", asn);
      }
    }
  }

  /**
   * An event as it is published; immutable.
   *
   * @param node the process that publishes it
   * @param seq its number there
   * @param names what its peer is called
   * @param source who has sent the request that it came of, null if nothing is told of that
   */
  public record NumberedEvent(
      String node, long seq, TrackerEvent event, PeerNames names, @Nullable Source source)
      implements EventInterest.Facts {

    @Override
    public String node() {
      return node;
    }

    @Override
    public String kind() {
      return event.kind();
    }

    @Override
    public String peerName() {
      String name = event.peerId().isEmpty() ? null : names.nameOf(event.peerId(), event.atMs());
      return name == null ? "" : name;
    }

    @Override
    public List<String> swarmIds() {
      return event.swarmIds();
    }

    /** Writes the members of the documented JSON form. */
    void tell(MemberWriter json) {
      json.put("v", VERSION).put("node", node).put("seq", seq);
      EventMembers.putKind(json, event.kind(), event.atMs(), peerName());
      event.describe(json);
      if (event.peerId().isEmpty()) {
        return;
      }
      json.put("protocol", TorrentIds.protocolOf(event.peerId()));
      if (source != null) {
        source.describe(json, names, event.atMs());
      }
    }

    /** Returns the documented JSON form in UTF-8. */
    public byte[] toText() {
      return MemberWriter.ToText.of(this::tell);
    }

    /** Returns the documented JSON form. */
    public JsonObject toJson() {
      JsonObject json = new JsonObject();
      tell(MemberWriter.into(json));
      return json;
    }
  }
}
