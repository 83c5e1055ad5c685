package io.ppstp.tracker.bus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private ToText(JsonGenerator json) {
      this.json = json;
    }

    /** Returns an object with the members that {@code members} puts. */
    static byte[] of(Consumer<MemberWriter> members) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
      try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        members.accept(new ToText(json));
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException("memory can be written to", e);
      }
      return bytes.toByteArray();
    }

    private interface Write {
      void run() throws IOException;
    }

    private MemberWriter write(Write write) {
      try {
        write.run();
      } catch (IOException e) {
        throw new UncheckedIOException("memory can be written to", e);
      }
      return this;
    }

    @Override
    public MemberWriter put(String name, String value) {
      return write(() -> json.writeStringField(name, value));
    }

    @Override
    public MemberWriter put(String name, long value) {
      return write(() -> json.writeNumberField(name, value));
    }

    @Override
    public MemberWriter put(String name, boolean value) {
      return write(() -> json.writeBooleanField(name, value));
    }

    @Override
    public MemberWriter put(String name, List<String> values) {
      return write(
          () -> {
            json.writeArrayFieldStart(name);
            for (String value : values) {
              json.writeString(value);
            }
            json.writeEndArray();
          });
    }

    @Override
    public <T> MemberWriter put(String name, List<T> elements, BiConsumer<MemberWriter, T> each) {
      return write(
          () -> {
            json.writeArrayFieldStart(name);
            for (T element : elements) {
              json.writeStartObject();
              each.accept(this, element);
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    }
  }
}
