package io.ppstp.tracker.simulate;

import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.simulate.PeerMessages.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One virtual viewer, and what it says. Confined to the simulation's event loop.
 *
 * <p>Its address is of the block set aside for tests of networks (RFC 2544): nobody is there.
 */
final class VirtualPeer {
  private static final int LOWEST_PORT = 10_000;
  private static final int PORTS = 50_000;

  final PeerConnection line;
  private final String id;
  private final Candidate address;
  private int channel;
  private long transactions;
  private long downloaded;
  private boolean gone;
  private int open;
  private @Nullable Runnable lastly;

  /** Since when the tracker has it in its channel, as {@link Truth} has the time; 0 if nowhere. */
  long joinedMs;

  /** When its last request was sent. */
  long sentMs;

  /** When its last request was sent that was granted: about when the tracker took it. */
  long heardMs;

  /** How much later than {@link #heardMs} the answer came: within that time the tracker took it. */
  long heardWithinMs;

  /** The same of {@link #joinedMs}. */
  long joinedWithinMs;

  VirtualPeer(String prefix, long number, int channel, PeerConnection line) {
    this.id = prefix + Long.toHexString(number);
    this.address =
        new Candidate(
            "198.%d.%d.%d".formatted(18 + (number >>> 16 & 1), number >>> 8 & 0xff, number & 0xff),
            LOWEST_PORT + (int) ((number >>> 17) % PORTS));
    this.channel = channel;
    this.line = line;
  }

  boolean isGone() {
    return gone;
  }

  void go() {
    gone = true;
  }

  int channel() {
    return channel;
  }

  /** Notes that a request is under way. */
  void asks() {
    open++;
  }

  /** Notes that one is no more. */
  void isAnswered() {
    open--;
    Runnable task = lastly;
    if (open == 0 && task != null) {
      lastly = null;
      task.run();
    }
  }

  /** Runs {@code task} when no request is under way: now, or later. */
  void afterAll(Runnable task) {
    if (open == 0) {
      task.run();
    } else {
      lastly = task;
    }
  }

  private String transaction() {
    return Long.toString(++transactions);
  }

  /** Returns the swarm of a channel. */
  static String swarm(int channel) {
    return "channel-" + channel;
  }

  private static SwarmAction join(int channel) {
    return new SwarmAction(swarm(channel), Action.JOIN, PeerMode.LEECH);
  }

  private static SwarmAction leave(int channel) {
    return new SwarmAction(swarm(channel), Action.LEAVE, PeerMode.LEECH);
  }

  byte[] arrival() {
    return PeerMessages.connect(id, transaction(), address, -1, List.of(join(channel)));
  }

  byte[] departure() {
    return PeerMessages.connect(id, transaction(), null, -1, List.of(leave(channel)));
  }

  byte[] change(int to) {
    List<SwarmAction> actions = List.of(leave(channel), join(to));
    channel = to;
    // Bytes are counted by swarm.
    downloaded = 0;
    return PeerMessages.connect(id, transaction(), address, -1, actions);
  }

  byte[] find() {
    return PeerMessages.find(id, transaction(), swarm(channel), -1);
  }

  /** Returns a report of so many bytes more than in the report before. */
  byte[] report(long downloadedBytes) {
    downloaded += downloadedBytes;
    return PeerMessages.statReport(id, transaction(), swarm(channel), uploaded(), downloaded);
  }

  /** Returns the bytes that it says it has sent: half of those received. */
  long uploaded() {
    return downloaded / 2;
  }
}
