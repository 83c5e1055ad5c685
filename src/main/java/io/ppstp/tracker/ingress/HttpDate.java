package io.ppstp.tracker.ingress;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The {@code Date} of answers (RFC 9110, Section 6.6.1), written once a second. Confined to one
 * event loop.
 */
final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private long second;
  private String text;

  HttpDate(InstantSource clock) {
    this.clock = clock;
    Instant now = clock.instant();
    this.second = now.getEpochSecond();
    this.text = IMF_FIXDATE.format(now);
  }

  /** Returns the date of the last {@link #tick}. */
  String text() {
    return text;
  }

  /** Looks at the clock; called several times a second. */
  void tick() {
    Instant now = clock.instant();
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      text = IMF_FIXDATE.format(now);
    }
  }
}
