package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.NodeQuestions.Answers;
import io.ppstp.tracker.bus.NodeQuestions.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;

/**
 * The way between the nodes to how each is: a question goes to all, and each answers with figures.
 * Confined to the context that opened it.
 */
public final class NodeBus {
  private static final Topic<JsonObject> TOPIC =
      new Topic<>(Addresses.NODES, Addresses::nodes, JsonObject.class);

  private final NodeQuestions<JsonObject> questions;

  private NodeBus(NodeQuestions<JsonObject> questions) {
    this.questions = questions;
  }

  /**
   * Opens the way on the present context.
   *
   * @param node that this is, as events name it
   * @param figures what this node answers
   */
  public static Future<NodeBus> open(Vertx vertx, String node, Supplier<JsonObject> figures) {
    return NodeQuestions.open(vertx, node, TOPIC, question -> Future.succeededFuture(figures.get()))
        .map(NodeBus::new);
  }

  /**
   * Asks all nodes, of which there are so many. Completes when all have answered, or after a second
   * with what there is; fails if too many questions wait already.
   */
  public Future<List<JsonObject>> ask(int nodes) {
    return questions.ask(new JsonObject(), nodes).map(Answers::answers);
  }
}
