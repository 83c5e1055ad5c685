package io.ppstp.tracker.tap.syslog;

import io.ppstp.tracker.tap.Batch;
import io.ppstp.tracker.tap.Output;
import io.ppstp.tracker.tap.Reasons;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends each event as a datagram (RFC 5426). It is taken once this machine has it: whether it
 * arrives nobody learns. Confined to one event loop.
 */
final class SyslogUdpOutput implements Output {
  private final DatagramSocket socket;
  private final SyslogTarget target;
  private final SyslogMessages messages;

  SyslogUdpOutput(Vertx vertx, SyslogTarget target, SyslogMessages messages) {
    this.socket =
        vertx.createDatagramSocket(
            new DatagramSocketOptions().setIpV6(target.host().indexOf(':') >= 0));
    this.target = target;
    this.messages = messages;
  }

  @Override
  public Future<Integer> write(Batch batch) {
    List<Future<Void>> sent = new ArrayList<>();
    batch.forEachLine(
        (bytes, from, length) ->
            sent.add(
                socket.send(
                    Buffer.buffer(messages.of(bytes, from, length)),
                    target.port(),
                    target.host())));
    return Future.join(sent)
        .map(batch.events())
        .recover(
            failure ->
                Future.failedFuture(
                    OutputException.passing(target.where() + ": " + Reasons.of(failure))));
  }

  @Override
  public Future<Void> close() {
    return socket.close();
  }
}
