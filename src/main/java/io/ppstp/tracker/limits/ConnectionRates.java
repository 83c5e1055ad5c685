package io.ppstp.tracker.limits;

import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.limits.LimitRules.Rate;
import java.util.function.LongSupplier;

/**
 * How many new connections a client may make, of fixed size whatever the number of clients: 2 MiB.
 * Thread-safe.
 *
 * <p>A connection to the HTTPS listener counts twice, as a connection and as a handshake, whose
 * cryptography costs the tracker more than it costs the client.
 */
public final class ConnectionRates {
  private static final int CLIENTS = 1 << 16;

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final long originNs;
  private final KeyHash hash;
  private final TimeTable connecting = new TimeTable(CLIENTS);
  private final TimeTable shakingHands = new TimeTable(CLIENTS);
  private volatile Rates rates = new Rates(Rate.UNBOUNDED, Rate.UNBOUNDED);

  private record Rates(Rate connections, Rate handshakes) {}

  /**
   * Makes rates that nobody has used up yet and that bound nothing until {@link #replace}.
   *
   * @param limits say who is one client and who is exempt, and count what is refused
   * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime}
   * @param seed unpredictable, so that nobody can choose addresses that fall together
   */
  public ConnectionRates(Limits limits, LongSupplier nanoTime, long seed) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.originNs = nanoTime.getAsLong() - 1;
    this.hash = new KeyHash(seed);
  }

  /** Puts other rates in force. What was used up stays used up. */
  public void replace(Rate connections, Rate handshakes) {
    rates = new Rates(connections, handshakes);
  }

  /**
   * Returns whether {@code client} may make one more connection just now; a refusal is counted.
   *
   * @param handshake whether TLS is spoken on it
   */
  public boolean tryConnect(Client client, boolean handshake) {
    LimitRules rules = limits.rules();
    if (rules.exempts(client)) {
      return true;
    }
    Rates now = rates;
    long key = hash.of(rules.prefixOf(client));
    return allows(connecting, now.connections(), key, Limit.CONNECTION_RATE)
        && (!handshake || allows(shakingHands, now.handshakes(), key, Limit.HANDSHAKE_RATE));
  }

  private boolean allows(TimeTable table, Rate rate, long key, Limit limit) {
    if (!rate.isBounded()) {
      return true;
    }
    long nowNs = nanoTime.getAsLong() - originNs;
    boolean allowed = table.charge(key, nowNs, rate.costNs(), rate.burstNs()) == 0;
    if (!allowed) {
      limits.hit(limit);
    }
    return allowed;
  }
}
