package io.ppstp.tracker.tap.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.tap.Batch;
import io.ppstp.tracker.tap.Output;
import io.ppstp.tracker.tap.Reasons;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends events over one TLS connection, each message after its length (RFC 5425, Section 4.3). A
 * batch is taken once this machine has it: receivers confirm nothing, so that what was under way
 * when a connection broke may be lost. Confined to one event loop.
 */
final class SyslogTlsOutput implements Output {
  private static final long PATIENCE_S = 30;

  private final NetClient client;
  private final SyslogTarget target;
  private final SyslogMessages messages;
  private @Nullable NetSocket connection;
  private boolean everTaken;

  /**
   * Makes one that is not connected.
   *
   * @param everTaken whether the receiver has taken events of an earlier run
   */
  SyslogTlsOutput(Vertx vertx, SyslogTarget target, SyslogMessages messages, boolean everTaken) {
    this.client = vertx.createNetClient(target.clientOptions());
    this.target = target;
    this.messages = messages;
    this.everTaken = everTaken;
  }

  @Override
  public Future<Integer> write(Batch batch) {
    Buffer framed = Buffer.buffer();
    batch.forEachLine(
        (bytes, from, length) -> {
          byte[] message = messages.of(bytes, from, length);
          framed.appendBytes((message.length + " ").getBytes(US_ASCII)).appendBytes(message);
        });
    return connected()
        .compose(socket -> socket.write(framed).timeout(PATIENCE_S, TimeUnit.SECONDS))
        .map(
            written -> {
              everTaken = true;
              return batch.events();
            })
        .recover(this::failed);
  }

  private Future<NetSocket> connected() {
    NetSocket known = connection;
    return known != null
        ? Future.succeededFuture(known)
        : client.connect(target.port(), target.host()).onSuccess(this::opened);
  }

  private void opened(NetSocket socket) {
    connection = socket;
    // A receiver has nothing to say; what it says all the same is read, so that its end is noticed.
    socket.handler(ignored -> {});
    socket.exceptionHandler(ignored -> forget(socket));
    socket.closeHandler(closed -> forget(socket));
  }

  private void forget(NetSocket socket) {
    if (connection == socket) {
      connection = null;
    }
  }

  private Future<Integer> failed(Throwable failure) {
    NetSocket broken = connection;
    connection = null;
    if (broken != null) {
      broken.close();
    }
    String reason = target.where() + ": " + Reasons.of(failure);
    return Future.failedFuture(
        failure instanceof SSLException && !everTaken
            ? OutputException.fatal(reason)
            : OutputException.passing(reason));
  }

  @Override
  public Future<Void> close() {
    NetSocket open = connection;
    return (open == null ? Future.<Void>succeededFuture() : open.close()).eventually(client::close);
  }
}
