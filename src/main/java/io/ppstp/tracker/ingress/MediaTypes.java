package io.ppstp.tracker.ingress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Judges the {@code Content-Type} of requests (RFC 7846, Section 4). Stateless. */
final class MediaTypes {
  /** The registered type of all PPSTP messages (Section 8.1). */
  static final String PPSTP = "application/ppsp-tracker+json";

  private static final String JSON = "application/json";

  /** What a request's media type is to us. */
  enum Verdict {
    EXACT,
    /** Plain JSON, or nothing stated: clients in the field send those. */
    TOLERATED,
    FOREIGN
  }

  private MediaTypes() {}

  static Verdict judge(@Nullable String contentType) {
    if (contentType == null) {
      return Verdict.TOLERATED;
    }
    if (contentType.equals(PPSTP)) {
      return Verdict.EXACT;
    }
    String[] parts = contentType.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      if (isForeignCharset(parts[i].trim().toLowerCase(Locale.ROOT))) {
        return Verdict.FOREIGN;
      }
    }
    return switch (parts[0].trim().toLowerCase(Locale.ROOT)) {
      case PPSTP -> Verdict.EXACT;
      case JSON -> Verdict.TOLERATED;
      default -> Verdict.FOREIGN;
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
