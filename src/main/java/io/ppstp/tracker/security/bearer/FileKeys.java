package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.security.bearer.KeySet.KeySource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Keys in a file, which are as new as the file was at the last reload. Thread-safe. */
final class FileKeys implements KeySource, Reloadable {
  private static final int LONGEST = 1 << 20;

  private final Path file;
  private final Vertx vertx;
  private volatile KeySet keys;

  /**
   * Reads {@code file}. Blocks.
   *
   * @throws IOException if it is not good, in words for the operator
   */
  FileKeys(Path file, Vertx vertx) throws IOException {
    this.file = file;
    this.vertx = vertx;
    this.keys = read(file, vertx);
  }

  private static KeySet read(Path file, Vertx vertx) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] json = in.readNBytes(LONGEST + 1);
      if (json.length > LONGEST) {
        throw new IOException("is longer than " + LONGEST + " bytes");
      }
      return KeySet.parse(Buffer.buffer(json), vertx);
    } catch (IOException e) {
      throw new IOException("the key set '" + file + "' is of no use: " + e.getMessage(), e);
    }
  }

  @Override
  public KeySet current() {
    return keys;
  }

  @Override
  public Future<Void> lookAgain() {
    return Future.succeededFuture();
  }

  @Override
  public boolean isOutdated() {
    return false;
  }

  @Override
  public String name() {
    return "key set";
  }

  @Override
  public Set<Path> files() {
    return Set.of(file);
  }

  @Override
  public void reload() throws IOException {
    keys = read(file, vertx);
  }
}
