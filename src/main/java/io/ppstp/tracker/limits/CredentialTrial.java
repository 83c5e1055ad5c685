package io.ppstp.tracker.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Leave to look at the credentials of one request, or none. To be settled by one of its methods
 * once it is known what the credentials are worth. Confined to one caller at a time.
 */
public final class CredentialTrial {
  /** Of somebody whose credentials may always be looked at. */
  static final CredentialTrial FREE =
      new CredentialTrial(null, new Keys(0, 0, 0), Budgets.NONE, Duration.ZERO);

  private final @Nullable Lockouts lockouts;
  private final Keys keys;
  private final Budgets charged;
  private final Duration remaining;

  /**
   * Whose trial it is, by hashes.
   *
   * @param client who makes it
   * @param network that the client is part of; 0 if that does not count
   * @param account whom the credentials say they are of, at that client
   */
  record Keys(long client, long network, long account) {}

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
  CredentialTrial(@Nullable Lockouts lockouts, Keys keys, Budgets charged, Duration remaining) {
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
