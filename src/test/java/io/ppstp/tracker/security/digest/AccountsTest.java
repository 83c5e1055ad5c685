package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.security.digest.AccountsFile.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of accounts: written by the one, read by the other, and refused when it is wrong. */
class AccountsTest {
  private static final String HASH =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final Set<DigestAlgorithm> USUAL =
      EnumSet.of(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512_256);

  @TempDir private Path folder = Path.of("set by JUnit");

  private static Account account(String name, String... peerIds) {
    return new Account(
        name,
        "our realm",
        Account.secrets(name, "our realm", "pw", USUAL),
        List.of(peerIds),
        List.of());
  }

  private Path file() {
    return folder.resolve("accounts");
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Account odd =
        new Account(
            "J\u00e4s\u00f8n \ud83d\ude00 100% \u00a0=#\t\n\u0085",
            "our realm",
            Account.secrets("x", "our realm", "pw", EnumSet.allOf(DigestAlgorithm.class)),
            List.of("a b", "c*", "%", ""),
            List.of("news-*", "s\u00fcd"),
            true);
    AccountBook book = AccountBook.open(file());
    assertFalse(book.put(account("first")));
    assertFalse(book.put(odd));
    assertFalse(book.put(account("third")));
    book.save();

    assertEquals(List.of(account("first"), odd, account("third")), read());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    assertTrue(Files.readString(file()).startsWith("# Accounts of ppstp-tracker"));
    assertFalse(odd.toString().contains(odd.secrets().values().iterator().next()));
  }

  private List<Account> read() throws IOException {
    return AccountBook.open(file()).accounts();
  }

  @Test
  void changesOneLineAndKeepsTheRest() throws Exception {
    AccountBook book = AccountBook.open(file());
    book.put(account("one"));
    book.put(account("two"));
    book.save();
    List<String> lines = Files.readAllLines(file());
    lines.add(0, "# ours");
    lines.add("");
    Files.write(file(), lines);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file());

    AccountBook again = AccountBook.open(link);
    assertTrue(again.put(account("one", "peer-*")));
    assertTrue(again.remove("two"));
    assertFalse(again.remove("two"));
    again.save();

    lines.set(lines.size() - 3, AccountLine.write(account("one", "peer-*")));
    lines.remove(lines.size() - 2);
    assertEquals(lines, Files.readAllLines(file()));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    assertTrue(Files.isSymbolicLink(link));
    try (var left = Files.list(folder)) {
      assertEquals(2, left.count());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice",
        "user=alice realm=our%20realm",
        "user=alice sha-256=" + HASH,
        "user= realm=our%20realm sha-256=" + HASH,
        "realm=our%20realm sha-256=" + HASH,
        "user=alice realm=our%20realm sha-256=" + HASH + " role=king",
        "user=alice realm=our%20realm sha-256=" + HASH + "0",
        "user=alice realm=our%20realm sha-256=G" + HASH,
        "user=alice realm=our%20realm sha-512=" + HASH,
        "user=alice realm=our%20realm sha-256=" + HASH + " sha-256=" + HASH,
        "user=alice user=bob realm=our%20realm sha-256=" + HASH,
        "user=al%zzice realm=our%20realm sha-256=" + HASH,
        "user=al%e4ice realm=our%20realm sha-256=" + HASH,
        "user=alice% realm=our%20realm sha-256=" + HASH,
        "user=a* realm=our%20realm sha-256=" + HASH,
        "user=alice realm=our%20realm sha-256=" + HASH + " peers=x",
        "user=alice realm=other sha-256=" + HASH,
        "user=alice realm=our%20realm md5=0123456789abcdef0123456789abcdef",
        "user=good realm=our%20realm sha-256=" + HASH
      })
  void aBadFileIsRefusedAndTheOldOneStays(String bad) throws Exception {
    String good = "user=good realm=our%20realm sha-256=" + HASH;
    Files.writeString(file(), "# comment\n\n" + good + "\n");
    AccountsFile accounts = AccountsFile.open(file(), "our realm", USUAL);
    Accounts before = accounts.accounts();
    Files.writeString(file(), good + "\n" + bad + "\n");

    IOException refusal = assertThrows(IOException.class, accounts::reload);
    assertSame(before, accounts.accounts());
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.startsWith(file() + ", line 2: "), message);
    assertFalse(message.contains("0123456789"), message);
    assertThrows(IOException.class, () -> AccountsFile.open(file(), "our realm", USUAL));

    Files.writeString(file(), "");
    accounts.reload();
    assertEquals(0, accounts.accounts().size());
  }

  @Test
  void aFileThatIsMissingOrNotTextIsRefusedInWords() throws Exception {
    IOException missing =
        assertThrows(IOException.class, () -> AccountsFile.open(file(), "our realm", USUAL));
    assertEquals(file() + " does not exist", missing.getMessage());
    Files.write(file(), new byte[] {(byte) 0xff, '\n'});
    IOException binary =
        assertThrows(IOException.class, () -> AccountsFile.open(file(), "our realm", USUAL));
    assertEquals(file() + " is not UTF-8", binary.getMessage());
  }

  @Test
  void aNameWithAStarMaySpeakForOtherPeersOnlyIfTheFileSaysSo() throws Exception {
    AccountBook book = AccountBook.open(file());
    assertThrows(IOException.class, () -> book.put(account("a*")));
    book.put(account("a*", "b"));
    book.save();
    assertFalse(read().get(0).identity().peerIds().allows("abc"));
    assertTrue(Files.readString(file(), UTF_8).contains("user=a* "));
  }
}
