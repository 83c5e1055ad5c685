package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tracker as its users run it: the built jar in a process of its own. Thread-safe.
 *
 * <p>The jar is that of the system property {@code ppstp.jar}, the Java that of this JVM. A started
 * process ends with {@link #close} and, whatever happens, with this JVM: a guard outside of it
 * waits for the end of a pipe that only this JVM holds open, and that ends even if it is killed.
 */
public final class TrackerProcess implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration RUN_PATIENCE = Duration.ofSeconds(60);
  private static final Pattern HTTP = Pattern.compile(" listening on (http://\\S+)$");
  private static final Pattern HTTPS = Pattern.compile(" listening on (https://\\S+)$");
  private static final Pattern MANAGEMENT = Pattern.compile(" management on (https?://\\S+)$");
  private static final Pattern JOINED = Pattern.compile(" (joined) the cluster ");
  private static final Pattern READY = Pattern.compile("ppstp-tracker \\S+ is (ready) ");

  private final Process process;
  private final Process guard;
  private final List<String> log = new ArrayList<>();
  private final CompletableFuture<Void> logEnd = new CompletableFuture<>();
  private volatile @Nullable Management management;

  private TrackerProcess(Process process) throws IOException {
    this.process = process;
    this.guard = guard(process.pid());
    Thread reader = new Thread(this::readLog, "log of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Returns a tracker to be started on free ports, all else at its default. */
  public static Builder onFreePorts() {
    return new Builder().set("http.port", 0).set("management.port", 0).set("shutdown.delay", "1ms");
  }

  /** Returns a command line without any argument. */
  public static Builder bare() {
    return new Builder();
  }

  /** Starts what ends a process with this JVM, whatever happens. */
  static Process guard(long pid) throws IOException {
    return new ProcessBuilder("sh", "-c", "cat > /dev/null; kill -9 " + pid + " 2> /dev/null")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (log) {
          log.add(line);
        }
      }
    } catch (IOException e) {
      // The process was killed in the middle of a line.
    } finally {
      logEnd.complete(null);
    }
  }

  /**
   * Starts nodes of one cluster and returns them when all are ready: each as soon as the one before
   * has joined. Where {@code cluster.minimum-members} is set, one that waits to be ready alone has
   * to wait for long.
   */
  public static List<TrackerProcess> startTogether(List<Builder> nodes) {
    List<TrackerProcess> started = new ArrayList<>();
    boolean ready = false;
    try {
      for (Builder node : nodes) {
        TrackerProcess launched = node.launch();
        started.add(launched);
        launched.await("a tracker that has joined", JOINED);
      }
      started.forEach(TrackerProcess::awaitReady);
      ready = true;
    } finally {
      if (!ready) {
        started.forEach(TrackerProcess::close);
      }
    }
    return started;
  }

  /** Waits until the tracker is ready. */
  public void awaitReady() {
    await("a tracker that is ready", READY);
  }

  private void await(String what, Pattern line) {
    try {
      Await.until(what, START_PATIENCE, () -> find(line).isPresent() || !process.isAlive());
    } catch (Exception e) {
      throw new IllegalStateException("log so far:\n" + logText(), e);
    }
    if (!process.isAlive()) {
      logEnd.join();
      throw new IllegalStateException("the tracker did not start:\n" + logText());
    }
  }

  private Optional<String> find(Pattern pattern) {
    for (String line : log()) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  private URI listener(Pattern pattern) {
    return find(pattern)
        .map(URI::create)
        .orElseThrow(() -> new IllegalStateException("not in the log: " + pattern));
  }

  /** Returns where plain HTTP is served. */
  public URI http() {
    return listener(HTTP);
  }

  /** Returns where HTTPS is served. */
  public URI https() {
    return listener(HTTPS);
  }

  /** Returns the client of the management port. */
  public Management management() {
    Management known = management;
    if (known == null) {
      known = new Management(listener(MANAGEMENT));
      management = known;
    }
    return known;
  }

  /** Returns a client of plain HTTP, with connections of its own. */
  public PpstpClient client() {
    return new PpstpClient(http());
  }

  /** Returns a new connection to plain HTTP. */
  public RawConnection connection() throws IOException {
    return RawConnection.to(http());
  }

  /** Returns the lines written so far, to standard output and error alike. */
  public List<String> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  private String logText() {
    return String.join("\n", log());
  }

  /** Returns the lines logged at level ERROR so far, and stack traces that escaped the log. */
  public List<String> errors() {
    return log().stream()
        .filter(line -> line.contains(" ERROR ") || line.startsWith("Exception in "))
        .toList();
  }

  /** Returns the number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Returns whether the process still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Asks the process to end, with SIGTERM. */
  public void terminate() {
    // Unlike Process, its handle leaves the pipe open through which the last log lines come.
    process.toHandle().destroy();
  }

  /** Ends the process at once, with SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Sends any signal, such as STOP. */
  public void signal(String name) throws IOException, InterruptedException {
    String told = Commands.run("kill", "-" + name, Long.toString(process.pid()));
    if (!told.isEmpty()) {
      throw new IOException(told);
    }
  }

  /**
   * Returns the exit code, once there is one.
   *
   * @throws AssertionError if the process still runs after {@code patience}
   */
  public int exitCode(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + patience + ":\n" + logText());
    }
    logEnd.join();
    return process.exitValue();
  }

  /** Ends the process if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    guard.destroyForcibly();
  }

  /**
   * A process that has ended by itself.
   *
   * @param out its standard output
   * @param err its standard error
   */
  public record Finished(int exitCode, String out, String err) {}

  /** Puts a command line together; confined to one thread. */
  public static final class Builder {
    private final List<String> prefix = new ArrayList<>();
    private final List<String> jvmOptions = new ArrayList<>(List.of("-Xmx512m"));
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    private String input = "";
    private @Nullable String jar;
    private boolean fromClassArchive = true;

    private Builder() {}

    /** Adds {@code --set key=value}, in place of an earlier one of the same key. */
    public Builder set(String key, Object value) {
      settings.put(key, value.toString());
      return this;
    }

    /** Adds arguments as they are, before all settings. */
    public Builder arguments(String... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    /** Sets an environment variable. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Adds an option of the Java that runs the jar. */
    public Builder jvmOption(String option) {
      jvmOptions.add(option);
      return this;
    }

    /** Runs another jar than the one under test. */
    public Builder jar(Path other) {
      jar = other.toString();
      return withoutClassArchive();
    }

    /** Has Java load the jar's classes one by one, as it does for users. */
    public Builder withoutClassArchive() {
      fromClassArchive = false;
      return this;
    }

    /** Runs Java through a command that becomes it, such as {@code ip netns exec}. */
    public Builder through(List<String> command) {
      prefix.addAll(command);
      return this;
    }

    /** Gives {@link #run} a standard input, which is empty otherwise. */
    public Builder input(String text) {
      input = text;
      return this;
    }

    /** Starts the tracker and returns it when it is ready. */
    public TrackerProcess start() {
      TrackerProcess tracker = launch();
      boolean ready = false;
      try {
        tracker.awaitReady();
        ready = true;
      } finally {
        if (!ready) {
          tracker.close();
        }
      }
      return tracker;
    }

    /** Starts the tracker and returns it at once. */
    public TrackerProcess launch() {
      try {
        return new TrackerProcess(command().redirectErrorStream(true).start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Runs the command to its end. */
    public Finished run() throws IOException, InterruptedException {
      Process process = command().start();
      Process guard = guard(process.pid());
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(UTF_8));
      }
      CompletableFuture<String> out = readAll(process.getInputStream());
      CompletableFuture<String> err = readAll(process.getErrorStream());
      try {
        if (!process.waitFor(RUN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError("does not end: " + arguments + " " + settings);
        }
      } finally {
        process.destroyForcibly();
        guard.destroyForcibly();
      }
      return new Finished(process.exitValue(), out.join(), err.join());
    }

    private static CompletableFuture<String> readAll(InputStream stream) {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }

    private ProcessBuilder command() {
      String run = jar == null ? System.getProperty("ppstp.jar") : jar;
      if (run == null) {
        throw new IllegalStateException("the system property ppstp.jar does not name the jar");
      }
      List<String> command = new ArrayList<>(prefix);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      if (fromClassArchive) {
        command.addAll(ClassArchive.jvmOptions());
      }
      command.addAll(jvmOptions);
      command.add("-jar");
      command.add(run);
      command.addAll(arguments);
      settings.forEach(
          (key, value) -> {
            command.add("--set");
            command.add(key + "=" + value);
          });
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("PPSTP_"));
      builder.environment().putAll(environment);
      return builder;
    }
  }
}
