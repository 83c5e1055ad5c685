package io.ppstp.tracker.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.ClassArchive;
import io.ppstp.tracker.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Types what README and {@code src/docs} say to type, in one shell for each document, and compares
 * what is printed. The documents name the default ports; here each of these stands for a free one.
 */
class DocsIT {
  private static final List<Integer> PORTS =
      List.of(7443, 7846, 7847, 7848, 7856, 7857, 7866, 7867);
  private static final int MEMBER_PORT = 5701;
  private static final int MEMBER_PORTS = 20;
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @TempDir private Path folder = Path.of("set by JUnit");

  private final Map<String, String> actualPorts = new LinkedHashMap<>();
  private final Map<String, String> shownPorts = new LinkedHashMap<>();
  private final List<Path> links = new ArrayList<>();

  static Stream<Path> documentsWithSessions() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path document : Markdown.documents()) {
      if (!Markdown.read(document).sessions().isEmpty()) {
        documents.add(document);
      }
    }
    return documents.stream();
  }

  @ParameterizedTest
  @MethodSource("documentsWithSessions")
  void whatIsTypedPrintsWhatIsShown(Path document) throws Exception {
    List<ConsoleStep> steps = new ArrayList<>();
    for (Markdown.Block session : Markdown.read(document).sessions()) {
      steps.addAll(ConsoleStep.of(session));
    }
    takePorts();
    List<String> commands =
        steps.stream().map(step -> replaced(step.command(), actualPorts)).toList();
    List<String> faults = new ArrayList<>();
    try (ShellSession shell = ShellSession.start(folder, environment(), commands)) {
      List<ShellSession.Result> results = shell.results();
      for (int i = 0; i < steps.size(); i++) {
        ConsoleStep step = steps.get(i);
        String printed = replaced(results.get(i).output(), shownPorts);
        if (results.get(i).exitCode() != 0 || !step.mayPrint(printed)) {
          faults.add(fault(document, step, printed, results.get(i).exitCode()));
        }
      }
      for (String process : shell.leftOver()) {
        faults.add(document + " does not stop what it has started: " + process);
      }
    }
    assertTrue(faults.isEmpty(), () -> String.join("\n\n", faults));
  }

  private static String fault(Path document, ConsoleStep step, String printed, int exitCode) {
    return String.join(
        "\n",
        document + ":" + step.line() + ": $ " + step.command(),
        "--- should print",
        String.join("\n", step.output()),
        "--- printed, and ended with exit code " + exitCode,
        printed.stripTrailing());
  }

  /** Ports of members follow each other, as nodes take the next free one by themselves. */
  private void takePorts() {
    int port = Ports.free(PORTS.size() + MEMBER_PORTS);
    for (int shown : PORTS) {
      mapPort(shown, port++);
    }
    for (int i = 0; i < MEMBER_PORTS; i++) {
      mapPort(MEMBER_PORT + i, port++);
    }
  }

  private void mapPort(int shown, int actual) {
    actualPorts.put(Integer.toString(shown), Integer.toString(actual));
    shownPorts.put(Integer.toString(actual), Integer.toString(shown));
  }

  private static String replaced(String text, Map<String, String> numbers) {
    return NUMBER
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(numbers.getOrDefault(found.group(), found.group())));
  }

  /** Makes the folder look like the repository after a build, and returns what a shell needs. */
  private Map<String, String> environment() throws IOException {
    Files.createDirectory(folder.resolve("target"));
    link("target/ppstp-tracker.jar", Path.of(System.getProperty("ppstp.jar", "")));
    link("conf", Path.of("conf"));
    String cluster = replaced(Files.readString(Path.of("cluster.xml")), actualPorts);
    Path clusterConfig = Files.writeString(folder.resolve("cluster.xml"), cluster);
    Path programs = Files.createDirectory(folder.resolve("programs"));
    writeJava(programs.resolve("java"));
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", programs + ":" + System.getenv("PATH"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("no_proxy", "127.0.0.1,localhost");
    environment.put("PPSTP_HTTP_PORT", replaced("7846", actualPorts));
    environment.put("PPSTP_MANAGEMENT_PORT", replaced("7847", actualPorts));
    environment.put("PPSTP_HTTPS_PORT", replaced("7443", actualPorts));
    environment.put("PPSTP_SHUTDOWN_DELAY", "1ms");
    environment.put("PPSTP_CLUSTER_CONFIG", clusterConfig.toString());
    environment.put("PPSTP_CLUSTER_NAME", "docs-" + UUID.randomUUID());
    return environment;
  }

  private void link(String name, Path target) throws IOException {
    links.add(Files.createSymbolicLink(folder.resolve(name), target.toAbsolutePath()));
  }

  /** JUnit, which deletes the folder, warns of links that lead out of it. */
  @AfterEach
  void unlink() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }

  /** Several trackers at once on a small machine: they start faster so, and print the same. */
  private static void writeJava(Path file) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ClassArchive.jvmOptions());
    command.add("-Xmx384m");
    command.add("-XX:TieredStopAtLevel=1");
    Files.writeString(file, "#!/bin/sh\nexec " + String.join(" ", command) + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
