package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Tls.PemFiles;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line: what it prints, and how it refuses what an operator can mend. */
class CommandLineIT {
  private static final int OPERATORS_FAULT = 2;

  /** Refused with one message on standard error, which says all of this, and no stack trace. */
  private static void assertRefused(Finished finished, String... said) {
    String err = finished.err();
    assertAll(
        finished::toString,
        () -> assertEquals(OPERATORS_FAULT, finished.exitCode()),
        // No more than what it says to the log before it looks at its files.
        () ->
            assertTrue(
                finished.out().lines().allMatch(l -> l.matches("\\S+Z (INFO |WARN ) \\w+: .*"))),
        () -> assertFalse(err.contains("\tat ") || err.contains("Exception")),
        () -> assertEquals(1, err.lines().filter(l -> l.startsWith("ppstp-tracker: ")).count()),
        () -> {
          for (String part : said) {
            assertTrue(err.contains(part), part);
          }
        });
  }

  @Test
  void tellsItsVersion() throws Exception {
    Finished finished = TrackerProcess.bare().arguments("--version").run();
    assertEquals(0, finished.exitCode());
    assertTrue(finished.out().matches("ppstp-tracker \\d+\\.\\d+\\.\\d+\\S*\\R"), finished.out());
    assertEquals("", finished.err());
  }

  @Test
  void explainsItself() throws Exception {
    Finished finished = TrackerProcess.bare().arguments("--help").run();
    assertEquals(0, finished.exitCode());
    for (String named : List.of("--config", "--set", "--version", "serve", "check-config")) {
      assertTrue(finished.out().contains(named), named);
    }
  }

  @Test
  void refusesUnknownArguments() throws Exception {
    Finished finished = TrackerProcess.bare().arguments("--nonsense").run();
    assertEquals(OPERATORS_FAULT, finished.exitCode());
    assertTrue(finished.err().contains("Unknown option: '--nonsense'"), finished.err());
    assertFalse(finished.err().contains("Exception"), finished.err());
  }

  /** What is printed is kept in logs. */
  @Test
  void doesNotRepeatWhatMayBeASecret() throws Exception {
    for (List<String> typed :
        List.of(
            List.of("--sett=auth.bearer.secret=hunter2"),
            List.of("tap", "--tokn", "hunter2"),
            List.of("hunter2"),
            List.of("tap", "--token=hunter2", "http://127.0.0.1:1", "--hearder=hunter2"))) {
      Finished finished = TrackerProcess.bare().arguments(typed.toArray(String[]::new)).run();
      assertEquals(OPERATORS_FAULT, finished.exitCode());
      assertFalse((finished.err() + finished.out()).contains("hunter2"), finished.err());
    }
  }

  /** Has a shell add an argument that is not ASCII, in a locale that is. */
  private static Finished inAsciiLocale(String... arguments) throws Exception {
    return TrackerProcess.bare()
        .through(List.of("sh", "-c", "exec \"$@\" \"$(printf 'Zo\\303\\253')\"", "sh"))
        .environment("LC_ALL", "C")
        .input("a password\n")
        .arguments(arguments)
        .run();
  }

  @Test
  void refusesArgumentsThatItsLocaleHasNoCharactersFor(@TempDir Path folder) throws Exception {
    Path accounts = folder.resolve("accounts");
    assertRefused(
        inAsciiLocale("account", "add", "--accounts", accounts.toString()),
        "argument 5 (Zo??)",
        "LC_ALL=C.UTF-8");
    assertFalse(Files.exists(accounts));
    assertRefused(inAsciiLocale("check-config", "--config"), "argument 3 (Zo??)");
    assertRefused(
        TrackerProcess.bare()
            .through(
                List.of(
                    "sh", "-c", "PPSTP_CLUSTER_NAME=$(printf 'Zo\\303\\253') exec \"$@\"", "sh"))
            .environment("LC_ALL", "C")
            .arguments("check-config")
            .run(),
        "the variable PPSTP_CLUSTER_NAME",
        "LC_ALL=C.UTF-8");
  }

  @Test
  void aNameIsToldAsItIsInAnyLocale(@TempDir Path folder) throws Exception {
    Path accounts = folder.resolve("accounts");
    List<String> typed = List.of("sh", "-c", "exec \"$@\" \"$(printf 'Zo\\303\\253')\"", "sh");
    Finished added =
        TrackerProcess.bare()
            .through(typed)
            .environment("LC_ALL", "C.UTF-8")
            .input("a password\n")
            .arguments("account", "add", "--accounts", accounts.toString())
            .run();
    assertEquals(new Finished(0, "added Zo\u00eb\n", ""), added);
    for (String locale : List.of("C", "C.UTF-8")) {
      Finished listed =
          TrackerProcess.bare()
              .environment("LC_ALL", locale)
              .arguments("account", "list", "--accounts", accounts.toString())
              .run();
      assertEquals("Zo\u00eb\tppstp-tracker\tZo\u00eb\t*\n", listed.out(), locale);
    }
  }

  @Test
  void refusesAPasswordThatIsNotUtf8(@TempDir Path folder) throws Exception {
    Path accounts = folder.resolve("accounts");
    Finished refused =
        TrackerProcess.bare()
            .through(List.of("sh", "-c", "printf 'caf\\351\\n' | \"$@\"", "sh"))
            .arguments("account", "add", "--accounts", accounts.toString(), "bob")
            .run();
    assertRefused(refused, "is not UTF-8");
    assertFalse(refused.err().contains("caf"));
    assertFalse(Files.exists(accounts));
  }

  @Test
  void findsTheReferenceConfigurationGood() throws Exception {
    Finished finished =
        TrackerProcess.bare().arguments("check-config", "--config", "conf/tracker.yaml").run();
    assertEquals(new Finished(0, "the configuration is good\n", ""), finished);
  }

  @Test
  void tellsOfAllFaultsAtOnce(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tracker.yaml");
    Files.writeString(
        file,
        """
        http:
          prt: 1
          status: sometimes
        timers:
          track: -3s
        """);
    for (String command : List.of("check-config", "serve")) {
      Finished finished =
          TrackerProcess.bare()
              .arguments(command, "--config", file.toString())
              .environment("PPSTP_LIMITS_DEPTH", "1000")
              .environment("PPSTP_LIMIT_BODY", "1KiB")
              .set("peer-list.maximum", 30)
              .set("nonsense", 1)
              .run();
      assertRefused(
          finished,
          "7 faults",
          "http.prt",
          "http.status",
          "timers.track",
          "limits.depth (PPSTP_LIMITS_DEPTH)",
          "PPSTP_LIMIT_BODY",
          "peer-list.maximum (--set)",
          "nonsense (--set)");
    }
  }

  @Test
  void refusesAFileThatIsMissingOrNotYaml(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing.yaml");
    assertRefused(
        TrackerProcess.bare().arguments("--config", missing.toString()).run(), "missing.yaml");
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "http: {port: [1\n");
    assertRefused(
        TrackerProcess.bare().arguments("check-config", "--config", broken.toString()).run(),
        "broken.yaml");
  }

  @Test
  void laterSettingsWin(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tracker.yaml");
    Files.writeString(
        file,
        """
        http.status: always-200
        limits:
          body: 1KiB
          peers: 5
        """);
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .arguments("--config", file.toString())
            .environment("PPSTP_HTTP_STATUS", "mapped")
            .environment("PPSTP_LIMITS_PEERS", "3")
            .set("limits.peers", 1)
            .start()) {
      tracker.client().post(new byte[2000]).expect(413, 1);
      tracker.client().post(Message.connect("one", "1").joinAsLeech("s")).expectSuccess();
      tracker.client().post(Message.connect("two", "1").joinAsLeech("s")).expect(503, 5);
      tracker.client().post(Message.statReport("two", "2")).expect(403, 3);
    }
  }

  @Test
  void tellsOfAllPortsThatAreTaken() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket other = new ServerSocket(0, 1, loopback)) {
      assertRefused(
          TrackerProcess.bare()
              .set("http.port", one.getLocalPort())
              .set("management.port", other.getLocalPort())
              .run(),
          "http.port: 127.0.0.1:" + one.getLocalPort() + " is in use",
          "management.port: 127.0.0.1:" + other.getLocalPort() + " is in use");
    }
  }

  @Test
  void refusesAPortThatAnotherTrackerServes() throws Exception {
    try (TrackerProcess first = TrackerProcess.onFreePorts().start()) {
      assertRefused(
          TrackerProcess.bare()
              .set("http.port", first.http().getPort())
              .set("management.port", 0)
              .run(),
          "http.port",
          "is in use");
      first.client().post(Message.statReport("nobody", "1")).expect(403, 3);
    }
  }

  @Test
  void refusesPlainTextBeyondThisMachineUnlessToldSo() throws Exception {
    for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "tracker.example.com")) {
      assertRefused(
          TrackerProcess.bare().arguments("check-config").set("http.host", host).run(),
          "http.host (--set)",
          "https",
          "http.allow-plain-text");
    }
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("http.host", "0.0.0.0")
            .set("http.allow-plain-text", true)
            .start()) {
      assertEquals("0.0.0.0", tracker.http().getHost());
      tracker.client().post(Message.statReport("nobody", "1")).expect(403, 3);
    }
  }

  @Test
  void refusesHttpsWithoutAUsableCertificate(@TempDir Path folder) throws Exception {
    assertRefused(
        TrackerProcess.onFreePorts().set("https.enabled", true).run(), "https.certificate");
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
    TrackerProcess.Builder files =
        TrackerProcess.onFreePorts()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.certificate", garbage);
    assertRefused(files.set("https.key", folder.resolve("no.pem")).run(), "https.key", "no.pem");
    assertRefused(files.set("https.key", garbage).run(), "https.certificate", "garbage.pem");
  }

  @Test
  void refusesHttpsWithAnotherKey(@TempDir Path folder) throws Exception {
    Authority authority = Authority.found(folder, "ca");
    assertRefused(
        TrackerProcess.onFreePorts()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.certificate", authority.issue("one").certificate())
            .set("https.key", authority.issue("other").key())
            .run(),
        "https.key: ",
        "is not the key of the certificate");
  }

  @Test
  void refusesAClusterWithoutUsableCertificates(@TempDir Path folder) throws Exception {
    Authority authority = Authority.found(folder, "ca");
    Authority stranger = Authority.found(folder, "stranger");
    PemFiles good = authority.issue("node");
    Path ca = authority.certificate();
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");

    assertClusterRefused(garbage, good.key(), ca, "cluster.tls.certificate: ", "garbage.pem");
    assertClusterRefused(good.certificate(), garbage, ca, "cluster.tls.key: ", "garbage.pem");
    assertClusterRefused(good.certificate(), good.key(), garbage, "cluster.tls.ca: ", "garbage");
    Path otherKey = authority.issue("other").key();
    assertClusterRefused(
        good.certificate(), otherKey, ca, "cluster.tls.key: ", "is not the key of");
    assertClusterRefused(
        good.certificate(),
        good.key(),
        stranger.certificate(),
        "cluster.tls.ca: ",
        "does not vouch");
    PemFiles expired = authority.issueExpired("late");
    assertClusterRefused(
        expired.certificate(), expired.key(), ca, "cluster.tls.ca: ", "does not vouch");
  }

  /** Refused in one line, before it joins anything. */
  private static void assertClusterRefused(Path certificate, Path key, Path ca, String... said)
      throws Exception {
    Finished finished =
        TrackerProcess.onFreePorts()
            .arguments("--cluster")
            .set("cluster.tls.certificate", certificate)
            .set("cluster.tls.key", key)
            .set("cluster.tls.ca", ca)
            .run();
    assertRefused(finished, said);
    assertEquals(1, finished.err().lines().count(), finished::err);
  }
}
