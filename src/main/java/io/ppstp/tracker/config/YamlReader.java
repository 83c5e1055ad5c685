package io.ppstp.tracker.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.ppstp.tracker.config.Setting.RawValue;
import io.ppstp.tracker.config.text.Texts;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one YAML file; for one file and one thread.
 *
 * <p>It walks the tokens instead of binding a tree: so each value keeps its line, and a key written
 * twice is seen, whether nested, dotted or both.
 */
final class YamlReader {
  private static final Pattern MARK = Pattern.compile("(?m)^ in .*, line ([0-9]+), column [0-9]+:");

  private final Path file;
  private final Consumer<String> faults;
  private final List<RawValue> values = new ArrayList<>();
  private final Map<String, Integer> lineOfKey = new HashMap<>();

  private YamlReader(Path file, Consumer<String> faults) {
    this.file = file;
    this.faults = faults;
  }

  /**
   * Returns the values written in {@code file}, in its order, and tells {@code faults} what is
   * wrong with it; null if the file as a whole cannot be read.
   */
  static @Nullable List<RawValue> read(Path file, Consumer<String> faults) {
    return new YamlReader(file, faults).read();
  }

  private @Nullable List<RawValue> read() {
    if (Files.isDirectory(file)) {
      return unreadable("is a directory; name a YAML file");
    }
    try (YAMLParser parser = new YAMLFactory().createParser(Files.readString(file))) {
      return document(parser) ? values : null;
    } catch (NoSuchFileException e) {
      return unreadable("there is no such file");
    } catch (CharacterCodingException e) {
      return unreadable("is not UTF-8 text");
    } catch (JsonProcessingException e) {
      return unreadable(notYaml(e));
    } catch (IOException e) {
      return unreadable("cannot be read: " + e);
    }
  }

  private static String notYaml(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    // The parser's own location is that of the last token it knew; the last mark is where it
    // failed.
    String line =
        MARK.matcher(message)
            .results()
            .map(mark -> mark.group(1))
            .reduce((first, second) -> second)
            .map(number -> "line " + number + " ")
            .orElse("");
    // The lines that begin with a space only draw the place.
    return message
        .lines()
        .filter(text -> !text.isBlank() && !text.startsWith(" "))
        .collect(Collectors.joining(", ", line + "is not YAML: ", ""));
  }

  private @Nullable List<RawValue> unreadable(String why) {
    faults.accept(file + ": " + why.replaceAll("[\\s\\p{Cntrl}]+", " "));
    return null;
  }

  /** Reads the whole file; returns whether it is a mapping, or nothing at all. */
  private boolean document(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      mapping(parser, "");
    } else if (first != null && first != JsonToken.VALUE_NULL) {
      unreadable("holds no keys; write them as 'http.port: 7846', or 'port: 7846' below 'http:'");
      return false;
    }
    if (parser.nextToken() != null) {
      unreadable("holds a second YAML document; keep one");
      return false;
    }
    return true;
  }

  /** Reads to the end of a mapping whose keys begin with {@code prefix}; returns their number. */
  private int mapping(YAMLParser parser, String prefix) throws IOException {
    int entries = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      entries++;
      String key = prefix + parser.currentName();
      int line = parser.currentTokenLocation().getLineNr();
      Integer earlier = lineOfKey.putIfAbsent(key, line);
      parser.nextToken();
      if (earlier != null) {
        fault(key, line, "written twice, first in line " + earlier + "; keep one of them");
      }
      Setting setting = Settings.byKey(key);
      if (setting == null) {
        other(parser, key, line);
      } else {
        value(parser, setting, line);
      }
    }
    return entries;
  }

  /** Reads what is written for a key that is no setting: a section, or a fault. */
  private void other(YAMLParser parser, String key, int line) throws IOException {
    boolean section = Settings.isSection(key);
    boolean known =
        switch (parser.currentToken()) {
          case START_OBJECT -> mapping(parser, key + ".") > 0 || section;
          // A section whose keys are all commented out.
          case VALUE_NULL -> section;
          default -> false;
        };
    parser.skipChildren();
    if (!known) {
      faults.accept(Settings.unknownKey(key, source(line)));
    }
  }

  private void value(YAMLParser parser, Setting setting, int line) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      fault(setting.key(), line, "has keys below it; write " + setting.expectation());
      parser.skipChildren();
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<String> items = new ArrayList<>();
      boolean plain = true;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        plain &= parser.currentToken().isScalarValue() && !parser.isCurrentAlias();
        items.add(text(parser));
        parser.skipChildren();
      }
      add(plain, new RawValue(setting, items, true, source(line)), line);
    } else {
      RawValue value = RawValue.text(setting, text(parser), source(line));
      add(!parser.isCurrentAlias(), value, line);
    }
  }

  private void add(boolean plain, RawValue value, int line) {
    if (plain) {
      values.add(value);
    } else {
      fault(
          value.setting().key(),
          line,
          "holds a nested list, a mapping or an alias; write " + value.setting().expectation());
    }
  }

  private static String text(YAMLParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText();
  }

  private void fault(String key, int line, String what) {
    faults.accept(Texts.shown(key) + " (" + source(line) + "): " + what);
  }

  private String source(int line) {
    return file + " line " + line;
  }
}
