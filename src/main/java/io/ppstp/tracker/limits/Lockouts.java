package io.ppstp.tracker.limits;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Clients that failed to authenticate too often, and for how long their guesses are turned away.
 * Bound to addresses only: nobody can lock an identity out from elsewhere. Thread-safe, of fixed
 * size.
 *
 * <p>Many share an address, and good credentials pass while it is locked out: those of an account
 * that has proved itself from there within the hour on a budget of its own, others on one that all
 * of them share. A budget is so many failures per lock-out as lock out. What turns out to be good,
 * or to be no guess, costs nothing.
 */
public final class Lockouts {
  /** Locks nobody out. */
  public static final Lockouts NONE = Limits.unbounded().lockouts();

  private static final long REMEMBERED_NS = Duration.ofHours(1).toNanos();

  private final Supplier<LimitRules> rules;
  private final LongSupplier nowNs;
  private final Runnable turnedAway;
  private final KeyHash hash;
  private final TimeTable failing;
  private final TimeTable locked;
  private final TimeTable proved;
  private final TimeTable budgets;

  /**
   * Makes a set of clients that is empty.
   *
   * @param turnedAway told of each trial that may not be made
   * @param clients places in each table
   */
  Lockouts(
      Supplier<LimitRules> rules,
      LongSupplier nowNs,
      Runnable turnedAway,
      KeyHash hash,
      int clients) {
    this.rules = rules;
    this.nowNs = nowNs;
    this.turnedAway = turnedAway;
    this.hash = hash;
    this.failing = new TimeTable(clients);
    this.locked = new TimeTable(clients);
    this.proved = new TimeTable(2 * clients);
    this.budgets = new TimeTable(clients);
  }

  /**
   * Asks whether credentials of {@code client} may be looked at.
   *
   * @param account whom they say they are of, which is not proved yet
   */
  public CredentialTrial trial(Client client, String account) {
    LimitRules now = rules.get();
    LimitRules.LockOut rule = now.lockOut();
    if (rule.failures() == 0 || now.exempts(client)) {
      return CredentialTrial.FREE;
    }
    long clientKey = hash.of(now.prefixOf(client));
    long accountKey = hash.of(clientKey, account);
    long timeNs = nowNs.getAsLong();
    long remainingNs = locked.remaining(clientKey, timeNs);
    if (remainingNs == 0) {
      return new CredentialTrial(this, clientKey, accountKey, 0, Duration.ZERO);
    }
    long budget = proved.remaining(accountKey, timeNs) > 0 ? accountKey : clientKey;
    long costNs = budgetCostNs(rule);
    if (budgets.charge(budget, timeNs, costNs, costNs * rule.failures()) > 0) {
      turnedAway.run();
      return new CredentialTrial(
          null, clientKey, accountKey, 0, Duration.ofNanos(Math.max(1, remainingNs)));
    }
    return new CredentialTrial(this, clientKey, accountKey, budget, Duration.ZERO);
  }

  private static long budgetCostNs(LimitRules.LockOut rule) {
    return Math.max(1, rule.duration().toNanos() / rule.failures());
  }

  void giveBack(long budget) {
    LimitRules.LockOut rule = rules.get().lockOut();
    if (budget != 0 && rule.failures() > 0) {
      budgets.giveBack(budget, budgetCostNs(rule));
    }
  }

  void remember(long account) {
    proved.extend(account, nowNs.getAsLong(), REMEMBERED_NS);
  }

  boolean failed(long client) {
    LimitRules.LockOut rule = rules.get().lockOut();
    if (rule.failures() == 0) {
      return false;
    }
    long costNs = rule.window().toNanos() / rule.failures();
    // One less than allowed may be owed at a time: the last of them locks the client out.
    long mostNs = costNs * (rule.failures() - 1L);
    long timeNs = nowNs.getAsLong();
    return failing.charge(client, timeNs, costNs, mostNs) > 0
        && locked.begin(client, timeNs, rule.duration().toNanos());
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
