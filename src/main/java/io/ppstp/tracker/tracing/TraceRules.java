package io.ppstp.tracker.tracing;

import java.net.URI;
import java.time.Duration;

/**
 * What is traced, and where it goes; immutable.
 *
 * @param endpoint that takes spans by OTLP over HTTP, as protobuf
 * @param oneIn of so many requests one is traced, at least 1
 * @param accept whether who sends {@code traceparent} decides itself, and sees our spans in its
 *     trace (W3C Trace Context)
 * @param slowerThan requests that take less are not told of; zero for all
 */
public record TraceRules(URI endpoint, int oneIn, boolean accept, Duration slowerThan) {}
