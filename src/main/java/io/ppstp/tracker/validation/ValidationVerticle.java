package io.ppstp.tracker.validation;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.RoomBus.RawRequest;
import io.ppstp.tracker.bus.RoomBus.TypedRequest;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.RequestReader;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.security.AuthState;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the bodies that ingress sends and passes well-formed requests on to swarm management. */
public final class ValidationVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ValidationVerticle.class);

  private final int instance;
  private final RoomBus bus;
  private final Live<ReaderRules> live;
  private final TrackerMetrics metrics;
  private ReaderRules rules;
  private RequestReader reader;

  /** Makes the instance numbered {@code instance}, which holds messages to the rules in force. */
  public ValidationVerticle(
      int instance, RoomBus bus, Live<ReaderRules> live, TrackerMetrics metrics) {
    this.instance = instance;
    this.bus = bus;
    this.live = live;
    this.rules = live.now();
    this.reader = new RequestReader(rules);
    this.metrics = metrics;
  }

  /** Returns what messages are held to by {@code config}. */
  public static ReaderRules rulesOf(TrackerConfig config) {
    return new ReaderRules(
        config.limits().depth(),
        config.limits().peerId(),
        config.limits().swarmId(),
        config.limits().addressesPerPeer(),
        config.peerList().maximum(),
        config.policy().strict(),
        config.policy().foldHexIds());
  }

  @Override
  public Future<?> start() {
    live.follow(changed -> context.runOnContext(now -> take(changed)));
    return bus.onValidate(instance, this::validate);
  }

  private void take(ReaderRules changed) {
    rules = changed;
    reader = new RequestReader(changed);
  }

  private void validate(RawRequest raw) {
    Reading reading = read(raw);
    ErrorCode objection = objection(raw.requester().authState(), reading);
    if (objection != null) {
      bus.answer(raw.ticket(), answer(objection, reading));
    } else if (reading instanceof Reading.Accepted accepted) {
      metrics.lenient(accepted.leniencies());
      bus.manage(new TypedRequest(raw.ticket(), raw.requester(), accepted.request()));
    } else if (reading instanceof Reading.Rejected rejected) {
      LOG.debug("{} from {}: {}", rejected.code(), raw.requester().ip(), rejected.reason());
      bus.answer(raw.ticket(), answer(rejected));
    }
  }

  /**
   * What the sender may not do is refused before anything else is said about the message. The
   * message is read all the same: the answer carries its transaction ID.
   */
  private static @Nullable ErrorCode objection(AuthState authState, Reading reading) {
    if (authState instanceof AuthState.Denied denied) {
      return denied.code();
    }
    if (!(reading instanceof Reading.Accepted accepted)) {
      return null;
    }
    ErrorCode objection = authState.objectionTo(accepted.request());
    return objection == null && TorrentIds.isNamedBy(accepted.request())
        ? ErrorCode.FORBIDDEN_ACTION
        : objection;
  }

  private static Answer answer(ErrorCode objection, Reading reading) {
    if (reading instanceof Reading.Accepted accepted) {
      Request request = accepted.request();
      return Answer.failure(request.type(), objection, request.transactionId());
    }
    return Answer.failure(null, objection, ((Reading.Rejected) reading).transactionId());
  }

  private Reading read(RawRequest raw) {
    try {
      Reading reading = reader.read(raw.body());
      if (raw.exactMediaType() || !(reading instanceof Reading.Accepted accepted)) {
        return reading;
      }
      if (rules.strict()) {
        String id = accepted.request().transactionId();
        return new Reading.Rejected(ErrorCode.BAD_REQUEST, id, false, "media type");
      }
      metrics.lenient(Set.of(Leniency.MEDIA_TYPE));
      return reading;
    } catch (RuntimeException e) {
      LOG.error("a request was answered with 04, its reader failed", e);
      return new Reading.Rejected(ErrorCode.INTERNAL_SERVER_ERROR, "", false, "reader failed");
    }
  }

  private static Answer answer(Reading.Rejected rejected) {
    byte[] body = ResponseWriter.failure(rejected.code(), rejected.transactionId());
    return new Answer(null, rejected.code(), body, rejected.tooLarge());
  }
}
