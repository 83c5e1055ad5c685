package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.NodeQuestions.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The way between the nodes to what each has counted of channels: a question goes to all, and each
 * answers. Confined to the context that opened it.
 */
public final class ChannelBus {
  /** Swarms of one question at most. */
  public static final int MOST = 1000;

  private static final String SWARM_IDS = "swarm_ids";
  private static final String CURVES = "curves";
  private static final String HIGHEST_BY = "highest_by";
  private static final Topic<JsonArray> TOPIC =
      new Topic<>(Addresses.CHANNELS, Addresses::channels, JsonArray.class);

  private final NodeQuestions<JsonArray> questions;

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

  private ChannelBus(NodeQuestions<JsonArray> questions) {
    this.questions = questions;
  }

  /**
   * Opens the way on the present context.
   *
   * @param node that this is, as events name it
   * @param answer what this node answers; what fails is not answered
   */
  public static Future<ChannelBus> open(
      Vertx vertx, String node, Function<ChannelQuestion, Future<JsonArray>> answer) {
    return NodeQuestions.open(vertx, node, TOPIC, asked -> answer(asked, answer))
        .map(ChannelBus::new);
  }

  private static Future<JsonArray> answer(
      JsonObject asked, Function<ChannelQuestion, Future<JsonArray>> answer) {
    if (asked.getValue(SWARM_IDS) instanceof JsonArray ids
        && ids.size() <= MOST
        && asked.getValue(CURVES) instanceof Boolean curves) {
      List<String> swarmIds = new ArrayList<>(ids.size());
      ids.forEach(id -> swarmIds.add(String.valueOf(id)));
      String by = asked.getValue(HIGHEST_BY) instanceof String text ? text : "";
      return answer.apply(new ChannelQuestion(swarmIds, curves, by));
    }
    return Future.failedFuture("no question about channels");
  }

  /**
   * Asks all nodes, of which there are so many. Completes when all have answered, or after a second
   * with what there is; fails if too many questions wait already.
   */
  public Future<ChannelAnswers> ask(ChannelQuestion question, int nodes) {
    JsonObject asked =
        new JsonObject()
            .put(SWARM_IDS, new JsonArray(question.swarmIds()))
            .put(CURVES, question.curves())
            .put(HIGHEST_BY, question.highestBy());
    return questions
        .ask(asked, nodes)
        .map(told -> new ChannelAnswers(told.answers(), told.partial()));
  }
}
