package io.ppstp.tracker.tap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where events go. One batch at a time; a batch that failed is handed over again, whole. Called
 * from one event loop, and completes there.
 */
public interface Output {
  /**
   * Takes a batch; fails with {@link OutputException}. Once this succeeds the batch is the output's
   * affair.
   *
   * @return how many of its events were taken; the others are {@link #refused}
   */
  Future<Integer> write(Batch batch);

  /** Makes what was taken as safe as this output can; whoever remembers it waits for this. */
  default Future<Void> settle() {
    return Future.succeededFuture();
  }

  /** Returns where it is, if that helps to go on after a crash. */
  default Optional<FilePosition> position() {
    return Optional.empty();
  }

  /** Called about once a second while nothing is being written. */
  default Future<Void> rest() {
    return Future.succeededFuture();
  }

  /** Returns how many events it has given up: its taker refused them for what they are. */
  default long refused() {
    return 0;
  }

  /** Ends it. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }

  /** Makes an output that is in a package of its own. */
  @FunctionalInterface
  interface Maker {
    /**
     * Makes it. May block.
     *
     * @param everTaken whether events of an earlier run were taken
     * @param notes told in words for the user what happens, on any thread
     * @throws TapException if the user has to mend something first
     */
    Output make(Vertx vertx, boolean everTaken, Consumer<String> notes) throws TapException;
  }

  /**
   * A place in a file of events.
   *
   * @param file its name, without folder and without what compression adds
   * @param length bytes of it, uncompressed
   */
  record FilePosition(String file, long length) {}

  /** A batch was not taken. */
  final class OutputException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean fatal;
    private final long waitMs;

    private OutputException(String message, boolean fatal, long waitMs) {
      super(message);
      this.fatal = fatal;
      this.waitMs = waitMs;
    }

    /** Returns one after which the same batch may be tried again. */
    public static OutputException passing(String message) {
      return new OutputException(message, false, 0);
    }

    /** Returns one after which the taker wants to be left alone for a while. */
    static OutputException passing(String message, long waitMs) {
      return new OutputException(message, false, waitMs);
    }

    /** Returns one that the user has to mend. */
    public static OutputException fatal(String message) {
      return new OutputException(message, true, 0);
    }

    boolean isFatal() {
      return fatal;
    }

    /** Returns the least time to wait, in milliseconds. */
    long waitMs() {
      return waitMs;
    }
  }
}
