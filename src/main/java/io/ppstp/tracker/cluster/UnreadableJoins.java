package io.ppstp.tracker.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.ppstp.tracker.logging.LogLimiter;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Says in one line a minute that somebody asks to join the cluster and cannot be understood, as an
 * application does that has an old version of Hazelcast. Set up in {@code logback.xml};
 * thread-safe.
 *
 * <p>Such a member asks once a second. Hazelcast cannot read why, answers nothing, and logs each
 * request twice: where it reads, and where it gives up and knows whose it was. Both are left out
 * here, with their stack traces; whatever else it cannot read is not judged here.
 */
public final class UnreadableJoins extends TurboFilter {
  private static final String READERS = "com.hazelcast.spi.impl.operation";
  private static final String REQUEST = "com.hazelcast.internal.cluster.impl.JoinRequest";

  /** The far end of a connection as Hazelcast describes it, by the address of its socket. */
  private static final Pattern REMOTE = Pattern.compile("->[^/,\\s]*/([\\w.:%\\[\\]-]{3,80}),");

  private final LogLimiter lines;

  /** Made by Logback. */
  public UnreadableJoins() {
    this(System::nanoTime);
  }

  /**
   * Makes one.
   *
   * @param clockNs as {@link System#nanoTime}
   */
  UnreadableJoins(LongSupplier clockNs) {
    lines = new LogLimiter(clockNs);
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    if (format == null
        || !(failure instanceof HazelcastSerializationException)
        || !logger.getName().startsWith(READERS)
        || !isOfJoinRequest(failure)) {
      return FilterReply.NEUTRAL;
    }
    Matcher remote = REMOTE.matcher(format);
    if (remote.find()) {
      tell(logger, remote.group(1));
    } else if (format.contains("->")) {
      // It says whose request it was in a way that is not known here.
      return FilterReply.NEUTRAL;
    }
    return FilterReply.DENY;
  }

  private static boolean isOfJoinRequest(Throwable failure) {
    return Stream.of(failure.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(REQUEST));
  }

  private void tell(Logger logger, String remote) {
    long heldBack = lines.ask(REQUEST);
    if (heldBack != LogLimiter.HOLD_BACK) {
      logger
          .getLoggerContext()
          .getLogger(UnreadableJoins.class)
          .warn(
              "{} asks to join and cannot be understood, as by another version of Hazelcast than"
                  + " this node's, {}: it is not let in ({} more requests like it before)",
              remote,
              BuildInfoProvider.getBuildInfo().getVersion(),
              heldBack);
    }
  }
}
