package io.ppstp.tracker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ppstp.tracker.testing.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Recipes that no test can run for want of the program speak of what events have, at least. */
class RecipesTest {
  private static final Pattern TABLE =
      Pattern.compile("CREATE TABLE events \\((.*?)\\)\\s*ENGINE = (.*?)\\n```", Pattern.DOTALL);
  private static final Pattern COLUMN =
      Pattern.compile("([a-z_]+) ((?:LowCardinality\\(|Array\\()?(\\w+)(?:\\(\\d\\))?\\)?)");

  @Test
  void theColumnsOfTheClickHouseTableAreMembersOfEvents() throws Exception {
    Matcher table = TABLE.matcher(Files.readString(Path.of("src/docs/events.md")));
    assertTrue(table.find());
    Map<String, JsonNode> members = members();
    String rest = table.group(1);
    for (Matcher column = COLUMN.matcher(rest); column.lookingAt(); column = COLUMN.matcher(rest)) {
      JsonNode member = members.getOrDefault(column.group(1), MissingNode.getInstance());
      assertTrue(member.isObject(), column::group);
      assertEquals(
          column.group(2).startsWith("Array") ? "array" : jsonTypeOf(column.group(3)),
          member.path("type").asText("string"),
          column::group);
      rest = rest.substring(column.end()).replaceFirst("^,\\s*", "");
    }
    assertEquals("", rest.strip(), "all columns are read");
    assertEquals("ReplacingMergeTree ORDER BY (node, seq)", table.group(2));
  }

  private static String jsonTypeOf(String column) {
    return column.equals("UInt64") ? "integer" : "string";
  }

  private static Map<String, JsonNode> members() throws Exception {
    JsonNode schema = Json.parse(Files.readString(Path.of("src/docs/events.schema.json")));
    Map<String, JsonNode> members = new HashMap<>();
    schema
        .path("properties")
        .fields()
        .forEachRemaining(it -> members.put(it.getKey(), it.getValue()));
    for (JsonNode kind : schema.path("$defs")) {
      kind.path("properties")
          .fields()
          .forEachRemaining(it -> members.putIfAbsent(it.getKey(), it.getValue()));
    }
    return members;
  }
}
