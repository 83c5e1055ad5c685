package io.ppstp.tracker.networks;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ppstp.tracker.networks.AltoDocument.VersionTag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an ALTO document says of itself (RFC 7285, Section 8.4.1), as far as it is needed. Confined
 * to one reading.
 */
final class AltoMeta {
  private static final int MOST_TEXTS = 1_000;

  private final JsonParser in;
  private @Nullable VersionTag version;
  private @Nullable VersionTag dependsOn;
  private @Nullable String defaultMap;
  private boolean routingCost;
  private final Set<String> routingCosts = new HashSet<>();

  AltoMeta(JsonParser in) {
    this.in = in;
  }

  /** Reads the object that the parser is at. */
  void read() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new TableException("meta is no object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      if (field.equals("vtag")) {
        version = versionTag();
      } else if (field.equals("cost-type")) {
        routingCost = isRoutingCost(object());
      } else if (field.equals("default-alto-network-map") && value == JsonToken.VALUE_STRING) {
        defaultMap = in.getText();
      } else if (field.equals("cost-types") && value == JsonToken.START_OBJECT) {
        costTypes();
      } else if (field.equals("dependent-vtags") && value == JsonToken.START_ARRAY) {
        while (in.nextToken() == JsonToken.START_OBJECT) {
          dependsOn = versionTag();
        }
      } else {
        in.skipChildren();
      }
    }
  }

  private void costTypes() throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      if (isRoutingCost(object()) && routingCosts.size() < MOST_TEXTS) {
        routingCosts.add(name);
      }
    }
  }

  private VersionTag versionTag() throws IOException {
    Map<String, String> texts = object();
    return new VersionTag(texts.getOrDefault("resource-id", ""), texts.getOrDefault("tag", ""));
  }

  private static boolean isRoutingCost(Map<String, String> costType) {
    return "numerical".equals(costType.get("cost-mode"))
        && "routingcost".equals(costType.get("cost-metric"));
  }

  /** Returns the texts of the object that the parser is at; none if it is none. */
  private Map<String, String> object() throws IOException {
    Map<String, String> texts = new HashMap<>(4);
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return texts;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      if (in.nextToken() == JsonToken.VALUE_STRING && texts.size() < MOST_TEXTS) {
        texts.put(field, in.getText());
      } else {
        in.skipChildren();
      }
    }
    return texts;
  }

  /** Returns the texts of the array that {@code in} is at; none if it is none. */
  static List<String> texts(JsonParser in) throws IOException {
    List<String> texts = new ArrayList<>();
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return texts;
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() == JsonToken.VALUE_STRING && texts.size() < MOST_TEXTS) {
        texts.add(in.getText());
      } else {
        in.skipChildren();
      }
    }
    return texts;
  }

  /** Returns the version of a network map. */
  @Nullable VersionTag version() {
    return version;
  }

  /** Returns the version of the network map that costs are about. */
  @Nullable VersionTag dependsOn() {
    return dependsOn;
  }

  @Nullable String defaultMap() {
    return defaultMap;
  }

  /** Returns whether costs are numbers that grow with what a path costs. */
  boolean isRoutingCost() {
    return routingCost;
  }

  /** Returns the names of the types of such costs. */
  Set<String> routingCosts() {
    return Set.copyOf(routingCosts);
  }
}
