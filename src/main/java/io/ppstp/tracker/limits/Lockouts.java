package io.ppstp.tracker.limits;

import io.ppstp.tracker.limits.LimitRules.Client;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that failed to authenticate too often, and for how long their guesses are turned away.
 * Bound to addresses only: nobody can lock an identity out from elsewhere. Thread-safe, of fixed
 * size.
 *
 * <p>Many share an address, and good credentials pass while it is locked out: those of an account
 * that has proved itself from there within the hour on a budget of its own, others on one that all
 * of them share. A budget is so many failures per lock-out as lock out. What turns out to be good,
 * or to be no guess, costs nothing. Networks of IPv6 are locked out like clients, by more failures.
 */
public final class Lockouts {
  /** Locks nobody out. */
  public static final Lockouts NONE =
      new Lockouts(() -> LimitRules.NONE, System::nanoTime, () -> {}, new KeyHash(0), 1);

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
    long networkKey = hash.ofNullable(now.networkOf(client));
    long accountKey = hash.of(clientKey, account);
    long timeNs = nowNs.getAsLong();
    long clientNs = locked.remaining(clientKey, timeNs);
    long networkNs = networkKey == 0 ? 0 : locked.remaining(networkKey, timeNs);
    CredentialTrial.TrialKeys keys =
        new CredentialTrial.TrialKeys(clientKey, networkKey, accountKey);
    if (clientNs == 0 && networkNs == 0) {
      return new CredentialTrial(this, keys, CredentialTrial.Budgets.NONE, Duration.ZERO);
    }
    CredentialTrial.Budgets budgets =
        proved.remaining(accountKey, timeNs) > 0
            ? new CredentialTrial.Budgets(accountKey, 0)
            : new CredentialTrial.Budgets(
                clientNs > 0 ? clientKey : 0, networkNs > 0 ? networkKey : 0);
    if (charge(budgets, now, timeNs)) {
      return new CredentialTrial(this, keys, budgets, Duration.ZERO);
    }
    turnedAway.run();
    Duration remaining = Duration.ofNanos(Math.max(clientNs, networkNs));
    return new CredentialTrial(null, keys, CredentialTrial.Budgets.NONE, remaining);
  }

  private boolean charge(CredentialTrial.Budgets charged, LimitRules now, long timeNs) {
    if (!charge(charged.own(), now.lockOut().failures(), now, timeNs)) {
      return false;
    }
    if (charge(charged.network(), networkFailures(now), now, timeNs)) {
      return true;
    }
    giveBack(charged.own(), now.lockOut().failures(), now);
    return false;
  }

  private boolean charge(long budget, int failures, LimitRules now, long timeNs) {
    long costNs = budgetCostNs(failures, now);
    return budget == 0 || budgets.charge(budget, timeNs, costNs, costNs * failures) == 0;
  }

  private static long budgetCostNs(int failures, LimitRules now) {
    return Math.max(1, now.lockOut().duration().toNanos() / failures);
  }

  private static int networkFailures(LimitRules now) {
    return now.ofNetwork(now.lockOut().failures());
  }

  void giveBack(CredentialTrial.Budgets charged) {
    LimitRules now = rules.get();
    giveBack(charged.own(), now.lockOut().failures(), now);
    giveBack(charged.network(), networkFailures(now), now);
  }

  private void giveBack(long budget, int failures, LimitRules now) {
    if (budget != 0 && failures > 0) {
      budgets.giveBack(budget, budgetCostNs(failures, now));
    }
  }

  void remember(long account) {
    proved.extend(account, nowNs.getAsLong(), REMEMBERED_NS);
  }

  boolean failed(CredentialTrial.TrialKeys keys) {
    LimitRules now = rules.get();
    if (now.lockOut().failures() == 0) {
      return false;
    }
    boolean client = failed(keys.client(), now.lockOut().failures(), now.lockOut());
    boolean network = failed(keys.network(), networkFailures(now), now.lockOut());
    return client || network;
  }

  private boolean failed(long key, int failures, LimitRules.LockOut rule) {
    if (key == 0) {
      return false;
    }
    long costNs = Math.max(1, rule.window().toNanos() / failures);
    // One less than allowed may be owed at a time: the last of them locks the client out.
    long mostNs = costNs * (failures - 1L);
    long timeNs = nowNs.getAsLong();
    return failing.charge(key, timeNs, costNs, mostNs) > 0
        && locked.begin(key, timeNs, rule.duration().toNanos());
  }

  /** Returns for how long {@code client} is locked out; zero if it is not. */
  public Duration remaining(Client client) {
    LimitRules now = rules.get();
    if (now.lockOut().failures() == 0 || now.exempts(client)) {
      return Duration.ZERO;
    }
    long timeNs = nowNs.getAsLong();
    long network = hash.ofNullable(now.networkOf(client));
    long networkNs = network == 0 ? 0 : locked.remaining(network, timeNs);
    return Duration.ofNanos(
        Math.max(networkNs, locked.remaining(hash.of(now.prefixOf(client)), timeNs)));
  }

  /** Returns how many clients are locked out now, as far as the table goes. */
  public int count() {
    return locked.occupied(nowNs.getAsLong());
  }

  /**
   * Leave to look at the credentials of one request, or none. To be settled by one of its methods
   * once it is known what the credentials are worth. Confined to one caller at a time.
   */
  public static final class CredentialTrial {
    /** Of somebody whose credentials may always be looked at. */
    static final CredentialTrial FREE =
        new CredentialTrial(null, new TrialKeys(0, 0, 0), Budgets.NONE, Duration.ZERO);

    private final @Nullable Lockouts lockouts;
    private final TrialKeys keys;
    private final Budgets charged;
    private final Duration remaining;

    /**
     * Whose trial it is, by hashes.
     *
     * @param client who makes it
     * @param network that the client is part of; 0 if that does not count
     * @param account whom the credentials say they are of, at that client
     */
    record TrialKeys(long client, long network, long account) {}

    /**
     * The budgets that a trial was charged to, by hashes; 0 for none.
     *
     * @param own of the account, or of the client
     * @param network of the client's network
     */
    record Budgets(long own, long network) {
      static final Budgets NONE = new Budgets(0, 0);
    }

    /**
     * Makes a trial.
     *
     * @param lockouts told of how it ends; null for nobody
     * @param remaining zero if the credentials may be looked at
     */
    CredentialTrial(
        @Nullable Lockouts lockouts, TrialKeys keys, Budgets charged, Duration remaining) {
      this.lockouts = lockouts;
      this.keys = keys;
      this.charged = charged;
      this.remaining = remaining;
    }

    /**
     * Returns zero if the credentials may be looked at, else for how long the client is locked out.
     */
    public Duration remaining() {
      return remaining;
    }

    /** The credentials are good. */
    public void proved() {
      if (lockouts != null) {
        lockouts.giveBack(charged);
        lockouts.remember(keys.account());
      }
    }

    /** The credentials are no good, but cannot have been a guess; or nobody can tell. */
    public void undecided() {
      if (lockouts != null) {
        lockouts.giveBack(charged);
      }
    }

    /**
     * The credentials were as wrong as a guess is.
     *
     * @return whether the client or its network is locked out from now on, and was not before
     */
    public boolean failed() {
      return lockouts != null && lockouts.failed(keys);
    }
  }
}
