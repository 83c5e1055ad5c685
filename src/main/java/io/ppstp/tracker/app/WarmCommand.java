package io.ppstp.tracker.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.app.process.Version;
import io.ppstp.tracker.logging.QuietLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command that makes an archive from which Java starts this jar in a fraction of the time: of
 * its classes as they were loaded (class data sharing), and since Java 24 of what Java has learnt
 * about them too (JEP 483, 514 and 515: linked classes and profiles of methods).
 *
 * <p>Java can only archive what a process has used, at its end. So this starts another Java with
 * the same jar, which serves peers that do not exist, alone and as a node of a cluster of one. Exit
 * codes: 0 done, 1 the archive was not made, 2 a fault that the operator can mend.
 */
@Command(
    name = "warm",
    description = {
      "Make an archive from which Java starts this jar faster.",
      "It fits this jar and this Java only, and no other place of the jar."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class WarmCommand implements Callable<Integer> {
  /** Java's first that can archive more than classes, in one step. */
  private static final int AHEAD_OF_TIME = 25;

  private static final int PARTS = 2;
  private static final int MEBIBYTE = 1 << 20;

  /** What Java leaves out of an archive, which is much, it tells line by line, as warnings. */
  private static final String SILENCE = "-Xlog:disable";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--archive",
      required = true,
      paramLabel = "FILE",
      description = "the archive; replaced if there is one")
  private Path archive = Path.of("");

  @Option(
      names = "--seconds",
      paramLabel = "NUMBER",
      defaultValue = "20",
      description = "how long to serve at most, 2 to 600 (default: ${DEFAULT-VALUE})")
  private int seconds;

  /** In the Java that is archived at its end. */
  @Option(names = "--recorded", hidden = true)
  private boolean recorded;

  @Override
  public Integer call() throws InterruptedException {
    if (seconds < PARTS || seconds > 600) {
      return refuse("--seconds must be 2 to 600");
    }
    try {
      return recorded ? serve() : make();
    } catch (IOException e) {
      return refuse(archive + " cannot be written: " + e);
    }
  }

  private int make() throws IOException, InterruptedException {
    Path jar = Path.of(System.getProperty("java.class.path"));
    if (!Files.isRegularFile(jar)) {
      return refuse("only a jar can have an archive: start it by java -jar");
    }
    Path target = archive.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(target)) {
      return refuse(archive + " cannot be written");
    }
    Files.deleteIfExists(target);
    boolean whole = Runtime.version().feature() >= AHEAD_OF_TIME;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add((whole ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + target);
    command.add(SILENCE);
    command.addAll(List.of("-jar", jar.toString(), "warm", "--recorded"));
    command.addAll(List.of("--archive", target.toString(), "--seconds", "" + seconds));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    int code = process.waitFor();
    if (code != 0 || !Files.exists(target)) {
      System.err.println("ppstp-tracker: the archive was not made (" + code + "): " + told);
      return ExitCode.SOFTWARE;
    }
    out(
        "%s has %d MiB; start the tracker by: java %s%s -jar %s"
            .formatted(
                archive,
                Files.size(target) / MEBIBYTE,
                whole ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=",
                archive,
                jar));
    return ExitCode.OK;
  }

  private int serve() throws InterruptedException {
    List<String> all =
        List.of(
            "https.enabled=true",
            "https.host=127.0.0.1",
            "https.port=0",
            "https.self-signed=true",
            "webtorrent.enabled=true",
            "bittorrent.enabled=true");
    QuietLog quiet = new QuietLog();
    try {
      long partNs = TimeUnit.SECONDS.toNanos(seconds) / PARTS;
      WarmUp.serve(all, false, 0, System.nanoTime() + partNs);
      WarmUp.serve(all, true, 0, System.nanoTime() + partNs);
      return ExitCode.OK;
    } catch (IOException e) {
      System.err.println(e);
      return ExitCode.SOFTWARE;
    } finally {
      quiet.close();
    }
  }

  private static int refuse(String reason) {
    System.err.println("ppstp-tracker: " + reason);
    return ExitCode.USAGE;
  }

  private void out(String line) {
    if (spec != null) {
      spec.commandLine().getOut().println(line);
    }
  }
}
