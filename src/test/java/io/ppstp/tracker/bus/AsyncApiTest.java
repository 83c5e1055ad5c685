package io.ppstp.tracker.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds {@code src/docs/events.asyncapi.json} to the events, their schema and their channels. */
class AsyncApiTest {
  private static final Path FOLDER = Path.of("src", "docs");
  private static final String SCHEMA = "events.schema.json";

  private final JsonNode document = read("events.asyncapi.json");

  private static JsonNode read(String file) {
    try {
      return Json.parse(Files.readString(FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = new ArrayList<>();
    document.findValuesAsText("$ref", references);

    assertTrue(references.size() > 3 * TrackerEvent.KINDS.size(), references::toString);
    for (String reference : references) {
      int hash = reference.indexOf('#');
      String file = hash < 0 ? reference : reference.substring(0, hash);
      JsonNode target = file.isEmpty() ? document : read(file);
      String pointer = hash < 0 ? "" : reference.substring(hash + 1);
      assertFalse(target.at(pointer).isMissingNode(), reference);
    }
  }

  @Test
  void everyKindIsAMessageOfBothChannels() {
    assertEquals("3.0.0", document.path("asyncapi").asText());
    assertEquals(TrackerEvent.KINDS, messages("bus"));
    assertEquals(with(TrackerEvent.KINDS, "lost"), messages("stream"));
    assertEquals(Addresses.EVENTS, document.at("/channels/bus/address").asText());
    // EventsIT reads the stream there.
    assertEquals("/api/v1/events", document.at("/channels/stream/address").asText());
  }

  private Set<String> messages(String channel) {
    Set<String> names = new TreeSet<>();
    document
        .path("channels")
        .path(channel)
        .path("messages")
        .fieldNames()
        .forEachRemaining(names::add);
    for (String name : names) {
      assertEquals(name, document.at("/components/messages/" + name + "/name").asText());
    }
    return names;
  }

  private static Set<String> with(Set<String> all, String one) {
    Set<String> more = new TreeSet<>(all);
    more.add(one);
    return more;
  }

  /** The payload of each message fits the events of its kind, and no others. */
  @Test
  void whatIsPublishedFitsItsMessageOnly() {
    for (String kind : TrackerEvent.KINDS) {
      JsonNode payload = document.at("/components/messages/" + kind + "/payload/allOf");
      assertEquals(SCHEMA, payload.at("/0/$ref").asText());
      String own = payload.at("/1/$ref").asText().replace(SCHEMA, "");
      ObjectNode whole = (ObjectNode) read(SCHEMA);
      whole.remove("oneOf");
      whole.put("$ref", own);
      JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(whole);
      for (JsonObject event : EventSchemaTest.events().toList()) {
        boolean fits = schema.validate(Json.parse(event.encode())).isEmpty();
        assertEquals(event.getString("event").equals(kind), fits, () -> kind + ": " + event);
      }
    }
  }
}
