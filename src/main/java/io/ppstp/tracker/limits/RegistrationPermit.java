package io.ppstp.tracker.limits;

/**
 * Leave to register a peer, which has to be settled once it is known what came of it; nothing is to
 * be done if the peer was registered. Confined to one caller at a time.
 */
public final class RegistrationPermit {
  /** Of somebody who needs none. */
  static final RegistrationPermit FREE = new RegistrationPermit(() -> {}, () -> {}, false);

  private final Runnable giveBack;
  private final Runnable remove;
  private final boolean counted;

  /**
   * Makes a permit.
   *
   * @param giveBack undoes that it counts as a new registration
   * @param remove takes the peer from those of its client
   * @param counted whether the peer counts by this permit, and did not before
   */
  RegistrationPermit(Runnable giveBack, Runnable remove, boolean counted) {
    this.giveBack = giveBack;
    this.remove = remove;
    this.counted = counted;
  }

  /** Returns whether the peer counts by this permit, and did not before. */
  public boolean isCounted() {
    return counted;
  }

  /** The peer had been registered before. */
  public void known() {
    giveBack.run();
  }

  /** Nothing came of it: the peer is what it was before. */
  public void refused() {
    giveBack.run();
    if (counted) {
      remove.run();
    }
  }

  /** The peer is registered no longer. */
  public void ended() {
    remove.run();
  }
}
