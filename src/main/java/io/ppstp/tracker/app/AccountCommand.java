package io.ppstp.tracker.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.app.process.LocaleText;
import io.ppstp.tracker.app.process.Version;
import io.ppstp.tracker.security.digest.Account;
import io.ppstp.tracker.security.digest.AccountBook;
import io.ppstp.tracker.security.digest.DigestAlgorithm;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command that keeps the file of users of HTTP Digest. Exit codes: 0 done, 2 a fault that the
 * operator can mend.
 */
@Command(
    name = "account",
    description = "Keep the file of users that auth.digest.accounts names.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "(add | remove | list)")
final class AccountCommand {
  private static final String REALM = "[ -~&&[^\"\\\\]]{1,128}";
  private static final int LONGEST_NAME = 256;

  @Spec private @Nullable CommandSpec spec;

  @Command(
      name = "add",
      description = "Add a user or replace one. The password is asked for, or read from a pipe.",
      mixinStandardHelpOptions = true)
  int add(
      @Option(
              names = "--accounts",
              required = true,
              paramLabel = "FILE",
              description = "the file of users; made if there is none")
          Path file,
      @Option(
              names = "--realm",
              defaultValue = "ppstp-tracker",
              paramLabel = "REALM",
              description = "as auth.digest.realm (default: ${DEFAULT-VALUE})")
          String realm,
      @Option(
              names = "--peer-id",
              paramLabel = "PATTERN",
              description = "a peer ID the user may use, * for any characters (default: its name)")
          @Nullable List<String> peerIds,
      @Option(
              names = "--swarm",
              paramLabel = "PATTERN",
              description = "a swarm ID the user may use, * for any characters (default: all)")
          @Nullable List<String> swarms,
      @Option(
              names = "--md5",
              description = "let the user log in by MD5 too, which makes the file easier to crack")
          boolean md5,
      @Option(
              names = "--cache",
              description = "the user is an edge cache, which selection.caches is about")
          boolean cache,
      @Parameters(paramLabel = "NAME", description = "the user's name") String givenName) {
    try {
      String name = name(givenName);
      if (!realm.matches(REALM)) {
        throw new IOException("a realm is printable ASCII without quotes and backslashes");
      }
      AccountBook book = AccountBook.open(file);
      Account account =
          new Account(
              name,
              realm,
              Account.secrets(name, realm, password(), algorithms(md5)),
              orNone(peerIds),
              orNone(swarms),
              cache);
      boolean replaced = book.put(account);
      book.save();
      out((replaced ? "replaced " : "added ") + name);
      return ExitCode.OK;
    } catch (IOException e) {
      return refuse(e);
    }
  }

  @Command(name = "remove", description = "Remove a user.", mixinStandardHelpOptions = true)
  int remove(
      @Option(
              names = "--accounts",
              required = true,
              paramLabel = "FILE",
              description = "the file of users")
          Path file,
      @Parameters(paramLabel = "NAME", description = "the user's name") String givenName) {
    try {
      AccountBook book = existing(file);
      String name = name(givenName);
      if (!book.remove(name)) {
        throw new IOException(file + " has no user " + name);
      }
      book.save();
      out("removed " + name);
      return ExitCode.OK;
    } catch (IOException e) {
      return refuse(e);
    }
  }

  @Command(
      name = "list",
      description = "List the users: name, realm, peer IDs, swarms.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--accounts",
              required = true,
              paramLabel = "FILE",
              description = "the file of users")
          Path file) {
    try {
      for (Account account : existing(file).accounts()) {
        List<String> peerIds = account.peerIds();
        out(
            String.join(
                "\t",
                account.name(),
                account.realm(),
                peerIds.isEmpty() ? account.name() : String.join(" ", peerIds),
                account.swarms().isEmpty() ? "*" : String.join(" ", account.swarms())));
      }
      return ExitCode.OK;
    } catch (IOException e) {
      return refuse(e);
    }
  }

  private static AccountBook existing(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " does not exist");
    }
    return AccountBook.open(file);
  }

  private static String name(String given) throws IOException {
    String name = Normalizer.normalize(given, Normalizer.Form.NFC);
    if (name.isBlank()
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IOException(
          "a user's name has 1 to " + LONGEST_NAME + " characters, and no control characters");
    }
    return name;
  }

  private static Set<DigestAlgorithm> algorithms(boolean md5) {
    Set<DigestAlgorithm> algorithms =
        EnumSet.of(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512_256);
    if (md5) {
      algorithms.add(DigestAlgorithm.MD5);
    }
    return algorithms;
  }

  private static List<String> orNone(@Nullable List<String> patterns) {
    return patterns == null ? new ArrayList<>() : patterns;
  }

  /** Asks twice at a terminal; takes the first line from anything else. */
  @SuppressWarnings("SystemConsoleNull")
  private static String password() throws IOException {
    // From Java 22 on there is a console without a terminal too, unless told otherwise.
    System.setProperty("jdk.console", "java.base");
    Console console = System.console();
    String password = console == null ? pipedPassword() : typedPassword(console);
    if (password.isEmpty()) {
      throw new IOException("the password is empty; type one, or put it into standard input");
    }
    if (!LocaleText.isDecoded(password)) {
      throw new IOException("the password" + LocaleText.advice());
    }
    return Normalizer.normalize(password, Normalizer.Form.NFC);
  }

  private static String pipedPassword() throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                System.in, UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
    try {
      String line = in.readLine();
      return line == null ? "" : line;
    } catch (CharacterCodingException e) {
      throw new IOException("the password in standard input is not UTF-8; write it in UTF-8", e);
    }
  }

  private static String typedPassword(Console console) throws IOException {
    char[] first = console.readPassword("Password: ");
    char[] second = console.readPassword("Again: ");
    if (first == null || !Arrays.equals(first, second)) {
      throw new IOException("the two passwords differ; nothing was changed");
    }
    return new String(first);
  }

  private static int refuse(IOException reason) {
    System.err.println("ppstp-tracker: " + reason.getMessage());
    return ExitCode.USAGE;
  }

  private void out(String line) {
    if (spec != null) {
      spec.commandLine().getOut().println(line);
    }
  }
}
