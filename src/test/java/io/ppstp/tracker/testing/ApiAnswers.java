package io.ppstp.tracker.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Holds answers of the management port to the OpenAPI document. Confined to one thread. */
public final class ApiAnswers {
  private static final Path FILE = Path.of("src", "main", "resources", "operators", "openapi.json");

  private final JsonNode document;
  private final Map<String, JsonSchema> schemas = new HashMap<>();

  private ApiAnswers(JsonNode document) {
    this.document = document;
  }

  /** Reads the document. */
  public static ApiAnswers read() throws IOException {
    return new ApiAnswers(Json.parse(Files.readString(FILE)));
  }

  /** Returns the document. */
  public JsonNode document() {
    return document;
  }

  /**
   * Returns the content of an answer, which has to be as the document says.
   *
   * @param path as the document has it
   */
  public JsonNode check(String method, String path, HttpResponse<String> answer) {
    JsonNode described =
        document
            .path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path(Integer.toString(answer.statusCode()));
    assertTrue(
        described.isObject(),
        () -> method + " " + path + " is not to be answered so: " + answer + answer.body());
    String type = answer.headers().firstValue("content-type").orElse("");
    JsonNode schema = described.path("content").path(type).path("schema");
    assertTrue(schema.isObject(), () -> path + " is not to be answered with " + type);
    assertEquals("no-store", answer.headers().firstValue("cache-control").orElse(""), path);
    JsonNode content = Json.parse(answer.body());
    Set<ValidationMessage> faults = schema(schema).validate(content);
    assertEquals(Set.of(), faults, answer::body);
    return content;
  }

  private JsonSchema schema(JsonNode schema) {
    return schemas.computeIfAbsent(
        schema.toString(),
        text -> {
          ObjectNode whole = schema.deepCopy();
          whole.set("components", document.path("components"));
          return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(whole);
        });
  }
}
