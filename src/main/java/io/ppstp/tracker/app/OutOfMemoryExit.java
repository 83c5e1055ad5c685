package io.ppstp.tracker.app;

/**
 * Ends a process that is out of memory, also one that was started without {@code
 * -XX:+ExitOnOutOfMemoryError}: what goes on in it after that is anybody's guess, and whoever
 * watches it would take it for alive. Thread-safe.
 */
final class OutOfMemoryExit {
  /** As with {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int EXIT_CODE = 3;

  private static final int MOST_CAUSES = 20;

  private static volatile boolean installed;

  private OutOfMemoryExit() {}

  /** Ends the process from now on, also when a thread of it ends by one. */
  static void install() {
    installed = true;
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          ifCausedBy(thrown);
          if (before != null) {
            before.uncaughtException(thread, thrown);
          } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            thrown.printStackTrace();
          }
        });
  }

  /**
   * Ends the process if {@code thrown} is out of memory, or what caused it is; not before {@link
   * #install}, for the process may be somebody else's.
   */
  static void ifCausedBy(Throwable thrown) {
    Throwable cause = installed ? thrown : null;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof OutOfMemoryError) {
        // No log: there may be no memory for a line of it.
        System.err.println("ppstp-tracker: out of memory, the process ends");
        Runtime.getRuntime().halt(EXIT_CODE);
      }
      cause = cause.getCause();
    }
  }
}
