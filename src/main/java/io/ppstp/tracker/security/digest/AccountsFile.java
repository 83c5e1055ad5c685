package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  /** The users of one realm, by name and by hashed name; immutable. */
  static final class Accounts {
    private final Map<String, Account> byName = new HashMap<>();
    private final Map<DigestAlgorithm, Map<String, Account>> byHashedName =
        new EnumMap<>(DigestAlgorithm.class);

    private Accounts() {}

    /**
     * Reads the lines of a file.
     *
     * @param realm that all accounts must belong to
     * @param algorithms of which each account must have a secret of one at least
     * @throws IOException if a line is wrong, in words for the operator and without secrets
     */
    static Accounts read(List<String> lines, String realm, Set<DigestAlgorithm> algorithms)
        throws IOException {
      Accounts accounts = new Accounts();
      algorithms.forEach(algorithm -> accounts.byHashedName.put(algorithm, new HashMap<>()));
      for (int i = 0; i < lines.size(); i++) {
        if (!AccountLine.isBlank(lines.get(i))) {
          try {
            accounts.add(AccountLine.read(lines.get(i)), realm, algorithms);
          } catch (IOException e) {
            throw new IOException("line " + (i + 1) + ": " + e.getMessage(), e);
          }
        }
      }
      return accounts;
    }

    private void add(Account account, String realm, Set<DigestAlgorithm> algorithms)
        throws IOException {
      if (!account.realm().equals(realm)) {
        throw new IOException(
            "the account is of realm '"
                + account.realm()
                + "', but auth.digest.realm is '"
                + realm
                + "'; add it again for this one");
      }
      if (algorithms.stream().noneMatch(account.secrets()::containsKey)) {
        throw new IOException(
            "the account has no hash for any of auth.digest.algorithms; add it again");
      }
      if (byName.put(account.name(), account) != null) {
        throw new IOException("the user is there twice; remove one of the lines");
      }
      byHashedName.forEach((algorithm, index) -> index.put(account.hashedName(algorithm), account));
    }

    int size() {
      return byName.size();
    }

    @Nullable Account find(DigestCredentials credentials) {
      if (!credentials.isUserHashed()) {
        return byName.get(credentials.user());
      }
      Map<String, Account> index = byHashedName.get(credentials.variant().algorithm());
      return index == null ? null : index.get(credentials.user());
    }
  }
}
