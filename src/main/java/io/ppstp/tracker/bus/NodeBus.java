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
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The way between the nodes to how each is: a question goes to all, and each answers with figures.
 * Confined to the context that opened it.
 */
public final class NodeBus {
  private static final long PATIENCE_MS = 1000;
  private static final int MOST_PENDING = 100;
  private static final Pattern NODE = Pattern.compile("[0-9a-f]{1,16}");
  private static final String ASKER = "node";
  private static final String NUMBER = "number";
  private static final String FIGURES = "figures";

  private final Vertx vertx;
  private final String node;
  private final Map<Long, Pending> pending = new HashMap<>();
  private long last;

  /** A question that waits for answers. */
  private static final class Pending {
    private final Promise<List<JsonObject>> promise = Promise.promise();
    private final List<JsonObject> answers = new ArrayList<>();
    private final int nodes;

    Pending(int nodes) {
      this.nodes = nodes;
    }
  }

  private NodeBus(Vertx vertx, String node) {
    this.vertx = vertx;
    this.node = node;
  }

  /**
   * Opens the way on the present context.
   *
   * @param node that this is, as events name it
   * @param figures what this node answers
   */
  public static Future<NodeBus> open(Vertx vertx, String node, Supplier<JsonObject> figures) {
    NodeBus opened = new NodeBus(vertx, node);
    EventBus bus = vertx.eventBus();
    Future<Void> questions =
        bus.<Object>consumer(Addresses.NODES, asked -> opened.answer(asked, figures)).completion();
    Future<Void> answers =
        bus.<Object>consumer(Addresses.nodes(node), opened::answered).completion();
    return Future.all(questions, answers).map(opened);
  }

  /** Whoever is a member can ask, or send something else. */
  private void answer(Message<Object> message, Supplier<JsonObject> figures) {
    if (message.body() instanceof JsonObject asked
        && asked.getValue(ASKER) instanceof String asker
        && NODE.matcher(asker).matches()
        && asked.getValue(NUMBER) instanceof Number number) {
      vertx
          .eventBus()
          .send(
              Addresses.nodes(asker),
              new JsonObject().put(NUMBER, number).put(FIGURES, figures.get()));
    }
  }

  private void answered(Message<Object> message) {
    if (message.body() instanceof JsonObject told
        && told.getValue(NUMBER) instanceof Number number
        && told.getValue(FIGURES) instanceof JsonObject figures) {
      Pending waiting = pending.get(number.longValue());
      if (waiting != null) {
        waiting.answers.add(figures);
        if (waiting.answers.size() >= waiting.nodes) {
          finish(number.longValue());
        }
      }
    }
  }

  private void finish(long number) {
    Pending waiting = pending.remove(number);
    if (waiting != null) {
      waiting.promise.complete(List.copyOf(waiting.answers));
    }
  }

  /**
   * Asks all nodes, of which there are so many. Completes when all have answered, or after a second
   * with what there is; fails if too many questions wait already.
   */
  public Future<List<JsonObject>> ask(int nodes) {
    if (pending.size() >= MOST_PENDING) {
      return Future.failedFuture("too many questions to nodes at once");
    }
    long number = ++last;
    Pending waiting = new Pending(nodes);
    pending.put(number, waiting);
    vertx.setTimer(PATIENCE_MS, timer -> finish(number));
    vertx
        .eventBus()
        .publish(Addresses.NODES, new JsonObject().put(ASKER, node).put(NUMBER, number));
    return waiting.promise.future();
  }
}
