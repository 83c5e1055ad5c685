package io.ppstp.tracker.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The way between the nodes to what each has counted of channels: a question goes to all, and each
 * answers. Confined to the context that opened it.
 */
public final class ChannelBus {
  /** Swarms of one question at most. */
  public static final int MOST = 1000;

  private static final long PATIENCE_MS = 1000;
  private static final Pattern NODE = Pattern.compile("[0-9a-f]{1,16}");
  private static final String ASKER = "node";
  private static final String NUMBER = "number";
  private static final String SWARM_IDS = "swarm_ids";
  private static final String CURVES = "curves";
  private static final String HIGHEST_BY = "highest_by";
  private static final String CHANNELS = "channels";

  private final Vertx vertx;
  private final String node;
  private final Map<Long, Pending> pending = new HashMap<>();
  private long last;

  /**
   * What is asked of each node; immutable.
   *
   * @param curves whether their hour is wanted too
   * @param highestBy what the channels that a node measures highest are asked for by; empty if it
   *     is asked about {@code swarmIds}
   */
  public record ChannelQuestion(List<String> swarmIds, boolean curves, String highestBy) {
    /** Copies the list. */
    public ChannelQuestion {
      swarmIds = List.copyOf(swarmIds);
    }

    /** Asks what nodes know of {@code swarmIds}. */
    public ChannelQuestion(List<String> swarmIds, boolean curves) {
      this(swarmIds, curves, "");
    }

    /** Asks which channels nodes measure highest. */
    public static ChannelQuestion highest(String by) {
      return new ChannelQuestion(List.of(), false, by);
    }
  }

  /**
   * What nodes have answered; immutable.
   *
   * @param answers one for each node: with an element for each swarm in the order of the question,
   *     or with what it measures highest
   * @param partial whether a node was silent
   */
  public record ChannelAnswers(List<JsonArray> answers, boolean partial) {
    /** Copies the list. */
    public ChannelAnswers {
      answers = List.copyOf(answers);
    }
  }

  /** A question that waits for answers. */
  private static final class Pending {
    private final Promise<ChannelAnswers> promise = Promise.promise();
    private final List<JsonArray> answers = new ArrayList<>();
    private final int nodes;

    Pending(int nodes) {
      this.nodes = nodes;
    }
  }

  private ChannelBus(Vertx vertx, String node) {
    this.vertx = vertx;
    this.node = node;
  }

  /**
   * Opens the way on the present context.
   *
   * @param node that this is, as events name it
   * @param answer what this node answers; what fails is not answered
   */
  public static Future<ChannelBus> open(
      Vertx vertx, String node, Function<ChannelQuestion, Future<JsonArray>> answer) {
    ChannelBus opened = new ChannelBus(vertx, node);
    EventBus bus = vertx.eventBus();
    Future<Void> questions =
        bus.<Object>consumer(Addresses.CHANNELS, asked -> opened.answer(asked, answer))
            .completion();
    Future<Void> answers =
        bus.<Object>consumer(Addresses.channels(node), opened::answered).completion();
    return Future.all(questions, answers).map(opened);
  }

  /** Whoever is a member can ask, or send something else. */
  private void answer(
      Message<Object> message, Function<ChannelQuestion, Future<JsonArray>> answer) {
    if (message.body() instanceof JsonObject asked
        && asked.getValue(ASKER) instanceof String asker
        && NODE.matcher(asker).matches()
        && asked.getValue(NUMBER) instanceof Number number
        && asked.getValue(SWARM_IDS) instanceof JsonArray ids
        && ids.size() <= MOST
        && asked.getValue(CURVES) instanceof Boolean curves) {
      List<String> swarmIds = new ArrayList<>(ids.size());
      ids.forEach(id -> swarmIds.add(String.valueOf(id)));
      String by = asked.getValue(HIGHEST_BY) instanceof String text ? text : "";
      answer
          .apply(new ChannelQuestion(swarmIds, curves, by))
          .onSuccess(
              told ->
                  vertx
                      .eventBus()
                      .send(
                          Addresses.channels(asker),
                          new JsonObject().put(NUMBER, number).put(CHANNELS, told)));
    }
  }

  private void answered(Message<Object> message) {
    if (message.body() instanceof JsonObject told
        && told.getValue(NUMBER) instanceof Number number
        && told.getValue(CHANNELS) instanceof JsonArray channels) {
      Pending waiting = pending.get(number.longValue());
      if (waiting != null) {
        waiting.answers.add(channels);
        if (waiting.answers.size() >= waiting.nodes) {
          finish(number.longValue());
        }
      }
    }
  }

  private void finish(long number) {
    Pending waiting = pending.remove(number);
    if (waiting != null) {
      waiting.promise.complete(
          new ChannelAnswers(waiting.answers, waiting.answers.size() < waiting.nodes));
    }
  }

  /**
   * Asks all nodes, of which there are so many. Completes when all have answered, or after a second
   * with what there is.
   */
  public Future<ChannelAnswers> ask(ChannelQuestion question, int nodes) {
    long number = ++last;
    Pending waiting = new Pending(nodes);
    pending.put(number, waiting);
    vertx.setTimer(PATIENCE_MS, timer -> finish(number));
    vertx
        .eventBus()
        .publish(
            Addresses.CHANNELS,
            new JsonObject()
                .put(ASKER, node)
                .put(NUMBER, number)
                .put(SWARM_IDS, new JsonArray(question.swarmIds()))
                .put(CURVES, question.curves())
                .put(HIGHEST_BY, question.highestBy()));
    return waiting.promise.future();
  }
}
