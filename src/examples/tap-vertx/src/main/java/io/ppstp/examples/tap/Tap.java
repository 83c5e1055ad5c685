package io.ppstp.examples.tap;

import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.instance.BuildInfoProvider;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Joins a tracker's cluster and prints its events, each as a line of JSON. Whatever else there is
 * to say goes to standard error; a signal ends it in good order.
 */
public final class Tap {
  private static final String USAGE =
      "usage: java -jar target/tap-vertx.jar listener.xml [status=URL] [certificate=PEM key=PEM"
          + " ca=PEM]";

  /** Kept here, for Java's logging forgets with a logger what was set at it. */
  private static final List<Logger> LIBRARIES =
      List.of(Logger.getLogger("com.hazelcast"), Logger.getLogger("io.vertx"));

  private Tap() {}

  public static void main(String[] args) throws InterruptedException {
    LIBRARIES.forEach(logger -> logger.setLevel(Level.WARNING));
    try {
      run(args);
    } catch (TapException e) {
      System.err.println(e.getMessage());
      // Hazelcast may still be trying, on threads of its own.
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(String[] args) throws TapException, InterruptedException {
    if (args.length == 0) {
      throw new TapException(USAGE);
    }
    Map<String, String> options = options(args);
    if (options.containsKey("status")) {
      checkVersion(options.get("status"));
    }
    Config config = read(args[0]);
    HazelcastClusterManager manager = new HazelcastClusterManager(config);
    Vertx vertx = join(manager, bus(options));
    Printer printer = new Printer();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(vertx, printer)));
    vertx
        .deployVerticle(printer, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
        .await();
    System.err.println(
        "listening to the cluster " + config.getClusterName() + ", nodes: " + nodes(manager));
  }

  private static Map<String, String> options(String[] args) throws TapException {
    Map<String, String> options = new HashMap<>();
    for (String option : List.of(args).subList(1, args.length)) {
      String[] parts = option.split("=", 2);
      if (parts.length < 2 || !List.of("status", "certificate", "key", "ca").contains(parts[0])) {
        throw new TapException(USAGE);
      }
      options.put(parts[0], parts[1]);
    }
    if (options.containsKey("certificate") != options.containsKey("key")
        || options.containsKey("key") != options.containsKey("ca")) {
      throw new TapException(USAGE);
    }
    return options;
  }

  private static Config read(String file) throws TapException {
    try {
      return new XmlConfigBuilder(file).build();
    } catch (IOException | RuntimeException e) {
      throw new TapException(file + ": " + e.getMessage());
    }
  }

  private static Vertx join(HazelcastClusterManager manager, EventBusOptions bus)
      throws TapException {
    try (JoinLog log = new JoinLog()) {
      try {
        return Vertx.builder()
            .with(new VertxOptions().setEventBusOptions(bus))
            .withClusterManager(manager)
            .buildClustered()
            .await();
      } catch (Exception e) {
        throw new TapException(
            "not joined, by Hazelcast "
                + ownVersion()
                + ": "
                + (log.complaint == null ? e.getMessage() : log.complaint)
                + " Ask the tracker for its version by status=URL.");
      }
    }
  }

  private static long nodes(HazelcastClusterManager manager) {
    return manager.getHazelcastInstance().getCluster().getMembers().stream()
        .filter(member -> !member.isLiteMember())
        .count();
  }

  /** Members of a cluster have the same first two numbers; others wait for each other in vain. */
  private static void checkVersion(String status) throws TapException, InterruptedException {
    String theirs;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(status)).timeout(Duration.ofSeconds(10)).build();
      String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      JsonObject cluster = new JsonObject(answer).getJsonObject("cluster");
      if (cluster == null) {
        throw new TapException("this tracker is no node of a cluster: it needs --cluster");
      }
      theirs = cluster.getJsonArray("members").getJsonObject(0).getString("hazelcast");
    } catch (IOException | RuntimeException e) {
      throw new TapException(status + ": " + e);
    }
    if (!minor(theirs).equals(minor(ownVersion()))) {
      throw new TapException(
          "this tracker runs Hazelcast "
              + theirs
              + ", this application "
              + ownVersion()
              + ": set hazelcast.version in pom.xml");
    }
  }

  private static String ownVersion() {
    return BuildInfoProvider.getBuildInfo().getVersion();
  }

  private static String minor(String version) {
    return version.replaceFirst("^(\\d+\\.\\d+).*", "$1");
  }

  /** Mutual TLS, where the nodes have it. Vert.x trusts everybody unless told otherwise. */
  private static EventBusOptions bus(Map<String, String> options) {
    EventBusOptions bus = new EventBusOptions();
    if (options.containsKey("certificate")) {
      bus.setSsl(true)
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .addCertPath(options.get("certificate"))
                  .addKeyPath(options.get("key")))
          .setTrustOptions(new PemTrustOptions().addCertPath(options.get("ca")));
    }
    return bus;
  }

  private static void end(Vertx vertx, Printer printer) {
    try {
      vertx.close().await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      System.err.println("did not leave the cluster: " + e);
    }
    System.err.println(printer.summary());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /**
   * Prints events on a worker thread, for a pipe may make it wait. What comes faster than they can
   * be printed waits here; more than that is dropped, as the numbers of the events tell.
   */
  private static final class Printer extends VerticleBase {
    private static final int WAITING = 100_000;

    private final Map<String, Numbers> nodes = new HashMap<>();
    private boolean ending;

    @Override
    public Future<?> start() {
      return vertx
          .eventBus()
          .<JsonObject>consumer(
              new MessageConsumerOptions()
                  .setAddress("ppstp.events")
                  .setMaxBufferedMessages(WAITING))
          .handler(message -> print(message.body()))
          .completion();
    }

    private synchronized void print(JsonObject event) {
      System.out.println(event.encode());
      long seq = event.getLong("seq");
      nodes.merge(event.getString("node"), new Numbers(1, seq, seq), Numbers::and);
      if (!ending && System.out.checkError()) {
        ending = true;
        // On a thread that closing Vert.x does not wait for.
        new Thread(() -> System.exit(0), "nobody reads").start();
      }
    }

    /** Returns what has come, and what is missing between the first and the last of each node. */
    synchronized String summary() {
      long events = nodes.values().stream().mapToLong(Numbers::count).sum();
      long lost = nodes.values().stream().mapToLong(Numbers::missing).sum();
      return events + " events, " + lost + " lost on the way";
    }
  }

  /** Keeps what libraries complain of first, in place of all that they say while one joins. */
  private static final class JoinLog extends Handler implements AutoCloseable {
    private volatile String complaint;

    JoinLog() {
      setLevel(Level.SEVERE);
      for (Logger logger : LIBRARIES) {
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
      }
    }

    @Override
    public void publish(LogRecord line) {
      String message = line.getMessage();
      if (isLoggable(line) && (complaint == null || message.contains("Reason"))) {
        complaint = message;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      for (Logger logger : LIBRARIES) {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
      }
    }
  }

  /** What has come of one node: how many, and the lowest and highest number. */
  private record Numbers(long count, long lowest, long highest) {
    Numbers and(Numbers other) {
      return new Numbers(
          count + other.count, Math.min(lowest, other.lowest), Math.max(highest, other.highest));
    }

    long missing() {
      return highest - lowest + 1 - count;
    }
  }

  /** What ends the application; the message says why, in one line. */
  private static final class TapException extends Exception {
    private static final long serialVersionUID = 1L;

    TapException(String message) {
      super(message);
    }
  }
}
