package io.ppstp.tracker.management;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Answers with a file of the jar, which is in memory from the start on. Thread-safe. */
final class ResourceFile implements Handler<RoutingContext> {
  private final Buffer content;
  private final String type;

  /**
   * Reads a file.
   *
   * @param name under {@code operators}, or from the root of the jar if it begins with a slash
   * @param type its media type
   */
  ResourceFile(String name, String type) {
    this.content = read(name.startsWith("/") ? name : "/operators/" + name);
    this.type = type;
  }

  private static Buffer read(String name) {
    try (InputStream file = ResourceFile.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("not in the jar: " + name);
      }
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void handle(RoutingContext request) {
    request
        .response()
        .putHeader("content-type", type)
        .putHeader("cache-control", "no-cache")
        .putHeader("x-content-type-options", "nosniff")
        .end(content);
  }
}
