package io.ppstp.tracker.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.channels.ChannelMeasure;
import io.ppstp.tracker.testing.ApiAnswers;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The OpenAPI document and the router know the same. */
class EndpointTest {

  @Test
  void theDocumentHasEveryEndpointAndNoOther() throws Exception {
    Map<String, String> served = new TreeMap<>();
    for (Endpoint endpoint : Endpoint.values()) {
      served.put(
          endpoint.method() + " " + endpoint.path(),
          endpoint.role().name().toLowerCase(Locale.ROOT));
    }
    Map<String, String> described = new TreeMap<>();
    JsonNode document = ApiAnswers.read().document();
    document
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        operation ->
                            described.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue().path("x-role").asText())));
    assertEquals(served, described);
  }

  @Test
  void aChannelHasTheMembersThatAreTold() throws Exception {
    JsonNode channel = ApiAnswers.read().document().at("/components/schemas/Channel/properties");
    Set<String> described = new TreeSet<>();
    channel.fieldNames().forEachRemaining(described::add);
    Set<String> told = new TreeSet<>();
    for (RecordComponent component : ChannelView.class.getRecordComponents()) {
      told.add(component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
    }
    assertEquals(told, described);
  }

  @Test
  void channelsAreOrderedByWhatThereIs() throws Exception {
    JsonNode by = ApiAnswers.read().document().at("/paths/~1api~1v1~1channels/get/parameters/1");
    assertEquals("by", by.path("name").asText());
    Set<String> described = new TreeSet<>();
    by.at("/schema/enum").forEach(name -> described.add(name.asText()));
    Set<String> known = new TreeSet<>(ChannelMeasure.names());
    known.add("peers");
    assertEquals(known, described);
  }

  @Test
  void whatTheDocumentRefersToIsThereAndAllOfItIsUsed() throws Exception {
    JsonNode document = ApiAnswers.read().document();
    Set<String> used = new TreeSet<>();
    for (String part : document.toString().split("#/components/schemas/", -1)) {
      used.add(part.split("\"", 2)[0]);
    }
    Set<String> defined = new TreeSet<>();
    document.path("components").path("schemas").fieldNames().forEachRemaining(defined::add);
    assertTrue(used.containsAll(defined), () -> "not all used: " + defined + " " + used);
    for (String name : defined) {
      assertTrue(used.contains(name), name);
    }
    used.removeIf(name -> name.isEmpty() || name.startsWith("{"));
    assertEquals(defined, used);
  }
}
