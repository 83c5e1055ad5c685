package io.ppstp.tracker.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Commands that one bash runs, one after another, as somebody would type them. Confined to one
 * thread.
 *
 * <p>The shell and all that it starts are one process group, which ends with {@link #close} and,
 * whatever happens, with this JVM.
 */
final class ShellSession implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final char MARK = 1;

  private final List<String> commands;
  private final Path printed;
  private final Process shell;
  private final Process guard;

  /** What a command did: its output and its exit code, or -1 if the shell did not get there. */
  record Result(String output, int exitCode) {}

  private ShellSession(List<String> commands, Path printed, Process shell, Process guard) {
    this.commands = commands;
    this.printed = printed;
    this.shell = shell;
    this.guard = guard;
  }

  /**
   * Starts a shell that runs {@code commands} in {@code folder}.
   *
   * @param environment what it has besides that of this JVM
   */
  static ShellSession start(Path folder, Map<String, String> environment, List<String> commands)
      throws IOException {
    StringBuilder script = new StringBuilder();
    for (String command : commands) {
      script.append(command).append("\nprintf '\\n\\001%d\\001' $?\n");
    }
    Path file = Files.writeString(folder.resolve("session.sh"), script);
    Path printed = folder.resolve("session.out");
    ProcessBuilder builder =
        new ProcessBuilder("setsid", "bash", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(printed.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PPSTP_"));
    builder.environment().putAll(environment);
    Process shell = builder.start();
    return new ShellSession(commands, printed, shell, guard(shell.pid()));
  }

  /** Ends the group at the end of a pipe that only this JVM holds open. */
  private static Process guard(long group) throws IOException {
    return new ProcessBuilder("sh", "-c", "cat > /dev/null; kill -9 -- -" + group)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Returns what each command did, once all have ended. */
  List<Result> results() throws IOException, InterruptedException {
    if (!shell.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("does not end; so far:\n" + Files.readString(printed));
    }
    return results(Files.readString(printed), commands.size());
  }

  /** Each command's output stands before its exit code between two marks. */
  private static List<Result> results(String printed, int commands) {
    String[] parts = printed.split(String.valueOf(MARK), -1);
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < commands; i++) {
      boolean ended = 2 * i + 1 < parts.length;
      String output = 2 * i < parts.length ? parts[2 * i] : "";
      results.add(new Result(output, ended ? Integer.parseInt(parts[2 * i + 1]) : -1));
    }
    return results;
  }

  /** Returns the command lines of what the shell has started and not ended. */
  List<String> leftOver() throws IOException {
    String group = Long.toString(shell.pid());
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(it -> Files.exists(it.resolve("stat"))).toList()) {
        try {
          String stat = Files.readString(process.resolve("stat"));
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          if (fields[2].equals(group) && !fields[0].equals("Z")) {
            found.add(Files.readString(process.resolve("cmdline"), UTF_8).replace('\0', ' '));
          }
        } catch (IOException e) {
          // It has ended in the meantime.
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      guard.waitFor();
      shell.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
