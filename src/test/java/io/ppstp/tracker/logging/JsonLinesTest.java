package io.ppstp.tracker.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private final LoggerContext context = new LoggerContext();

  private String line(String message, @Nullable Throwable failure) {
    JsonLines lines = new JsonLines();
    lines.setContext(context);
    lines.start();
    return new String(
        lines.encode(
            new LoggingEvent(
                "here", context.getLogger("io.ppstp.Some"), Level.WARN, message, failure, null)),
        UTF_8);
  }

  /** Returns what a line says, which is one JSON object in one line and no more. */
  private static JsonNode read(String line) throws Exception {
    assertEquals(line.length() - 1, line.indexOf('\n'), line);
    assertTrue(line.getBytes(UTF_8).length <= JsonLines.MOST_BYTES);
    return Json.parse(line);
  }

  @Test
  void whateverIsSaidIsOneObjectInOneLine() throws Exception {
    String hostile = "a\nb\r\"}{\u0000\u001b[2J\u2028c\\";
    JsonNode said = read(line(hostile, null));
    assertEquals("WARN", said.path("level").asText());
    assertEquals("io.ppstp.Some", said.path("loggerName").asText());
    assertEquals(hostile, said.path("formattedMessage").asText());
  }

  @Test
  void aFailureIsInTheSameLine() throws Exception {
    JsonNode said = read(line("it failed", new IllegalStateException("why\nnot")));
    assertEquals("why\nnot", said.at("/throwable/message").asText());
    assertTrue(said.at("/throwable/stepArray").size() > 0);
  }

  @Test
  void whatIsTooLongIsCut() throws Exception {
    JsonNode said = read(line("\u0001".repeat(100_000), null));
    assertTrue(said.path("formattedMessage").asText().endsWith("... (cut)"));
    IllegalStateException cause = new IllegalStateException("why");
    for (int i = 0; i < 300; i++) {
      cause = new IllegalStateException("level " + i, cause);
    }
    said = read(line("deep", cause));
    assertEquals(
        "deep (java.lang.IllegalStateException: level 299)",
        said.path("formattedMessage").asText());
  }
}
