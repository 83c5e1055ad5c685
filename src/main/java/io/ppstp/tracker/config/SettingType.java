package io.ppstp.tracker.config;

import io.ppstp.tracker.config.Setting.RawValue;
import io.ppstp.tracker.config.text.Hosts;
import io.ppstp.tracker.config.text.PortRanges;
import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.config.text.Urls;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a setting is read, and which values are allowed. Immutable.
 *
 * @param <T> the type of the value in {@link TrackerConfig}
 */
public final class SettingType<T> {
  // No leading zeros: YAML 1.1 reads 010 as eight, people as ten.
  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)?");
  private static final String NAME = "[A-Za-z0-9._-]{1,64}";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.-]+");

  /** Far beyond any sensible timer, and far below where milliseconds or nanoseconds overflow. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final String noun;
  private final String advice;
  private final ValueReader<T> reader;

  /** Reads the items of a value; a value that is no list has one. */
  private interface ValueReader<T> {
    @Nullable T read(RawValue raw, Consumer<String> bad);
  }

  /** Reads one piece of text, or returns null if it is not allowed. */
  interface Parser<T> {
    @Nullable T parse(String text);
  }

  private SettingType(String noun, String advice, ValueReader<T> reader) {
    this.noun = noun;
    this.advice = advice;
    this.reader = reader;
  }

  /** Returns which values are allowed, such as {@code true or false}. */
  public String expectation() {
    return advice.isEmpty() ? noun : noun + ": " + advice;
  }

  /**
   * Reads {@code raw}; of a value that is not allowed it tells {@code fault} why and what would be
   * right, and returns null.
   */
  @Nullable T read(RawValue raw, Consumer<String> fault) {
    String hint = advice.isEmpty() ? "" : "; write " + advice;
    return reader.read(
        raw,
        bad ->
            fault.accept(
                bad.isEmpty()
                    ? "has no value; write " + (advice.isEmpty() ? noun : advice)
                    : Texts.quoted(bad) + " is not " + noun + hint));
  }

  /** A type written as one value, never as a list. */
  static <T> SettingType<T> scalar(String noun, String advice, Parser<T> parser) {
    return new SettingType<>(
        noun,
        advice,
        (raw, bad) -> {
          if (raw.list()) {
            bad.accept("[" + String.join(", ", raw.items()) + "]");
            return null;
          }
          String text = raw.items().get(0).strip();
          T value = parser.parse(text);
          if (value == null) {
            bad.accept(text);
          }
          return value;
        });
  }

  /** Returns a type of what {@code make} makes of values of this one; of null is none allowed. */
  <U> SettingType<U> as(Function<T, @Nullable U> make) {
    return new SettingType<>(
        noun,
        advice,
        (raw, bad) -> {
          T read = reader.read(raw, bad);
          U made = read == null ? null : make.apply(read);
          if (read != null && made == null) {
            bad.accept(String.join(",", raw.items()));
          }
          return made;
        });
  }

  /**
   * A list of texts that each satisfy {@code allowed}: a YAML list, or text with commas between.
   */
  static SettingType<List<String>> list(String noun, String advice, Predicate<String> allowed) {
    return new SettingType<>(
        noun,
        advice,
        (raw, bad) -> {
          Stream<String> written =
              raw.list()
                  ? raw.items().stream()
                  : Arrays.stream(raw.items().get(0).split(",", -1)).filter(s -> !s.isBlank());
          List<String> good = new ArrayList<>();
          List<String> wrong = new ArrayList<>();
          written.map(String::strip).forEach(s -> (allowed.test(s) ? good : wrong).add(s));
          wrong.forEach(bad);
          return wrong.isEmpty() ? List.copyOf(good) : null;
        });
  }

  /** Addresses and ranges of them, such as {@code 192.0.2.0/24}. */
  static SettingType<List<String>> cidrs() {
    return list(
        "an address or a range",
        "addresses such as ::1, and ranges such as 192.0.2.0/24",
        Hosts::isRange);
  }

  /** Ports and ranges of them, such as {@code 1-79}. */
  static SettingType<List<String>> ports() {
    return list(
        "a port or a range of ports",
        "ports such as 53, and ranges such as 1-79, from 1 to 65535",
        PortRanges::isRange);
  }

  /** Truth, as {@code true} or {@code false}. */
  static SettingType<Boolean> bool() {
    return scalar(
        "true or false",
        "",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> Boolean.TRUE;
              case "false" -> Boolean.FALSE;
              default -> null;
            });
  }

  /** A whole number in a range that fits an {@code int}. */
  static SettingType<Integer> integer(int least, int most) {
    return whole(least, most, Long::intValue);
  }

  /** A whole number in a range that needs a {@code long}; neither end is beyond 18 digits. */
  static SettingType<Long> longInteger(long least, long most) {
    return whole(least, most, number -> number);
  }

  private static <T> SettingType<T> whole(long least, long most, Function<Long, T> narrow) {
    return scalar(
        "a whole number from " + least + " to " + most,
        "",
        text -> {
          if (!WHOLE.matcher(text).matches()) {
            return null;
          }
          long number = Long.parseLong(text);
          return number < least || number > most ? null : narrow.apply(number);
        });
  }

  /** A time longer than zero, at most a year, in whole milliseconds. */
  static SettingType<Duration> duration() {
    return duration("500ms, 10s, 3m or 1h (longer than 0, at most 8760h)", Duration.ofMillis(1));
  }

  /** As {@link #duration()}, or none at all. */
  static SettingType<Duration> durationOrZero() {
    return duration("0s, 500ms, 10s, 3m or 1h (at most 8760h)", Duration.ZERO);
  }

  private static SettingType<Duration> duration(String spellings, Duration least) {
    return scalar(
        "a duration",
        spellings,
        text -> {
          Matcher matcher = DURATION.matcher(text);
          if (!matcher.matches()) {
            return null;
          }
          long amount = Long.parseLong(matcher.group(1));
          Duration duration =
              switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
              };
          boolean fits = duration.compareTo(least) >= 0 && duration.compareTo(LONGEST) <= 0;
          return fits ? duration : null;
        });
  }

  /** A number of bytes in a range whose ends are written as the value is. */
  static SettingType<Integer> bytes(String least, String most) {
    long from = byteCount(least);
    long to = byteCount(most);
    return scalar(
        "a size from " + least + " to " + most,
        "64KiB, 1MiB or a plain number of bytes",
        text -> {
          long count = byteCount(text);
          return count < from || count > to ? null : Math.toIntExact(count);
        });
  }

  /** Returns the number of bytes that {@code text} says, or -1 if it says none. */
  private static long byteCount(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      return -1;
    }
    String unit = matcher.group(2);
    int shift = unit == null ? 0 : 10 * List.of("B", "KiB", "MiB", "GiB").indexOf(unit);
    return Long.parseLong(matcher.group(1)) << shift;
  }

  /** One constant of an enum, written in lower case with dashes. */
  static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    return scalar(
        "one of " + constants.stream().map(SettingType::text).collect(Collectors.joining(", ")),
        "",
        text -> constants.stream().filter(e -> text(e).equals(text)).findFirst().orElse(null));
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A host name or an IP address, without port, scheme or brackets; the name is not looked up. */
  static SettingType<String> host() {
    return scalar(
        "a host",
        "a host name or an IP address, without port, scheme or brackets",
        text -> HOST.matcher(text).matches() || Hosts.isIpv6(text) ? text : null);
  }

  /** A host that may be left out; empty text is none. */
  static SettingType<Optional<String>> optionalHost() {
    return scalar(
        "a host",
        "a host name or an IP address, without port, scheme or brackets",
        text -> {
          if (text.isEmpty()) {
            return Optional.empty();
          }
          boolean valid = HOST.matcher(text).matches() || Hosts.isIpv6(text);
          return valid ? Optional.of(text) : null;
        });
  }

  /** A name of letters, digits, dots, dashes and underscores. */
  static SettingType<String> name() {
    return scalar(
        "a name",
        "letters, digits, dots, dashes and underscores, at most 64",
        text -> text.matches(NAME) ? text : null);
  }

  /** A name as {@link #name} reads it that may be left out; empty text is none. */
  static SettingType<Optional<String>> optionalName() {
    SettingType<String> name = name();
    return scalar(
        name.noun,
        name.advice,
        text -> text.isEmpty() ? Optional.empty() : text.matches(NAME) ? Optional.of(text) : null);
  }

  /** Printable text without spaces, such as a URL or a name; empty text is none. */
  static SettingType<Optional<String>> optionalText() {
    return scalar(
        "a text",
        "letters, digits and signs of ASCII without spaces",
        text ->
            text.isEmpty()
                ? Optional.empty()
                : text.matches("[\\x21-\\x7E]{1,2048}") ? Optional.of(text) : null);
  }

  /** The URL of a server, http or https; empty text is none. */
  static SettingType<Optional<URI>> optionalUrl() {
    return scalar(
        "a URL",
        "an http or https URL with a host, such as https://login.example/introspect",
        text -> {
          Optional<URI> url = Urls.parse(text);
          return text.isEmpty() || url.isPresent() ? url : null;
        });
  }

  /** A realm of HTTP authentication: text that needs no escapes between quotes. */
  static SettingType<String> realm() {
    return scalar(
        "a realm",
        "printable ASCII without quotes and backslashes, at most 128 characters",
        text -> text.matches("[ -~&&[^\"\\\\]]{1,128}") && !text.isBlank() ? text : null);
  }

  /** A path to a file, relative to the working directory; empty text is no path. */
  static SettingType<Optional<Path>> optionalPath() {
    return scalar(
        "a path to a file",
        "a path that this locale's encoding has the characters of, or set LC_ALL=C.UTF-8",
        text -> {
          try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
          } catch (InvalidPathException e) {
            return null;
          }
        });
  }

  static SettingType<Integer> port() {
    return integer(0, 65_535);
  }
}
