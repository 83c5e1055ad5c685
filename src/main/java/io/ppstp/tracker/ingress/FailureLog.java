package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.text.Durations;
import io.ppstp.tracker.logging.LogLimiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator how many requests this node failed to answer by a fault of its own: once a
 * minute for each fault. Confined to one event loop.
 */
final class FailureLog {
  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

  private final LogLimiter lines = new LogLimiter(System::nanoTime);
  private final Duration replyDeadline;
  private int unjudged;
  private int unanswered;

  /** Makes one for rooms that have {@code replyDeadline} to answer. */
  FailureLog(Duration replyDeadline) {
    this.replyDeadline = replyDeadline;
  }

  /** Counts a request whose sender could not be judged. */
  void unjudged() {
    unjudged++;
  }

  /** Counts requests that the rooms behind ingress did not answer in time. */
  void unanswered(int requests) {
    unanswered += requests;
  }

  /** Tells what is to be told; called several times a second. */
  void tell() {
    if (unjudged > 0 && lines.ask("unjudged") >= 0) {
      LOG.error(
          "{} requests got 05, their senders could not be judged: the store of used nonces or a key"
              + " server does not answer",
          unjudged);
      unjudged = 0;
    }
    if (unanswered > 0 && lines.ask("unanswered") >= 0) {
      LOG.error(
          "{} requests had no answer within {} and got 04: the rooms behind ingress are stuck or"
              + " overloaded; look at ppstp_in_flight and at what the store says",
          unanswered,
          Durations.text(replyDeadline));
      unanswered = 0;
    }
  }
}
