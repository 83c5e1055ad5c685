package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.bearer.KeySet.KeySource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that a server publishes. The server is asked once at a time and at most once per interval,
 * whatever clients send; as long as it cannot be asked, the keys that are known go on working.
 * Thread-safe.
 */
final class ServerKeys implements KeySource {
  private static final Logger LOG = LoggerFactory.getLogger(ServerKeys.class);

  /** The regular look at the server comes after so many intervals. */
  private static final int INTERVALS_PER_LOOK = 10;

  private final Vertx vertx;
  private final Supplier<Future<Buffer>> server;
  private final long intervalNs;
  private final LongSupplier nanoTime;

  private volatile @Nullable KeySet keys;
  private volatile boolean outdated;

  private @Nullable Future<Void> looking;
  private long lookedNs;

  /**
   * Makes a source without keys that has not asked yet.
   *
   * @param server asks it; never throws
   * @param interval the shortest time between two questions
   */
  ServerKeys(
      Vertx vertx, Supplier<Future<Buffer>> server, Duration interval, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.server = server;
    this.intervalNs = interval.toNanos();
    this.nanoTime = nanoTime;
    this.lookedNs = nanoTime.getAsLong() - intervalNs;
  }

  /** Looks at the server now and regularly from now on, until Vert.x is closed. */
  Future<Void> begin() {
    vertx.setPeriodic(intervalNs / 1_000_000 * INTERVALS_PER_LOOK, timer -> lookAgain());
    return lookAgain();
  }

  @Override
  public @Nullable KeySet current() {
    return keys;
  }

  @Override
  public boolean isOutdated() {
    return outdated;
  }

  @Override
  public Future<Void> lookAgain() {
    Promise<Void> looked = Promise.promise();
    synchronized (this) {
      if (looking != null) {
        return looking;
      }
      long nowNs = nanoTime.getAsLong();
      if (nowNs - lookedNs < intervalNs) {
        return Future.succeededFuture();
      }
      lookedNs = nowNs;
      looking = looked.future();
    }
    server
        .get()
        .compose(this::take)
        .onFailure(this::missed)
        .onComplete(
            done -> {
              synchronized (this) {
                looking = null;
              }
              looked.complete();
            });
    return looked.future();
  }

  private Future<Void> take(Buffer json) {
    KeySet known = keys;
    KeySet read;
    try {
      read = KeySet.parse(json, vertx);
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    if (known == null || !known.sameAs(read)) {
      LOG.info("auth.bearer: {} keys from the server are in force", read.size());
      keys = read;
    }
    outdated = false;
    return Future.succeededFuture();
  }

  /** Says so once; the server may be away for long. */
  private void missed(Throwable why) {
    if (!outdated) {
      LOG.warn(
          "auth.bearer: no keys from the server ({}); {}",
          why.getMessage(),
          keys == null ? "tokens are answered 05 until there are" : "known keys go on working");
    }
    outdated = true;
  }
}
