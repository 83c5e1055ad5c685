package io.ppstp.tracker.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Where the streams of the log go, and in which form: what the tracker says, {@value #AUDIT} and
 * {@value #ACCESS}, each a logger of that name. To be set up once, before anything is logged that
 * is to have the form. Stateless.
 */
public final class LogStreams {
  /** The logger of who was refused, and of what operators do. */
  public static final String AUDIT = "audit";

  /** The logger of requests. */
  public static final String ACCESS = "access";

  private static final FileSize MOST_BYTES = FileSize.valueOf("64MB");
  private static final FileSize MOST_BYTES_OF_ALL = FileSize.valueOf("1GB");
  private static final int MOST_DAYS = 400;

  private LogStreams() {}

  /** Lets every line on the console be one JSON object, a stack trace with it. */
  public static void writeJson() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
      while (appenders.hasNext()) {
        if (appenders.next() instanceof ConsoleAppender<ILoggingEvent> console) {
          console.setEncoder(json(root.getLoggerContext()));
        }
      }
    }
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    JsonLines lines = new JsonLines();
    lines.setContext(context);
    lines.start();
    return lines;
  }

  /** Returns why a file cannot be written to, if it cannot. */
  public static Optional<String> fault(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (file.toString().contains("%")) {
      return Optional.of("has a %, which stands for the day in names of older files");
    } else if (folder == null || !Files.isDirectory(folder)) {
      return Optional.of("is in a folder that does not exist; make it");
    } else if (Files.isDirectory(file)) {
      return Optional.of("is a folder; name a file");
    } else if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      return Optional.of("cannot be written by this process; give its user the right to");
    }
    return Optional.empty();
  }

  /**
   * Lets the audit log go to {@code file} and nowhere else, in the form of the console. A file ends
   * with its day or at 64 MB, and is then kept compressed beside, for 400 days and 1 GB of all.
   *
   * @param file that has no {@linkplain #fault fault}
   */
  public static void writeAudit(Path file, boolean asJson) {
    if (!(LoggerFactory.getLogger(AUDIT) instanceof Logger audit)) {
      return;
    }
    LoggerContext context = audit.getLoggerContext();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName(AUDIT);
    appender.setFile(file.toString());
    appender.setEncoder(asJson ? json(context) : text(context));
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%d{yyyy-MM-dd,UTC}.%i.gz");
    policy.setMaxFileSize(MOST_BYTES);
    policy.setMaxHistory(MOST_DAYS);
    policy.setTotalSizeCap(MOST_BYTES_OF_ALL);
    policy.start();
    appender.setRollingPolicy(policy);
    appender.start();
    audit.addAppender(appender);
    audit.setAdditive(false);
  }

  /** Returns what writes lines as the console has them in {@code logback.xml}. */
  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(context.getProperty("line"));
    text.start();
    return text;
  }
}
