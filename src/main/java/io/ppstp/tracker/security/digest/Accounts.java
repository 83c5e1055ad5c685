package io.ppstp.tracker.security.digest;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The users of one realm, by name and by hashed name; immutable. */
final class Accounts {
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
