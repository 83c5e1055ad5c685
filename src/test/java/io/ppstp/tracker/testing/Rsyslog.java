package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Debian's rsyslog as a receiver over UDP and TLS, in a process of its own that ends with this JVM.
 * It writes each message as a line of JSON. Confined to one thread.
 */
public final class Rsyslog implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SD = "event@32473";

  private final Path folder;
  private final int port = Ports.free(2);
  private @Nullable Process process;

  private Rsyslog(Path folder) {
    this.folder = folder;
  }

  /**
   * A message as it was received.
   *
   * @param data its structured data as it stood in the message
   * @param params what rsyslog reads out of that
   */
  public record Received(
      int priority,
      String time,
      String host,
      String app,
      String process,
      String id,
      String data,
      JsonNode params,
      String text) {}

  /** Returns the program, if this machine has it and what it needs for TLS. */
  public static Optional<String> program() {
    boolean tls =
        List.of("x86_64", "aarch64").stream()
            .map(it -> Path.of("/usr/lib/" + it + "-linux-gnu/rsyslog/lmnsd_ossl.so"))
            .anyMatch(Files::exists);
    Path daemon = Path.of("/usr/sbin/rsyslogd");
    return tls && Files.isExecutable(daemon) ? Optional.of(daemon.toString()) : Optional.empty();
  }

  /**
   * Starts one that takes messages over TLS from those whom {@code authority} has signed.
   *
   * @param own its certificate and key
   */
  public static Rsyslog start(Path folder, Path authority, Tls.PemFiles own) throws Exception {
    Files.createDirectories(folder);
    Rsyslog started = new Rsyslog(folder);
    Files.writeString(started.config(), started.settings(authority, own), UTF_8);
    started.start();
    return started;
  }

  private Path config() {
    return folder.resolve("rsyslog.conf");
  }

  private String settings(Path authority, Tls.PemFiles own) {
    return String.join(
        "\n",
        "global(workDirectory=\"%s\" maxMessageSize=\"64k\"".formatted(folder),
        "  defaultNetstreamDriver=\"ossl\" defaultNetstreamDriverCAFile=\"%s\""
            .formatted(authority),
        "  defaultNetstreamDriverCertFile=\"%s\"".formatted(own.certificate()),
        "  defaultNetstreamDriverKeyFile=\"%s\")".formatted(own.key()),
        "module(load=\"mmpstrucdata\")",
        "module(load=\"imudp\")",
        "module(load=\"imtcp\" streamDriver.name=\"ossl\" streamDriver.mode=\"1\"",
        "  streamDriver.authMode=\"x509/certvalid\")",
        "template(name=\"line\" type=\"list\" option.jsonf=\"on\") {",
        field("pri", "pri"),
        field("time", "timereported\" dateFormat=\"rfc3339"),
        field("host", "hostname"),
        field("app", "app-name"),
        field("process", "procid"),
        field("id", "msgid"),
        field("data", "structured-data"),
        "  property(outname=\"params\" name=\"$!rfc5424-sd\" format=\"jsonf\")",
        field("text", "msg"),
        "}",
        "ruleset(name=\"all\") {",
        "  action(type=\"mmpstrucdata\")",
        "  action(type=\"omfile\" file=\"%s\" template=\"line\")".formatted(out()),
        "}",
        "input(type=\"imudp\" address=\"127.0.0.1\" port=\"%d\" ruleset=\"all\")".formatted(port),
        "input(type=\"imtcp\" address=\"127.0.0.1\" port=\"%d\" ruleset=\"all\")"
            .formatted(port + 1),
        "");
  }

  private static String field(String name, String property) {
    return "  property(outname=\"%s\" name=\"%s\" format=\"jsonf\")".formatted(name, property);
  }

  private Path out() {
    return folder.resolve("received");
  }

  /** Starts it again after {@link #kill}, and returns when it listens. */
  public void start() throws Exception {
    Process started =
        new ProcessBuilder(
                program().orElseThrow(),
                "-n",
                "-f",
                config().toString(),
                "-i",
                folder.resolve("pid").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    process = started;
    TrackerProcess.guard(started.pid());
    Await.until(
        "rsyslog listens: " + Files.readString(folder.resolve("log")), PATIENCE, this::listens);
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port + 1)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns what {@code --to} says for it over UDP. */
  public String udp() {
    return "syslog:udp://127.0.0.1:" + port;
  }

  /** Returns what {@code --to} says for it over TLS. */
  public String tls() {
    return "syslog:tls://127.0.0.1:" + (port + 1);
  }

  /** Returns all messages of the tracker so far, in their order. */
  public List<Received> received() throws IOException {
    if (!Files.exists(out())) {
      return List.of();
    }
    String all = Files.readString(out());
    return all.substring(0, all.lastIndexOf('\n') + 1)
        .lines()
        .map(Json::parse)
        .map(
            it ->
                new Received(
                    it.path("pri").asInt(),
                    it.path("time").asText(),
                    it.path("host").asText(),
                    it.path("app").asText(),
                    it.path("process").asText(),
                    it.path("id").asText(),
                    it.path("data").asText(),
                    params(it.path("params").asText()),
                    it.path("text").asText()))
        .filter(it -> it.app().equals("ppstp-tracker"))
        .toList();
  }

  /** The template has it as a text. */
  private static JsonNode params(String data) {
    return Json.parse(data.isEmpty() ? "{}" : data).path(SD);
  }

  /** Ends it at once. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
