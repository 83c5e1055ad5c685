package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node on a host of a {@link SplitNetwork}, on its default ports. As this JVM is on no such host,
 * curl asks it from there. Thread-safe.
 */
public record SplitNode(TrackerProcess process, SplitNetwork network, int host) {
  private static final int PATIENCE_SECONDS = 20;
  private static final String END_OF_HEAD = "\r\n\r\n";

  /** Sends a message and returns the answer. */
  public Reply post(Message message) throws IOException, InterruptedException {
    return curl(
        message.bytes(),
        "--header",
        "Content-Type: " + Reply.MEDIA_TYPE,
        "--data-binary",
        "@-",
        "http://" + network.address(host) + ":7846/");
  }

  /** Returns the answer of the management port. */
  public Reply manage(String path) throws IOException, InterruptedException {
    return curl(new byte[0], "http://127.0.0.1:7847" + path);
  }

  /** Returns what the node says of its cluster. */
  public JsonNode cluster() throws IOException, InterruptedException {
    return status().path("cluster");
  }

  /** Returns the status report. */
  public JsonNode status() throws IOException, InterruptedException {
    return Json.parse(manage("/status").text());
  }

  private Reply curl(byte[] body, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        network.inside(
            host,
            "curl",
            "--silent",
            "--include",
            "--max-time",
            "" + PATIENCE_SECONDS,
            "--noproxy",
            "*");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(body);
    }
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    int endOfHead = answer.indexOf(END_OF_HEAD);
    if (endOfHead < 0) {
      throw new IOException("no answer from " + network.address(host) + ": " + answer);
    }
    return reply(answer.substring(0, endOfHead), answer.substring(endOfHead + 4));
  }

  private static Reply reply(String head, String body) {
    List<String> lines = head.lines().toList();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Reply(Integer.parseInt(lines.get(0).split(" ", 3)[1]), headers, body);
  }
}
