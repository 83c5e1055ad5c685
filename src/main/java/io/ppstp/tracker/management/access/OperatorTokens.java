package io.ppstp.tracker.management.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.management.access.Operator.Role;
import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of operators, from a file: lines of {@code read} or {@code write}, a name and a token;
 * lines that are empty or begin with {@code #} say nothing. Thread-safe.
 *
 * <p>Only hashes of tokens are kept. A token is compared with each of them in the same time, so
 * that nobody can find one by how long an answer takes.
 */
public final class OperatorTokens implements Reloadable {
  private static final int MOST = 1000;
  private static final long MOST_BYTES = 1 << 20;

  /** Of at least 20 characters, as {@code openssl rand -hex 16} prints; RFC 6750, Section 2.1. */
  private static final Pattern LINE =
      Pattern.compile("(read|write)\\s+([A-Za-z0-9._@-]{1,64})\\s+([A-Za-z0-9._~+/=-]{20,512})");

  private final Path file;
  private volatile List<Known> known;

  @SuppressWarnings("ArrayRecordComponent")
  private record Known(byte[] hash, Operator operator) {}

  /**
   * Reads {@code file} for the first time, so not for an event loop.
   *
   * @throws IOException as {@link #reload}
   */
  public OperatorTokens(Path file) throws IOException {
    this.file = file;
    this.known = read(file);
  }

  @Override
  public String name() {
    return "operators' tokens";
  }

  @Override
  public Set<Path> files() {
    return Set.of(file);
  }

  @Override
  public void reload() throws IOException {
    known = read(file);
  }

  private static List<Known> read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("management.tokens: '" + file + "' is larger than 1 MiB");
    }
    List<Known> read = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String written : Files.readAllLines(file)) {
      number++;
      String line = written.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IOException(
            "management.tokens: line "
                + number
                + " of '"
                + file
                + "' is not read or write, a name, and a token of 20 to 512 letters, digits and"
                + " ._~+/=-");
      }
      if (!names.add(parts.group(2)) || read.size() >= MOST) {
        throw new IOException(
            "management.tokens: '"
                + file
                + "' names "
                + (read.size() >= MOST ? "more than " + MOST : parts.group(2) + " twice"));
      }
      Role role = Role.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
      read.add(new Known(hash(parts.group(3)), new Operator(parts.group(2), role)));
    }
    if (read.isEmpty()) {
      throw new IOException("management.tokens: '" + file + "' names nobody");
    }
    return List.copyOf(read);
  }

  /** Returns whose token it is, null if it is nobody's. */
  @Nullable Operator find(String token) {
    byte[] hash = hash(token);
    Operator found = null;
    for (Known one : known) {
      if (MessageDigest.isEqual(one.hash(), hash)) {
        found = one.operator();
      }
    }
    return found;
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
