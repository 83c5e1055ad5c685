package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Chromium, driven by a script of {@code src/test/webtorrent-browser} that takes a task a line
 * and answers each by a line. Confined to one thread; the browser ends with this JVM.
 */
public final class BrowserScript implements AutoCloseable {
  private static final Path SCRIPTS = Path.of("src", "test", "webtorrent-browser");

  /** Where .ci/run has installed what drives the browser. */
  private static final Path FOLDER = Path.of("target", "webtorrent-browser");

  private static final String BROWSER = "chromium";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  private final Process process;
  private final Path log;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private BrowserScript(Process process, Path log) {
    this.process = process;
    this.log = log;
    Thread reader = new Thread(this::readAnswers, "browser");
    reader.setDaemon(true);
    reader.start();
  }

  /** Returns what this machine lacks for it, if it lacks anything. */
  public static Optional<String> missing() {
    if (!Commands.has("node") || !Commands.has(BROWSER)) {
      return Optional.of("this machine has no node or no " + BROWSER);
    }
    return Files.exists(FOLDER.resolve("node_modules"))
        ? Optional.empty()
        : Optional.of(".ci/run has not installed what drives a browser in target");
  }

  /** Starts a browser without pages. */
  public static BrowserScript start(String name, Path folder) throws IOException {
    Path script = FOLDER.resolve(name);
    Files.copy(SCRIPTS.resolve(name), script, StandardCopyOption.REPLACE_EXISTING);
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder("node", script.toString(), Commands.find(BROWSER).orElseThrow())
            .redirectError(log.toFile())
            .start();
    return new BrowserScript(process, log);
  }

  private void readAnswers() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      // It was ended in the middle of a line.
    }
  }

  /** Has a task done, and returns the answer to it. */
  public JsonNode task(String what, ObjectNode task) throws Exception {
    OutputStream input = process.getOutputStream();
    input.write((task.put("do", what) + "\n").getBytes(UTF_8));
    input.flush();
    String line = answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new AssertionError("no answer to " + task + "; " + log());
    }
    JsonNode answer = Json.parse(line);
    if (answer.has("error")) {
      throw new AssertionError(task + ": " + answer + "; " + log());
    }
    return answer;
  }

  /** Returns what the pages have reported so far, for whoever has to explain a failure. */
  public String log() throws IOException {
    return "pages: " + Files.readString(log);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
