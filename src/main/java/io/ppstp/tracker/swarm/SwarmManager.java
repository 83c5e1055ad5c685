package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers well-formed requests: the per-Peer-ID state machine of RFC 7846, Section 2.3, over the
 * store. Plain Java and thread-safe; time and randomness come from outside.
 */
public final class SwarmManager {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmManager.class);

  private final InstantSource clock;
  private final Limits limits;
  private final EventSink events;
  private final Predicate<String> closed;
  private final ConnectFlow connect;
  private final FindFlow find;
  private final StatReportFlow statReport;

  /** Makes a manager that holds clients to no limits. */
  public SwarmManager(
      TrackerStore store, SwarmRules rules, InstantSource clock, SwarmServices services) {
    this(store, rules, clock, services, Limits.unbounded());
  }

  /**
   * Makes a manager that holds clients to {@code limits} besides.
   *
   * @param limits on new registrations and on the peers of one client
   */
  public SwarmManager(
      TrackerStore store,
      SwarmRules rules,
      InstantSource clock,
      SwarmServices services,
      Limits limits) {
    this.clock = clock;
    this.limits = limits;
    this.events = services.events();
    this.closed = services.closed();
    RegistrationGuard guard = new RegistrationGuard(store, limits);
    this.connect = new ConnectFlow(store, rules, services, guard);
    this.find = new FindFlow(store, rules, services, guard::foreign);
    this.statReport = new StatReportFlow(store, rules, services.events(), guard::foreign);
  }

  /**
   * Carries {@code request} out. The stage always completes normally: a store that is unavailable
   * for a while is answered with 05, whatever else goes wrong inside is logged and answered with 04
   * (RFC 7846, Section 4.3).
   */
  public CompletionStage<Answer> handle(Request request, Requester requester) {
    CompletionStage<Answer> answer;
    try {
      answer = dispatch(request, requester, clock.millis());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.exceptionally(failure -> failed(request, failure));
  }

  /** Tells what nobody was told of when it happened; to be called every second. */
  public void tellUntold() {
    connect.tellUntold(clock.millis());
  }

  private CompletionStage<Answer> dispatch(Request request, Requester requester, long nowMs) {
    String swarm = closedSwarm(request);
    if (swarm != null) {
      RefusalCause cause = RefusalCause.CLOSED;
      events.publish(
          new TrackerEvent.Refused(nowMs, request.peerId(), request.type(), cause, swarm),
          requester);
      return CompletableFuture.completedStage(
          Answer.failure(request.type(), cause.code(), request.transactionId()));
    }
    if (request instanceof Request.Connect it) {
      return connect.handle(it, requester, nowMs);
    }
    CompletionStage<Answer> answer =
        request instanceof Request.Find it
            ? find.handle(it, requester, nowMs)
            : statReport.handle((Request.StatReport) request, requester, nowMs);
    return answer.thenApply(
        done -> {
          if (done.code().isSuccess()) {
            limits.heard(request.peerId(), requester.client());
          }
          return done;
        });
  }

  /** Returns the first closed swarm that the peer wants something of; it may always leave. */
  private @Nullable String closedSwarm(Request request) {
    if (request instanceof Request.Connect it) {
      for (SwarmAction action : it.actions()) {
        if (action.action() == Action.JOIN && closed.test(action.swarmId())) {
          return action.swarmId();
        }
      }
    } else if (request instanceof Request.Find it && closed.test(it.swarmId())) {
      return it.swarmId();
    }
    return null;
  }

  private static Answer failed(Request request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    ErrorCode code = ErrorCode.INTERNAL_SERVER_ERROR;
    if (cause instanceof StoreUnavailableException) {
      code = ErrorCode.SERVICE_UNAVAILABLE;
      LOG.debug("{} answered with 05: {}", request.type(), cause.getMessage());
    } else {
      LOG.error("{} answered with 04, internal failure", request.type(), cause);
    }
    return Answer.failure(request.type(), code, request.transactionId());
  }
}
