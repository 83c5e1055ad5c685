package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.NodeQuestions.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/**
 * The way between the nodes to what each has refused a peer of late: a question goes to all, and
 * each answers. Confined to the context that opened it.
 */
public final class RefusalBus {
  private static final String PEER_ID = "peer_id";
  private static final Topic<JsonArray> TOPIC =
      new Topic<>(Addresses.REFUSALS, Addresses::refusals, JsonArray.class);

  private final NodeQuestions<JsonArray> questions;

  /**
   * What nodes have answered; immutable.
   *
   * @param refusals of each node, one after the other
   * @param partial whether a node was silent
   */
  public record Refusals(List<JsonObject> refusals, boolean partial) {
    /** Copies the list. */
    public Refusals {
      refusals = List.copyOf(refusals);
    }
  }

  private RefusalBus(NodeQuestions<JsonArray> questions) {
    this.questions = questions;
  }

  /**
   * Opens the way on the present context.
   *
   * @param node that this is, as events name it
   * @param refusals what this node has refused the peer of an ID
   */
  public static Future<RefusalBus> open(
      Vertx vertx, String node, Function<String, JsonArray> refusals) {
    return NodeQuestions.open(
            vertx,
            node,
            TOPIC,
            question ->
                Future.succeededFuture(
                    question.getValue(PEER_ID) instanceof String id
                        ? refusals.apply(id)
                        : new JsonArray()))
        .map(RefusalBus::new);
  }

  /**
   * Asks all nodes, of which there are so many, about a peer. Completes when all have answered, or
   * after a second with what there is; fails if too many questions wait already.
   */
  public Future<Refusals> ask(String peerId, int nodes) {
    return questions
        .ask(new JsonObject().put(PEER_ID, peerId), nodes)
        .map(
            answers ->
                new Refusals(
                    answers.answers().stream()
                        .flatMap(JsonArray::stream)
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .toList(),
                    answers.partial()));
  }
}
