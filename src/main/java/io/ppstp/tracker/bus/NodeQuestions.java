package io.ppstp.tracker.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Questions that go to all nodes at once, of which each answers one. Confined to the context that
 * opened it.
 *
 * @param <A> what an answer is on the event bus
 */
final class NodeQuestions<A> {
  private static final long PATIENCE_MS = 1000;
  private static final int MOST_PENDING = 100;
  private static final Pattern NODE = Pattern.compile("[0-9a-f]{1,16}");
  private static final String ASKER = "node";
  private static final String NUMBER = "number";
  private static final String QUESTION = "question";
  private static final String ANSWER = "answer";

  private final Vertx vertx;
  private final String node;
  private final Topic<A> topic;
  private final Map<Long, Pending<A>> pending = new HashMap<>();
  private long last;

  /**
   * What is asked about; immutable.
   *
   * @param questions the address of all nodes
   * @param answers the address of the node of a name
   * @param type that answers have; others are none
   */
  record Topic<A>(String questions, UnaryOperator<String> answers, Class<A> type) {}

  /**
   * What nodes have answered; immutable.
   *
   * @param partial whether a node was silent
   */
  record Answers<A>(List<A> answers, boolean partial) {
    Answers {
      answers = List.copyOf(answers);
    }
  }

  /** A question that waits for answers. */
  private static final class Pending<A> {
    private final Promise<Answers<A>> promise = Promise.promise();
    private final List<A> answers = new ArrayList<>();
    private final int nodes;

    Pending(int nodes) {
      this.nodes = nodes;
    }
  }

  private NodeQuestions(Vertx vertx, String node, Topic<A> topic) {
    this.vertx = vertx;
    this.node = node;
    this.topic = topic;
  }

  /**
   * Opens the way on the present context.
   *
   * @param node that this is, as events name it
   * @param answer what this node answers; what fails is not answered
   */
  static <A> Future<NodeQuestions<A>> open(
      Vertx vertx, String node, Topic<A> topic, Function<JsonObject, Future<A>> answer) {
    NodeQuestions<A> opened = new NodeQuestions<>(vertx, node, topic);
    EventBus bus = vertx.eventBus();
    Future<Void> questions =
        bus.<Object>consumer(topic.questions(), asked -> opened.answer(asked, answer)).completion();
    Future<Void> answers =
        bus.<Object>consumer(topic.answers().apply(node), opened::answered).completion();
    return Future.all(questions, answers).map(opened);
  }

  /** Whoever is a member can ask, or send something else. */
  private void answer(Message<Object> message, Function<JsonObject, Future<A>> answer) {
    if (message.body() instanceof JsonObject asked
        && asked.getValue(ASKER) instanceof String asker
        && NODE.matcher(asker).matches()
        && asked.getValue(NUMBER) instanceof Number number
        && asked.getValue(QUESTION) instanceof JsonObject question) {
      answer
          .apply(question)
          .onSuccess(
              told ->
                  vertx
                      .eventBus()
                      .send(
                          topic.answers().apply(asker),
                          new JsonObject().put(NUMBER, number).put(ANSWER, told)));
    }
  }

  private void answered(Message<Object> message) {
    if (message.body() instanceof JsonObject told
        && told.getValue(NUMBER) instanceof Number number
        && topic.type().isInstance(told.getValue(ANSWER))) {
      Pending<A> waiting = pending.get(number.longValue());
      if (waiting != null) {
        waiting.answers.add(topic.type().cast(told.getValue(ANSWER)));
        if (waiting.answers.size() >= waiting.nodes) {
          finish(number.longValue());
        }
      }
    }
  }

  private void finish(long number) {
    Pending<A> waiting = pending.remove(number);
    if (waiting != null) {
      waiting.promise.complete(
          new Answers<>(waiting.answers, waiting.answers.size() < waiting.nodes));
    }
  }

  /**
   * Asks all nodes, of which there are so many. Completes when all have answered, or after a second
   * with what there is; fails if too many questions wait already.
   */
  Future<Answers<A>> ask(JsonObject question, int nodes) {
    if (pending.size() >= MOST_PENDING) {
      return Future.failedFuture("too many questions to nodes at once");
    }
    long number = ++last;
    Pending<A> waiting = new Pending<>(nodes);
    pending.put(number, waiting);
    vertx.setTimer(PATIENCE_MS, timer -> finish(number));
    vertx
        .eventBus()
        .publish(
            topic.questions(),
            new JsonObject().put(ASKER, node).put(NUMBER, number).put(QUESTION, question));
    return waiting.promise.future();
  }
}
