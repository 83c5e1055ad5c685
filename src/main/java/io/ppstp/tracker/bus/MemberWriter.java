package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.protocol.JsonBuffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Takes the members of a JSON object, one after another. What an event tells is written down once,
 * and becomes an object for the event bus or a text for readers.
 */
public interface MemberWriter {
  /** Puts a text. */
  MemberWriter put(String name, String value);

  /** Puts a number. */
  MemberWriter put(String name, long value);

  /** Puts a truth value. */
  MemberWriter put(String name, boolean value);

  /** Puts an array of texts. */
  MemberWriter put(String name, List<String> values);

  /** Puts an array of objects, each written by {@code each}. */
  <T> MemberWriter put(String name, List<T> elements, BiConsumer<MemberWriter, T> each);

  /** Returns a writer that puts into {@code object}. */
  static MemberWriter into(JsonObject object) {
    return new ToObject(object);
  }

  /** Puts into an object of Vert.x's. */
  record ToObject(JsonObject object) implements MemberWriter {
    @Override
    public MemberWriter put(String name, String value) {
      object.put(name, value);
      return this;
    }

    @Override
    public MemberWriter put(String name, long value) {
      object.put(name, value);
      return this;
    }

    @Override
    public MemberWriter put(String name, boolean value) {
      object.put(name, value);
      return this;
    }

    @Override
    public MemberWriter put(String name, List<String> values) {
      object.put(name, new JsonArray(values));
      return this;
    }

    @Override
    public <T> MemberWriter put(String name, List<T> elements, BiConsumer<MemberWriter, T> each) {
      JsonArray array = new JsonArray();
      for (T element : elements) {
        JsonObject inner = new JsonObject();
        each.accept(new ToObject(inner), element);
        array.add(inner);
      }
      object.put(name, array);
      return this;
    }
  }

  /** Writes JSON in UTF-8. Confined to one thread. */
  final class ToText implements MemberWriter {
    private static final int USUAL_BYTES = 512;

    private final JsonBuffer json = new JsonBuffer(USUAL_BYTES);
    private boolean first;

    private ToText() {}

    /** Returns an object with the members that {@code members} puts. */
    static byte[] of(Consumer<MemberWriter> members) {
      ToText writer = new ToText();
      writer.object(members);
      return writer.json.toByteArray();
    }

    private void object(Consumer<MemberWriter> members) {
      json.raw('{');
      first = true;
      members.accept(this);
      json.raw('}');
      first = false;
    }

    private JsonBuffer name(String name) {
      if (!first) {
        json.raw(',');
      }
      first = false;
      return json.string(name).raw(':');
    }

    @Override
    public MemberWriter put(String name, String value) {
      name(name).string(value);
      return this;
    }

    @Override
    public MemberWriter put(String name, long value) {
      name(name);
      if (value < 0) {
        json.raw(Long.toString(value).getBytes(US_ASCII));
      } else {
        json.number(value);
      }
      return this;
    }

    @Override
    public MemberWriter put(String name, boolean value) {
      name(name).raw(Boolean.toString(value).getBytes(US_ASCII));
      return this;
    }

    @Override
    public MemberWriter put(String name, List<String> values) {
      array(name, values, json::string);
      return this;
    }

    @Override
    public <T> MemberWriter put(String name, List<T> elements, BiConsumer<MemberWriter, T> each) {
      array(name, elements, element -> object(inner -> each.accept(inner, element)));
      return this;
    }

    private <T> void array(String name, List<T> elements, Consumer<T> each) {
      name(name).raw('[');
      boolean more = false;
      for (T element : elements) {
        if (more) {
          json.raw(',');
        }
        each.accept(element);
        more = true;
      }
      json.raw(']');
    }
  }
}
