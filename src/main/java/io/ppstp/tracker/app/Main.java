package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.LocaleText;
import io.ppstp.tracker.app.process.UnknownArguments;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.nio.charset.Charset;
import java.util.Optional;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;

/** Entry point of the process. */
public final class Main {
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";
  private static final int MANY_CPUS = 2;

  private Main() {}

  /** Runs the command that {@code args} name and exits with its code. */
  public static void main(String[] args) {
    Charset output = LocaleText.widenOutput();
    Optional<String> fault = LocaleText.fault(args, System.getenv());
    if (fault.isPresent()) {
      System.err.println("ppstp-tracker: " + fault.get());
      System.exit(CommandLine.ExitCode.USAGE);
    }
    prepareTls();
    prepareHazelcast();
    takeOthersLogs();
    CommandLine command = new CommandLine(new TrackerCommand());
    System.exit(
        command
            .setParameterExceptionHandler(
                new UnknownArguments(command.getParameterExceptionHandler()))
            // The words of a file named by --header @FILE would be arguments, and said to be bad.
            .setExpandAtFiles(false)
            .setOut(new PrintWriter(System.out, true, output))
            .setErr(new PrintWriter(System.err, true, output))
            .execute(args));
  }

  /**
   * Some libraries log by what Java brings, which would write to standard error in its own form.
   */
  private static void takeOthersLogs() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** A TLS 1.2 client must not make the tracker shake hands again and again (RFC 9325, 3.5). */
  private static void prepareTls() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  /**
   * Settings that Hazelcast reads from system properties only, before its classes and the common
   * pool come to be. With a common pool of one thread it would start a new thread for every answer.
   */
  private static void prepareHazelcast() {
    System.setProperty("hazelcast.logging.type", "slf4j");
    silenceUnsafe();
    if (Runtime.getRuntime().availableProcessors() <= MANY_CPUS
        && System.getProperty(COMMON_POOL) == null) {
      System.setProperty(COMMON_POOL, "2");
    }
  }

  /**
   * Hazelcast looks whether there is {@code sun.misc.Unsafe}, on which JDK 24 and later print four
   * lines to standard error, once. Operators can do nothing about it but to pass {@code
   * --sun-misc-unsafe-memory-access=allow}, which older versions refuse and a manifest cannot hold.
   * So that class is told that it has warned already.
   */
  private static void silenceUnsafe() {
    try {
      Field warned = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
      warned.setAccessible(true);
      warned.setBoolean(null, true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      // This version of Java has no such warning, or it is shown.
    }
  }
}
