package io.ppstp.tracker.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts bytes that a node holds for its clients, up to a bound: of request bodies until they are
 * answered, or of answers until they are read. Thread-safe.
 */
public final class ByteBudget {
  private final AtomicLong bytes = new AtomicLong();
  private volatile long maximum;
  private volatile boolean pressed;

  /** Allows {@code maximum} bytes at a time. */
  public ByteBudget(long maximum) {
    this.maximum = maximum;
  }

  /** Returns the number of bytes now held. */
  public long count() {
    return bytes.get();
  }

  /** Allows {@code most} bytes at a time from now on. */
  public void limit(long most) {
    maximum = most;
  }

  /** Returns a share of it for one event loop. */
  Share share() {
    return new Share(this);
  }

  /**
   * Takes room for as many bytes as are wanted, or at least as are needed, and returns for how
   * many.
   */
  private long take(long needed, long wanted) {
    if (bytes.addAndGet(wanted) <= maximum) {
      return wanted;
    }
    if (bytes.addAndGet(needed - wanted) <= maximum) {
      return needed;
    }
    bytes.addAndGet(-needed);
    pressed = true;
    return 0;
  }

  /** Returns whether room has been missing since most of it was in use. */
  boolean isPressed() {
    if (pressed && bytes.get() <= maximum / 2) {
      pressed = false;
    }
    return pressed;
  }

  /**
   * What one event loop holds. It takes room by the piece and keeps what it does not need for a
   * moment, so that event loops seldom write to the same memory. Confined to its event loop.
   */
  static final class Share {
    private static final int PIECE = 32 << 10;

    private final ByteBudget whole;
    private long taken;
    private long used;

    private Share(ByteBudget whole) {
      this.whole = whole;
    }

    /** Takes room for {@code more} bytes and returns whether there was any. */
    boolean tryAcquire(int more) {
      long missing = used + more - taken;
      if (missing > 0) {
        long got = whole.take(missing, Math.max(missing, PIECE));
        if (got == 0) {
          return false;
        }
        taken += got;
      }
      used += more;
      return true;
    }

    /** Takes room for a few bytes although there may be none. */
    void acquire(int more) {
      used += more;
      if (used > taken) {
        whole.bytes.addAndGet(used - taken);
        taken = used;
      }
    }

    void release(int fewer) {
      used -= fewer;
      if (taken - used > 2 * PIECE) {
        giveBack(taken - used - PIECE);
      }
    }

    /** Gives back what is not needed; called several times a second. */
    void sweep() {
      giveBack(taken - used);
    }

    private void giveBack(long idle) {
      if (idle > 0) {
        whole.bytes.addAndGet(-idle);
        taken -= idle;
      }
    }

    boolean isPressed() {
      return whole.isPressed();
    }
  }
}
