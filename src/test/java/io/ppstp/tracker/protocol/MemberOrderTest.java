package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.content;
import static io.ppstp.tracker.protocol.Messages.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** JSON objects have no order, and may have members that this release does not know. */
class MemberOrderTest {
  private static final int ROUNDS = 300;

  private final SplittableRandom random = Seeds.random();

  @Test
  void theOrderOfMembersAndUnknownOnesAmongThemMakeNoDifference() {
    for (byte[] body : Messages.wellFormed()) {
      Reading.Accepted original = accepted(body);
      for (int i = 0; i < ROUNDS; i++) {
        byte[] mixed = Messages.bytes(mixed(Messages.tree(body)));
        Reading.Accepted reading = accepted(mixed);

        assertEquals(content(original.request()), content(reading.request()), text(mixed));
        assertEquals(original.leniencies(), reading.leniencies(), text(mixed));
      }
    }
  }

  private JsonNode mixed(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> copy.add(mixed(element)));
      return copy;
    }
    return node instanceof ObjectNode object ? mixed(object) : node;
  }

  private ObjectNode mixed(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (int i = random.nextInt(3); i > 0; i--) {
      names.add("x" + i);
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    while (!names.isEmpty()) {
      String name = names.remove(random.nextInt(names.size()));
      copy.set(name, object.has(name) ? mixed(object.get(name)) : unknown(object));
    }
    return copy;
  }

  private JsonNode unknown(ObjectNode object) {
    return switch (random.nextInt(5)) {
      case 0 -> JsonNodeFactory.instance.nullNode();
      case 1 -> JsonNodeFactory.instance.numberNode(random.nextDouble());
      case 2 -> JsonNodeFactory.instance.textNode("\u0000\ud83d\ude00");
      case 3 -> JsonNodeFactory.instance.arrayNode().add(object);
      default -> object;
    };
  }
}
