package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The jar of an earlier commit, built of the repository's history. Immutable.
 *
 * @param commit the hash of it, empty if none was found
 * @param file the jar, if it could be built
 * @param missing why it could not, in words
 */
public record EarlierJar(String commit, Optional<Path> file, String missing) {
  private static final String FORMAT = "src/main/java/io/ppstp/tracker/store/hazelcast/codec";
  private static final long PATIENCE_MINUTES = 10;

  /**
   * Builds the one that brought the format in which nodes write their state to each other, which
   * all since then write too.
   *
   * @param folder to be made, for the sources and what is built of them
   */
  public static EarlierJar ofTheSameFormat(Path folder) throws IOException, InterruptedException {
    if (!Commands.has("git") || !Commands.has("mvn") || !Commands.has("tar")) {
      return without("this machine has no git, mvn or tar");
    }
    if (!Commands.run("git", "rev-parse", "--is-shallow-repository").strip().equals("false")) {
      return without("the repository has no history, or a shallow one");
    }
    String commit = Commands.run("git", "log", "-1", "--format=%H", "--", FORMAT).strip();
    if (commit.equals(Commands.run("git", "rev-parse", "HEAD").strip())) {
      return without("this very commit changes the format");
    }
    Files.createDirectories(folder);
    Path tar = folder.resolve("sources.tar");
    Path log = folder.resolve("build.log");
    boolean built =
        run(log, "git", "archive", "--output=" + tar, commit)
            && run(log, "tar", "-xf", tar.toString(), "-C", folder.toString())
            && run(log, "mvn", "-o", "-q", "-B", "-Pquick", "-f", folder + "/pom.xml", "package");
    return built
        ? new EarlierJar(
            commit, Optional.of(folder.resolve(Path.of("target", "ppstp-tracker.jar"))), "")
        : without("commit " + commit + " cannot be built: " + Files.readString(log, UTF_8));
  }

  private static EarlierJar without(String why) {
    return new EarlierJar("", Optional.empty(), why);
  }

  private static boolean run(Path log, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Process guard = TrackerProcess.guard(process.pid());
    try {
      return process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
    } finally {
      process.destroyForcibly();
      guard.destroyForcibly();
    }
  }
}
