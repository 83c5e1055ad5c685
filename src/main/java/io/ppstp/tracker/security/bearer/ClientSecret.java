package io.ppstp.tracker.security.bearer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;

/** What the tracker proves itself with to its issuer's server, from a file. Thread-safe. */
final class ClientSecret implements Reloadable {
  private static final long LONGEST = 4096;

  private final String clientId;
  private final Path file;
  private volatile String authorization;

  /**
   * Reads {@code file}. Blocks.
   *
   * @throws IOException if it is not good, in words for the operator
   */
  ClientSecret(String clientId, Path file) throws IOException {
    this.clientId = clientId;
    this.file = file;
    this.authorization = read(clientId, file);
  }

  private static String read(String clientId, Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IOException("the client secret '" + file + "' is longer than " + LONGEST);
    }
    String secret = new String(Files.readAllBytes(file), UTF_8).strip();
    if (secret.isEmpty()) {
      throw new IOException("the client secret '" + file + "' is empty");
    }
    // RFC 6749, Section 2.3.1: both are form-encoded before they are joined.
    String pair = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  /** Returns the value of {@code Authorization}. */
  String authorization() {
    return authorization;
  }

  @Override
  public String name() {
    return "client secret";
  }

  @Override
  public Set<Path> files() {
    return Set.of(file);
  }

  @Override
  public void reload() throws IOException {
    authorization = read(clientId, file);
  }
}
