package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.Output.FilePosition;
import io.ppstp.tracker.tap.TapMark.EventId;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tap remembers for its next run; immutable.
 *
 * @param filter the query by which it asked
 * @param mark how far it was
 * @param position the place in its files, if it writes any
 */
record TapState(String filter, TapMark mark, Optional<FilePosition> position) {
  private static final int VERSION = 1;

  /** Returns the text of a state file. */
  String text() {
    JsonArray seen = new JsonArray();
    mark.seen()
        .forEach(
            (node, its) -> {
              JsonArray unseen = new JsonArray();
              its.unseen().forEach(range -> unseen.add(JsonArray.of(range[0], range[1])));
              seen.add(JsonObject.of("node", node, "seq", its.highest()).put("unseen", unseen));
            });
    JsonObject lastIds = new JsonObject();
    mark.lastIds().forEach((url, id) -> lastIds.put(url, id.toString()));
    JsonObject json = JsonObject.of("v", VERSION, "filter", filter, "last", lastIds, "seen", seen);
    position.ifPresent(
        at -> json.put("file", JsonObject.of("name", at.file(), "length", at.length())));
    return json.encode() + "\n";
  }

  /** Returns what a state file says, empty if it says nothing that this version understands. */
  static Optional<TapState> of(String text) {
    try {
      JsonObject json = new JsonObject(text);
      if (json.getInteger("v", 0) != VERSION) {
        return Optional.empty();
      }
      Map<String, EventId> lastIds = new LinkedHashMap<>();
      JsonObject last = json.getJsonObject("last", new JsonObject());
      for (String url : last.fieldNames()) {
        EventId.of(last.getString(url)).ifPresent(id -> lastIds.put(url, id));
      }
      Map<String, SeqWindow.Mark> seen = new LinkedHashMap<>();
      for (Object each : json.getJsonArray("seen", new JsonArray())) {
        JsonObject node = (JsonObject) each;
        seen.put(
            node.getString("node"),
            new SeqWindow.Mark(node.getLong("seq"), ranges(node.getJsonArray("unseen"))));
      }
      JsonObject file = json.getJsonObject("file");
      return Optional.of(
          new TapState(
              json.getString("filter"),
              new TapMark(lastIds, seen),
              Optional.ofNullable(file)
                  .map(at -> new FilePosition(at.getString("name"), at.getLong("length")))));
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static List<long[]> ranges(JsonArray unseen) {
    List<long[]> ranges = new ArrayList<>();
    for (Object each : unseen) {
      JsonArray range = (JsonArray) each;
      ranges.add(new long[] {range.getLong(0), range.getLong(1)});
    }
    return List.copyOf(ranges);
  }
}
