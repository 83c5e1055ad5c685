package io.ppstp.tracker.tap.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What of an event is said outside of its line; immutable.
 *
 * @param node the process that published it, null if it names none
 * @param seq its number there, 0 if it has none
 * @param swarm the swarm that it is about: the one joined of a switch, the first of several, null
 *     if there is none
 */
record EventRecord(@Nullable String node, long seq, @Nullable String swarm) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Returns the record of the line between {@code from} and {@code to}, which is copied. */
  static ProducerRecord<byte[], byte[]> of(String topic, byte[] lines, int from, int to) {
    EventRecord event = read(lines, from, to - from);
    byte[] key = event.swarm == null ? null : event.swarm.getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(topic, null, null, key, Arrays.copyOfRange(lines, from, to));
    if (event.node != null) {
      made.headers()
          .add("node", event.node.getBytes(UTF_8))
          .add("seq", Long.toString(event.seq).getBytes(UTF_8));
    }
    return made;
  }

  /** Returns what a line says, as far as it can be read. */
  static EventRecord read(byte[] lines, int from, int length) {
    String node = null;
    long seq = 0;
    String swarm = null;
    try (JsonParser parser = JSON.createParser(lines, from, length)) {
      parser.nextToken();
      while ((node == null || seq == 0 || swarm == null)
          && parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING && member.equals("node")) {
          node = parser.getText();
        } else if (value == JsonToken.VALUE_STRING && member.equals("swarm_id")) {
          swarm = parser.getText();
        } else if (value == JsonToken.VALUE_NUMBER_INT && member.equals("seq")) {
          seq = parser.getLongValue();
        } else if (value == JsonToken.START_ARRAY && member.equals("swarm_ids")) {
          swarm = first(parser);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // The line is handed on all the same, as to every output.
    }
    return new EventRecord(node, seq, swarm);
  }

  private static @Nullable String first(JsonParser parser) throws IOException {
    String first = null;
    while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
      if (first == null && parser.currentToken() == JsonToken.VALUE_STRING) {
        first = parser.getText();
      }
      parser.skipChildren();
    }
    return first;
  }
}
