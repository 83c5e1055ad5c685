package io.ppstp.tracker.app.process;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads values of the command line in the spelling of the settings. Stateless. */
public final class CommandLineValues {
  private CommandLineValues() {}

  /** Reads durations above zero. Stateless. */
  public static final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
      Matcher matcher = DURATION.matcher(text);
      if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
        throw new TypeConversionException(
            "'" + text + "' is not a duration; write 500ms, 10s, 3m or 1h");
      }
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
  }

  /** Reads sizes in bytes above zero. Stateless. */
  public static final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)?");

    @Override
    public Long convert(String text) {
      Matcher matcher = SIZE.matcher(text);
      if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
        throw new TypeConversionException(
            "'" + text + "' is not a size; write 64KiB, 1MiB or a number of bytes");
      }
      String unit = matcher.group(2);
      int shift = unit == null ? 0 : 10 * List.of("B", "KiB", "MiB", "GiB").indexOf(unit);
      return Long.parseLong(matcher.group(1)) << shift;
    }
  }

  /**
   * Reads a URL. What is none becomes an empty one, which is refused later: were it refused here it
   * would be said again, and it may hold a secret. Stateless.
   */
  public static final class UrlConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return new URI(text);
      } catch (URISyntaxException e) {
        return URI.create("");
      }
    }
  }
}
