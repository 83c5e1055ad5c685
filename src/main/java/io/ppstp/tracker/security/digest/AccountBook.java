package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes a file of accounts, all else in it kept as it is; confined to one thread. The file is
 * replaced whole, so that a tracker that reads it meanwhile sees the old one or the new one.
 */
public final class AccountBook {
  private static final List<String> HEADER =
      List.of(
          "# Accounts of ppstp-tracker for HTTP Digest (RFC 7616); see ppstp-tracker account"
              + " --help.",
          "# Keep this file as secret as passwords: whoever has a hash can log in with it.",
          "#",
          "# One account a line, its fields with spaces between:",
          "#   user=     the user's name",
          "#   realm=    as auth.digest.realm",
          "#   sha-256= sha-512-256= md5=",
          "#             the hash of user:realm:password by each algorithm that may be used",
          "#   peer=     a peer ID that the user may use, * for any characters; may be repeated;",
          "#             none: the user's name",
          "#   swarm=    a swarm ID that the user may use, * for any characters; may be repeated;",
          "#             none: every swarm",
          "# A space is written %20, a percent sign %25.");

  private final Path file;
  private final List<String> lines;

  private AccountBook(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * Reads {@code file}, which need not exist.
   *
   * @throws IOException if it cannot be read or is wrong, in words for the operator
   */
  public static AccountBook open(Path file) throws IOException {
    try {
      AccountBook book = new AccountBook(file, new ArrayList<>(Files.readAllLines(file, UTF_8)));
      book.accounts();
      return book;
    } catch (NoSuchFileException e) {
      return new AccountBook(file, new ArrayList<>(HEADER));
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not UTF-8", e);
    }
  }

  /**
   * Returns the accounts in the order of the file.
   *
   * @throws IOException if the file is wrong, in words for the operator
   */
  public List<Account> accounts() throws IOException {
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Account account = at(i);
      if (account != null) {
        accounts.add(account);
      }
    }
    return accounts;
  }

  private @Nullable Account at(int index) throws IOException {
    String line = lines.get(index);
    try {
      return AccountLine.isBlank(line) ? null : AccountLine.read(line);
    } catch (IOException e) {
      throw new IOException(file + ", line " + (index + 1) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Puts {@code account} in, in the place of one of the same name.
   *
   * @return whether there was one
   * @throws IOException if the account cannot be written, in words for the operator
   */
  public boolean put(Account account) throws IOException {
    String line = AccountLine.write(account);
    AccountLine.read(line);
    int place = indexOf(account.name());
    if (place >= 0) {
      lines.set(place, line);
    } else {
      lines.add(line);
    }
    return place >= 0;
  }

  /**
   * Takes the account of {@code name} out.
   *
   * @return whether there was one
   */
  public boolean remove(String name) throws IOException {
    int place = indexOf(name);
    if (place >= 0) {
      lines.remove(place);
    }
    return place >= 0;
  }

  private int indexOf(String name) throws IOException {
    for (int i = 0; i < lines.size(); i++) {
      Account account = at(i);
      if (account != null && account.name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Writes the file anew, readable by its owner only if it is new, otherwise by whom it was.
   *
   * @throws IOException if the disk refuses; the old file is untouched then
   */
  public void save() throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path temporary =
        Files.createTempFile(target.getParent(), ".accounts", ".tmp", attributes(target));
    try {
      Files.write(temporary, lines, UTF_8);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static FileAttribute<?>[] attributes(Path target) throws IOException {
    Path folder = target.getParent();
    if (folder == null || !Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> permissions =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    if (Files.exists(target)) {
      permissions = Files.getPosixFilePermissions(target);
    }
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }
}
