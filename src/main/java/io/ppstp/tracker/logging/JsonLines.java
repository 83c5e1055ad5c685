package io.ppstp.tracker.logging;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;

/**
 * Writes an event as one JSON object in one line: {@code timestamp} in epoch milliseconds, {@code
 * level}, {@code threadName}, {@code loggerName}, {@code formattedMessage}, and {@code throwable}
 * and {@code kvpList} where there are such. What would be longer than {@value #MOST_BYTES} bytes is
 * cut. Thread-safe once started.
 */
final class JsonLines extends JsonEncoder {
  static final int MOST_BYTES = 32 << 10;

  /** Each may take six bytes. */
  private static final int MOST_CHARACTERS = 4096;

  JsonLines() {
    setWithSequenceNumber(false);
    setWithNanoseconds(false);
    setWithContext(false);
    setWithMarkers(false);
    setWithMDC(false);
    setWithMessage(false);
    setWithArguments(false);
    setWithFormattedMessage(true);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    byte[] line = super.encode(event);
    return line.length <= MOST_BYTES ? line : super.encode(cut(event));
  }

  private static ILoggingEvent cut(ILoggingEvent event) {
    LoggingEvent cut = new LoggingEvent();
    cut.setTimeStamp(event.getTimeStamp());
    cut.setLevel(event.getLevel());
    cut.setThreadName(shortened(event.getThreadName(), MOST_CHARACTERS / 16));
    cut.setLoggerName(shortened(event.getLoggerName(), MOST_CHARACTERS / 16));
    IThrowableProxy failure = event.getThrowableProxy();
    String why =
        failure == null
            ? ""
            : " (" + failure.getClassName() + ": " + shortened(text(failure), 512) + ")";
    cut.setMessage(shortened(event.getFormattedMessage(), MOST_CHARACTERS - 1024) + why);
    return cut;
  }

  private static String text(IThrowableProxy failure) {
    return String.valueOf(failure.getMessage());
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "... (cut)";
  }
}
