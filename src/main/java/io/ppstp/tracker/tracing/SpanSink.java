package io.ppstp.tracker.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.ppstp.tracker.logging.LogLimiter;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands spans to an exporter, and says in a line a minute when they are not taken; the exporter's
 * own words are kept out of the log. Thread-safe.
 */
final class SpanSink implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(SpanSink.class);
  private static final int MOST_CAUSES = 10;

  private final SpanExporter exporter;
  private final URI endpoint;
  private final LogLimiter lines = new LogLimiter(System::nanoTime);
  private final LongAdder sent = new LongAdder();
  private final LongAdder lost = new LongAdder();

  SpanSink(SpanExporter exporter, URI endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
  }

  long sent() {
    return sent.sum();
  }

  long lost() {
    return lost.sum();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(
        () -> {
          if (result.isSuccess()) {
            sent.add(spans.size());
          } else {
            lost.add(spans.size());
            tell(result.getFailureThrowable());
          }
        });
    return result;
  }

  private void tell(@Nullable Throwable failure) {
    if (lines.ask("lost") != LogLimiter.HOLD_BACK) {
      LOG.warn(
          "traces are lost, {} spans so far: tracing.endpoint {} does not take them ({}); see to it"
              + " that a collector takes OTLP over HTTP there, or leave tracing.endpoint empty",
          lost.sum(),
          withoutSecrets(endpoint),
          reason(failure));
    }
  }

  private static String withoutSecrets(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getPath();
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof IOException) {
        String said = cause.getMessage();
        return cause.getClass().getSimpleName() + (said == null ? "" : ": " + said);
      }
      cause = cause.getCause();
    }
    return "it answers with an error";
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
