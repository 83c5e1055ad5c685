package io.ppstp.tracker.app;

/**
 * Ends a process that is out of memory, also one that was started without {@code
 * -XX:+ExitOnOutOfMemoryError}: what goes on in it after that is anybody's guess, and whoever
 * watches it would take it for alive. Stateless.
 */
final class OutOfMemoryExit {
  /** As with {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int EXIT_CODE = 3;

  private static final int MOST_CAUSES = 20;

  private OutOfMemoryExit() {}

  /** Ends the process also when a thread of it ends by one. */
  static void install() {
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

  /** Ends the process if {@code thrown} is out of memory, or what caused it is. */
  static void ifCausedBy(Throwable thrown) {
    Throwable cause = thrown;
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
