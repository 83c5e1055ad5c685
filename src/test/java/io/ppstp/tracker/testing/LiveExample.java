package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The example in {@code src/examples/live}, by its command, without its tracker: a live stream and
 * a page that plays it. Confined to one thread; its processes end with this JVM.
 */
public final class LiveExample implements AutoCloseable {
  private static final Path COMMAND = Path.of("src", "examples", "live").resolve("run");

  /** Where the command, and .ci/run before it, install the player. */
  private static final Path PLAYER = Path.of("target", "live", "node_modules");

  private static final String READY = "Open this in two windows";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration END_PATIENCE = Duration.ofSeconds(15);

  private final Process process;
  private final Process guard;
  private final Path log;
  private final int port;

  private LiveExample(Process process, Path log, int port) throws IOException {
    this.process = process;
    this.log = log;
    this.port = port;
    // At its end the command ends what it has started, and so does this guard: at the end of a pipe
    // that only this JVM holds open.
    this.guard =
        new ProcessBuilder("sh", "-c", "cat > /dev/null; kill " + process.pid() + " 2> /dev/null")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Returns what this machine lacks for it, if it lacks anything. */
  public static Optional<String> missing() {
    if (!Stream.of("bash", "curl", "ffmpeg", "node", "npm").allMatch(Commands::has)) {
      return Optional.of("this machine has no curl, ffmpeg, node or npm");
    }
    return Files.exists(PLAYER)
        ? Optional.empty()
        : Optional.of(".ci/run has not installed the player in target");
  }

  /** Starts it and returns at once. */
  public static LiveExample start(Path folder) throws IOException {
    int port = Ports.free();
    Path log = folder.resolve("live.log");
    Process process =
        new ProcessBuilder(COMMAND.toString(), "--no-tracker", "--port", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new LiveExample(process, log, port);
  }

  /** Waits until the page can be opened. */
  public void awaitReady() throws Exception {
    Await.until(
        "the example is ready", PATIENCE, () -> !process.isAlive() || log().contains(READY));
    if (!process.isAlive()) {
      throw new AssertionError("the example has ended: " + log());
    }
  }

  /** Returns the origin of the page, which trackers have to allow. */
  public String origin() {
    return "http://127.0.0.1:" + port;
  }

  /**
   * Returns the page for a viewer.
   *
   * @param tracker that it is to use
   * @param more parameters, each after an ampersand
   */
  public URI page(TrackerProcess tracker, String more) {
    return URI.create(origin() + "/?tracker=ws://" + tracker.http().getAuthority() + "/" + more);
  }

  private String log() throws IOException {
    return Files.readString(log, UTF_8);
  }

  /** Ends it as its users do, and returns the processes that it leaves behind. */
  public List<Long> stop() throws InterruptedException, IOException {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the example does not end: " + log());
    }
    return started.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
  }

  @Override
  public void close() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    process.onExit().join();
    started.forEach(ProcessHandle::destroyForcibly);
    guard.destroyForcibly();
  }
}
