package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.TapPlan.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Posts each batch to an HTTP collector. Any answer from 200 to 299 takes it. One that says that
 * the batch itself is no good ends the tap if nothing was ever taken, by an earlier run either, for
 * then the user has to mend it; later that batch is given up, and counted, for it would never be
 * taken. Too large a batch is halved. After all else what is left of the batch comes again.
 * Confined to one event loop.
 */
final class HttpOutput implements Output {
  private static final long PATIENCE_S = 30;
  private static final long MOST_WAIT_S = 300;
  private static final int TOO_LARGE = 413;
  private static final Set<Integer> NO_GOOD = Set.of(400, TOO_LARGE, 415, 422);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private final HttpClientAgent client;
  private final Target.Collector collector;
  private final Consumer<String> notes;

  /** What is left of a batch, in order; still there when the batch comes again. */
  private final Deque<Piece> left = new ArrayDeque<>();

  private @Nullable Batch begun;
  private byte[] lines = {};
  private int taken;
  private boolean everTaken;
  private long refused;

  /**
   * Makes one.
   *
   * @param everTaken whether the collector has taken events of an earlier run
   * @param notes told in words for the user what was given up
   */
  HttpOutput(Vertx vertx, Target.Collector collector, boolean everTaken, Consumer<String> notes) {
    this.client = vertx.createHttpClient(new HttpClientOptions());
    this.collector = collector;
    this.everTaken = everTaken;
    this.notes = notes;
  }

  /** Lines that are posted together. */
  private record Piece(int from, int to, int events) {}

  @Override
  public Future<Integer> write(Batch batch) {
    if (begun != batch) {
      ByteBuffer content = batch.content();
      lines = new byte[content.remaining()];
      content.get(lines);
      begun = batch;
      taken = 0;
      left.clear();
      left.add(new Piece(0, lines.length, batch.events()));
    }
    Promise<Integer> done = Promise.promise();
    goOn(done);
    return done.future();
  }

  private void goOn(Promise<Integer> done) {
    Piece next = left.peek();
    if (next == null) {
      begun = null;
      done.complete(taken);
    } else {
      post(next).onSuccess(answer -> goOn(done)).onFailure(done::fail);
    }
  }

  private Future<Void> post(Piece piece) {
    return client
        .request(TapUrls.request(HttpMethod.POST, collector.url(), TapUrls.target(collector.url())))
        .recover(failure -> Future.failedFuture(unreachable(failure)))
        .compose(request -> send(request, piece))
        .compose(answer -> judge(answer, piece));
  }

  /** What came of a request; the wait is what the collector asks for, in milliseconds. */
  private record Verdict(int status, long waitMs) {}

  private Future<Verdict> send(HttpClientRequest request, Piece piece) {
    request.putHeader("content-type", "application/x-ndjson");
    collector.headers().forEach(request::putHeader);
    return request
        .send(Buffer.buffer(Arrays.copyOfRange(lines, piece.from(), piece.to())))
        .compose(HttpOutput::verdict)
        .timeout(PATIENCE_S, TimeUnit.SECONDS)
        .recover(
            failure -> {
              request.reset();
              return Future.failedFuture(unreachable(failure));
            });
  }

  /** What the answer says besides is nobody's business; it is read for the connection's sake. */
  private static Future<Verdict> verdict(HttpClientResponse response) {
    long waitMs = waitMs(response.getHeader("retry-after"));
    response.handler(ignored -> {});
    return response.end().map(end -> new Verdict(response.statusCode(), waitMs));
  }

  private static long waitMs(@Nullable String retryAfter) {
    return retryAfter != null && retryAfter.matches("[0-9]{1,6}")
        ? TimeUnit.SECONDS.toMillis(Math.min(MOST_WAIT_S, Long.parseLong(retryAfter)))
        : 0;
  }

  private OutputException unreachable(Throwable failure) {
    return OutputException.passing(where() + ": " + Reasons.of(failure));
  }

  /** The query may hold a secret. */
  private String where() {
    return collector.url().getScheme() + "://" + collector.url().getRawAuthority();
  }

  /** Succeeds if there is less left than before. */
  private Future<Void> judge(Verdict verdict, Piece piece) {
    int status = verdict.status();
    int events = piece.events();
    if (status >= 200 && status < 300) {
      everTaken = true;
      taken += events;
      left.remove();
      return Future.succeededFuture();
    }
    String answer = where() + " answers " + status;
    if (status == TOO_LARGE && events > 1) {
      halve(left.remove());
      return Future.succeededFuture();
    } else if (!everTaken && status >= 300 && status < 500 && !PASSING.contains(status)) {
      return Future.failedFuture(OutputException.fatal(answer));
    } else if (NO_GOOD.contains(status)) {
      refused += events;
      left.remove();
      notes.accept(answer + " to " + events + " events, which are given up");
      return Future.succeededFuture();
    }
    return Future.failedFuture(OutputException.passing(answer, verdict.waitMs()));
  }

  private void halve(Piece piece) {
    int half = piece.events() / 2;
    int at = piece.from();
    for (int ends = 0; ends < half; at++) {
      ends += lines[at] == '\n' ? 1 : 0;
    }
    left.push(new Piece(at, piece.to(), piece.events() - half));
    left.push(new Piece(piece.from(), at, half));
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }
}
