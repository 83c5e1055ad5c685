package io.ppstp.tracker.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Leave to look at the credentials of one request, or none. To be settled by one of its methods
 * once it is known what the credentials are worth. Confined to one caller at a time.
 */
public final class CredentialTrial {
  /** Of somebody whose credentials may always be looked at. */
  static final CredentialTrial FREE = new CredentialTrial(null, 0, 0, 0, Duration.ZERO);

  private final @Nullable Lockouts lockouts;
  private final long client;
  private final long account;
  private final long charged;
  private final Duration wait;

  /**
   * Makes a trial.
   *
   * @param lockouts told of how it ends; null for nobody
   * @param client the key of who makes it
   * @param account the key of whom the credentials say they are of, at that client
   * @param charged the key of the budget that it was charged to; 0 for none
   * @param wait zero if the credentials may be looked at
   */
  CredentialTrial(
      @Nullable Lockouts lockouts, long client, long account, long charged, Duration wait) {
    this.lockouts = lockouts;
    this.client = client;
    this.account = account;
    this.charged = charged;
    this.wait = wait;
  }

  /**
   * Returns zero if the credentials may be looked at, else for how long the client is locked out.
   */
  public Duration remaining() {
    return wait;
  }

  /** The credentials are good. */
  public void proved() {
    if (lockouts != null) {
      lockouts.giveBack(charged);
      lockouts.remember(account);
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
   * @return whether the client is locked out from now on, and was not before
   */
  public boolean failed() {
    return lockouts != null && lockouts.failed(client);
  }
}
