package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounts as their file last said when it was good. Thread-safe. */
public final class AccountsFile implements Reloadable {
  private static final Logger LOG = LoggerFactory.getLogger(AccountsFile.class);

  private final Path file;
  private final String realm;
  private final Set<DigestAlgorithm> algorithms;
  private volatile Accounts accounts;

  private AccountsFile(Path file, String realm, Set<DigestAlgorithm> algorithms)
      throws IOException {
    this.file = file;
    this.realm = realm;
    this.algorithms = Set.copyOf(algorithms);
    this.accounts = read(file, realm, this.algorithms);
  }

  /**
   * Reads {@code file}; blocks.
   *
   * @param realm that all accounts must belong to
   * @param algorithms that users may prove themselves with
   * @throws IOException if it cannot be read or is wrong, in words for the operator
   */
  public static AccountsFile open(Path file, String realm, Set<DigestAlgorithm> algorithms)
      throws IOException {
    return new AccountsFile(file, realm, algorithms);
  }

  @Override
  public String name() {
    return "accounts";
  }

  @Override
  public Set<Path> files() {
    return Set.of(file);
  }

  @Override
  public void reload() throws IOException {
    accounts = read(file, realm, algorithms);
  }

  Accounts accounts() {
    return accounts;
  }

  private static Accounts read(Path file, String realm, Set<DigestAlgorithm> algorithms)
      throws IOException {
    try {
      List<String> lines = Files.readAllLines(file, UTF_8);
      Accounts accounts = Accounts.read(lines, realm, algorithms);
      warnIfExposed(file);
      LOG.info("{} accounts in {}", accounts.size(), file);
      return accounts;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not UTF-8", e);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      throw new IOException(
          message.startsWith("line ") ? file + ", " + message : file + " cannot be read: " + e, e);
    }
  }

  private static void warnIfExposed(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      LOG.warn("{} can be read by everybody on this machine; chmod it 600", file);
    }
  }
}
