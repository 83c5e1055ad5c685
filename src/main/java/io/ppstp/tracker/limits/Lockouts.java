package io.ppstp.tracker.limits;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Clients that failed to authenticate too often, and for how long they are turned away. Bound to
 * addresses only: nobody can lock an identity out from elsewhere. Thread-safe, of fixed size.
 */
public final class Lockouts {
  /** Locks nobody out. */
  public static final Lockouts NONE = Limits.unbounded().lockouts();

  private final Supplier<LimitRules> rules;
  private final LongSupplier nowNs;
  private final KeyHash hash;
  private final TimeTable failing;
  private final TimeTable locked;

  Lockouts(Supplier<LimitRules> rules, LongSupplier nowNs, KeyHash hash, int clients) {
    this.rules = rules;
    this.nowNs = nowNs;
    this.hash = hash;
    this.failing = new TimeTable(clients);
    this.locked = new TimeTable(clients);
  }

  /**
   * Notes that credentials of {@code client} were no good.
   *
   * @return whether the client is locked out from now on, and was not before
   */
  public boolean failed(Client client) {
    LimitRules now = rules.get();
    LimitRules.LockOut rule = now.lockOut();
    if (rule.failures() == 0 || now.exempts(client)) {
      return false;
    }
    long key = hash.of(now.prefixOf(client));
    long costNs = rule.window().toNanos() / rule.failures();
    // One less than allowed may be owed at a time: the last of them locks the client out.
    long mostNs = costNs * (rule.failures() - 1L);
    if (failing.charge(key, nowNs.getAsLong(), costNs, mostNs) == 0) {
      return false;
    }
    return locked.begin(key, nowNs.getAsLong(), rule.duration().toNanos());
  }

  /** Returns for how long {@code client} is locked out; zero if it is not. */
  public Duration remaining(Client client) {
    LimitRules now = rules.get();
    if (now.lockOut().failures() == 0 || now.exempts(client)) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(locked.remaining(hash.of(now.prefixOf(client)), nowNs.getAsLong()));
  }

  /** Returns how many clients are locked out now, as far as the table goes. */
  public int count() {
    return locked.occupied(nowNs.getAsLong());
  }
}
