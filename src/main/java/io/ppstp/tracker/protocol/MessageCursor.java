package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values that RFC 7846's members have in common (identifiers, enumerated words,
 * one-or-many) from a streaming parser, and keeps count of leniencies; {@link MessageNumbers} reads
 * numbers. One message, one thread.
 *
 * <p>Every method expects the parser on the first token of a value and leaves it on the last.
 */
final class MessageCursor {
  private static final int LONGEST_TRANSACTION_ID = 256;
  private static final int LONGEST_WORD = 64;

  private static final int SHORTEST_HASH_ID = 40;

  private final JsonParser parser;
  private final ReaderRules rules;
  private final EnumSet<Leniency> leniencies = EnumSet.noneOf(Leniency.class);

  MessageCursor(JsonParser parser, ReaderRules rules) {
    this.parser = parser;
    this.rules = rules;
  }

  JsonParser parser() {
    return parser;
  }

  ReaderRules rules() {
    return rules;
  }

  /** Returns the leniencies so far; most messages need none. */
  Set<Leniency> leniencies() {
    return leniencies.isEmpty() ? Set.of() : Set.copyOf(leniencies);
  }

  /** Notes a lenient spelling; a strict reader refuses it unless the RFC itself has it. */
  void note(Leniency leniency) throws MalformedException {
    if (rules.strict() && !leniency.isInRfc()) {
      throw new MalformedException("not allowed by policy.strict: " + leniency);
    }
    leniencies.add(leniency);
  }

  /** Takes back what was noted after the leniencies were these. */
  void forgetNotedAfter(Set<Leniency> before) {
    leniencies.retainAll(before);
  }

  /** Returns the nesting depth outside the value that the parser is on. */
  int depthAroundValue() {
    int depth = parser.getParsingContext().getNestingDepth();
    return parser.currentToken().isStructStart() ? depth - 1 : depth;
  }

  /** Moves to the end of a value whose reading was given up inside it. */
  void skipToDepth(int depth) throws IOException {
    while (parser.getParsingContext().getNestingDepth() > depth) {
      parser.nextToken();
    }
  }

  void expectObject(String member) throws MalformedException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new MalformedException(member + " is not an object");
    }
  }

  /** Reads one value of a kind. */
  interface ElementReader<T> {
    T read(MessageCursor cursor) throws IOException, MalformedException;
  }

  /** Reads an array of objects, or a single object in its place. */
  <T> List<T> oneOrMany(String member, ElementReader<T> element)
      throws IOException, MalformedException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      note(Leniency.OBJECT_FOR_ARRAY);
      return List.of(element.read(this));
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new MalformedException(member + " is neither an array nor an object");
    }
    List<T> elements = new ArrayList<>(2);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(element.read(this));
    }
    return elements;
  }

  /** Reads a peer or swarm ID: 1 to {@code longest} characters, none of them a control. */
  String identifier(String member, int longest) throws IOException, MalformedException {
    String id = string(member);
    if (id.isEmpty() || id.length() > longest) {
      throw new MalformedException(member + " has " + id.length() + " characters");
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
        throw new MalformedException(member + " has a control character");
      }
      if (Character.isSurrogate(c) && !pairsAt(id, i)) {
        throw new MalformedException(member + " has half a surrogate pair");
      }
    }
    return rules.foldHexIds() && isHash(id) ? id.toLowerCase(Locale.ROOT) : id;
  }

  private static boolean isHash(String id) {
    return id.length() >= SHORTEST_HASH_ID
        && id.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
  }

  private static boolean pairsAt(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  /** Reads a transaction ID, which the response will repeat. */
  String transactionId() throws IOException, MalformedException {
    JsonToken token = parser.currentToken();
    boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    if (!number && token != JsonToken.VALUE_STRING) {
      throw new MalformedException("transaction_id is not a string");
    }
    if (parser.getTextLength() > LONGEST_TRANSACTION_ID) {
      throw new MalformedException("transaction_id is too long");
    }
    String id = parser.getText();
    for (int i = 0; i < id.length(); i++) {
      if (Character.isSurrogate(id.charAt(i)) && !pairsAt(id, i)) {
        throw new MalformedException("transaction_id has half a surrogate pair");
      }
    }
    if (number) {
      note(Leniency.TRANSACTION_ID_NUMBER);
    }
    return id;
  }

  String string(String member) throws IOException, MalformedException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new MalformedException(member + " is not a string");
    }
    return parser.getText();
  }

  /**
   * Reads a short string of printable ASCII that lists pass on to other peers. Any other string is
   * noted and passed on to nobody: then it is null.
   */
  @Nullable String word(String member, Leniency otherwise) throws IOException, MalformedException {
    String word = string(member);
    boolean fits = !word.isEmpty() && word.length() <= LONGEST_WORD;
    for (int i = 0; fits && i < word.length(); i++) {
      fits = word.charAt(i) >= ' ' && word.charAt(i) <= '~';
    }
    if (!fits) {
      note(otherwise);
    }
    return fits ? word : null;
  }

  /** Reads one of an enum's names exactly, as request_type and action are (RFC 7846, 7.2). */
  <E extends Enum<E>> E exactly(String member, E[] values) throws IOException, MalformedException {
    String text = string(member);
    for (E value : values) {
      if (value.name().equals(text)) {
        return value;
      }
    }
    throw new MalformedException(member + " has an unknown value");
  }

  /** Reads one of an enum's names in any case. */
  <E extends Enum<E>> E anyCase(String member, E[] values) throws IOException, MalformedException {
    E value = named(string(member), values, Enum::name);
    if (value == null) {
      throw new MalformedException(member + " has an unknown value");
    }
    return value;
  }

  /** Reads one of an enum's spellings in any case; any other string is noted and none of them. */
  <E extends Enum<E>> @Nullable E anyCaseOr(
      Leniency otherwise, String member, E[] values, Function<E, String> spelling)
      throws IOException, MalformedException {
    E value = named(string(member), values, spelling);
    if (value == null) {
      note(otherwise);
    }
    return value;
  }

  private <E extends Enum<E>> @Nullable E named(
      String text, E[] values, Function<E, String> spelling) throws MalformedException {
    for (E value : values) {
      if (spelling.apply(value).equals(text)) {
        return value;
      }
    }
    for (E value : values) {
      if (spelling.apply(value).equalsIgnoreCase(text)) {
        note(Leniency.ENUM_CASE);
        return value;
      }
    }
    return null;
  }

  /**
   * Says inside the reader that a member of a message is not as RFC 7846 has it. An expected
   * outcome on a hostile port, so it carries no stack trace.
   */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String reason) {
      super(reason, null, false, false);
    }
  }
}
