package io.ppstp.tracker.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VerticleBase;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The limit of the platform: reads a request to its end and sends constant bytes, as many as the
 * tracker answers the like with. Arguments: the port, then {@code PATH=LENGTH} for each kind.
 */
public final class BareServer extends VerticleBase {
  private static final CharSequence MEDIA_TYPE =
      HttpHeaders.createOptimized("application/ppsp-tracker+json");

  private final int port;
  private final Map<String, Buffer> answers;

  private BareServer(int port, Map<String, Buffer> answers) {
    this.port = port;
    this.answers = answers;
  }

  /** Serves until it is killed. */
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Map<String, Buffer> answers = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      String[] answer = args[i].split("=", -1);
      byte[] body = new byte[Integer.parseInt(answer[1])];
      ThreadLocalRandom.current().nextBytes(body);
      answers.put(answer[0], Buffer.buffer(body));
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    int instances = Runtime.getRuntime().availableProcessors();
    vertx
        .deployVerticle(
            () -> new BareServer(port, answers), new DeploymentOptions().setInstances(instances))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    System.out.println("native transport: " + vertx.isNativeTransportEnabled());
    System.out.println("ready");
    new CountDownLatch(1).await();
  }

  @Override
  public Future<?> start() {
    HttpServer server = vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true));
    server.requestHandler(
        request ->
            request
                .body()
                .onSuccess(
                    body ->
                        request
                            .response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                            .end(answers.get(request.path()))));
    return server.listen(port);
  }
}
