package io.ppstp.tracker.ingress.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Judges the {@code Content-Type} of requests (RFC 7846, Section 4). Stateless. */
public final class MediaTypes {
  /** The registered type of all PPSTP messages (Section 8.1). */
  public static final String PPSTP = "application/ppsp-tracker+json";

  private static final String JSON = "application/json";

  /** What a request's media type is to us. */
  public enum Match {
    EXACT,
    /** Plain JSON, or nothing stated: clients in the field send those. */
    TOLERATED,
    FOREIGN
  }

  private MediaTypes() {}

  public static Match judge(@Nullable String contentType) {
    if (contentType == null) {
      return Match.TOLERATED;
    }
    if (contentType.equals(PPSTP)) {
      return Match.EXACT;
    }
    String[] parts = contentType.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      if (isForeignCharset(parts[i].trim().toLowerCase(Locale.ROOT))) {
        return Match.FOREIGN;
      }
    }
    return switch (parts[0].trim().toLowerCase(Locale.ROOT)) {
      case PPSTP -> Match.EXACT;
      case JSON -> Match.TOLERATED;
      default -> Match.FOREIGN;
    };
  }

  private static boolean isForeignCharset(String parameter) {
    if (!parameter.startsWith("charset")) {
      return false;
    }
    String value = parameter.substring(parameter.indexOf('=') + 1).replace("\"", "").trim();
    return !value.equals("utf-8") && !value.equals("utf8");
  }
}
