package io.ppstp.tracker.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The application of {@code src/examples/tap-vertx}: built by its own pom in a folder of its own,
 * as its users do, or compiled against the tracker's libraries. Immutable.
 *
 * @param jar of the application, with its libraries beside it
 */
public record TapExample(Path jar) {
  static final Path SOURCE = Path.of("src", "examples", "tap-vertx");
  static final String MAIN = "io.ppstp.examples.tap.Tap";

  private static final long BUILD_PATIENCE_SECONDS = 180;
  private static final Pattern LACK =
      Pattern.compile("(?m)^.*(?:offline mode|has not been downloaded|Could not find artifact).*$");
  private static @Nullable Path compiled;

  /** The outcome of a build: the application, or why this machine cannot build it. */
  public record Build(Optional<TapExample> example, String lack) {}

  /**
   * Builds it in {@code folder} by Maven, without asking any registry: all that it needs is among
   * what the tracker's own build has fetched.
   */
  public static Build build(Path folder) throws IOException, InterruptedException {
    Optional<String> maven = Commands.find("mvn");
    if (maven.isEmpty()) {
      return new Build(Optional.empty(), "this machine has no mvn");
    }
    copy(SOURCE, folder);
    List<String> command = new ArrayList<>(List.of(maven.get(), "-o", "-q", "-B"));
    // The repositories that files came from have other names where a mirror is set up.
    command.add("-Dmaven.legacyLocalRepo=true");
    String repository = System.getProperty("localRepository");
    if (repository != null) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    command.add("package");
    Path log = folder.resolve("build.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    Process process = builder.start();
    Process guard = TrackerProcess.guard(process.pid());
    boolean ended = process.waitFor(BUILD_PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    guard.destroyForcibly();
    String text = Files.readString(log);
    if (ended && process.exitValue() == 0) {
      return new Build(
          Optional.of(new TapExample(folder.resolve("target").resolve("tap-vertx.jar"))), "");
    }
    Matcher lack = LACK.matcher(text);
    if (lack.find()) {
      return new Build(Optional.empty(), lack.group());
    }
    throw new AssertionError("the example cannot be built:\n" + text);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /**
   * Returns the class path of the application with another version of Hazelcast.
   *
   * @param folder for a copy of the jar, which beside its libraries would find its own Hazelcast
   */
  public String classPathWith(Path hazelcast, Path folder) throws IOException {
    Path alone = Files.copy(jar, folder.resolve("foreign.jar"));
    try (Stream<Path> libraries = Files.list(jar.resolveSibling("lib"))) {
      String others =
          libraries
              .filter(library -> !library.getFileName().toString().startsWith("hazelcast-"))
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
      return String.join(File.pathSeparator, alone.toString(), hazelcast.toString(), others);
    }
  }

  /** Returns a class path with the application and the tracker's libraries, made once per JVM. */
  static synchronized String classPath() throws IOException {
    String libraries = System.getProperty("java.class.path");
    Path classes = compiled;
    if (classes == null) {
      classes = Files.createTempDirectory("tap-vertx");
      deleteAtExit(classes);
      String source;
      try (Stream<Path> files = Files.walk(SOURCE)) {
        source =
            files.map(Path::toString).filter(it -> it.endsWith(".java")).findAny().orElseThrow();
      }
      int faults =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-proc:none",
                  "-d",
                  classes.toString(),
                  "-cp",
                  libraries,
                  source);
      if (faults != 0) {
        throw new IllegalStateException("the example does not compile");
      }
      compiled = classes;
    }
    return classes + File.pathSeparator + libraries;
  }

  private static void deleteAtExit(Path folder) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try (Stream<Path> files = Files.walk(folder)) {
                    files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
  }
}
