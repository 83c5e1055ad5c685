package io.ppstp.tracker.security.bearer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token, read as what they should be: a claim of another type counts as absent.
 * Immutable by agreement.
 */
record Claims(JsonObject json) {

  /** Reads a JSON object, or returns null if {@code json} is none. */
  static @Nullable Claims parse(Buffer json) {
    try {
      return Json.decodeValue(json) instanceof JsonObject object ? new Claims(object) : null;
    } catch (DecodeException e) {
      return null;
    }
  }

  /** Returns a text that is not empty, or null. */
  @Nullable String text(String name) {
    return json.getValue(name) instanceof String text && !text.isEmpty() ? text : null;
  }

  /** Returns whether a claim is there, of whatever type. */
  boolean has(String name) {
    return json.containsKey(name);
  }

  /** Returns whether a claim is the literal {@code true}. */
  boolean isTrue(String name) {
    return Boolean.TRUE.equals(json.getValue(name));
  }

  /** Returns one text or an array of them; what is no text in an array is left out. */
  List<String> texts(String name) {
    if (json.getValue(name) instanceof JsonArray array) {
      return array.stream()
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .filter(text -> !text.isEmpty())
          .toList();
    }
    String text = text(name);
    return text == null ? List.of() : List.of(text);
  }

  /** Returns texts, or one text of words with spaces between (RFC 6749, Section 3.3). */
  List<String> words(String name) {
    String text = text(name);
    return text == null ? texts(name) : Arrays.asList(text.split(" +", -1));
  }

  /**
   * Returns a NumericDate (RFC 7519, Section 2) in milliseconds since the epoch, cut to the range
   * of a {@code long}.
   */
  OptionalLong timeMs(String name) {
    return json.getValue(name) instanceof Number seconds && !Double.isNaN(seconds.doubleValue())
        ? OptionalLong.of((long) (seconds.doubleValue() * 1000))
        : OptionalLong.empty();
  }
}
