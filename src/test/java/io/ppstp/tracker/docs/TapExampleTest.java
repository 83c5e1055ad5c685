package io.ppstp.tracker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the application of {@code src/examples/tap-vertx} to the tracker: it joins a cluster only
 * with the tracker's version of Hazelcast, and is built without asking for anything more than the
 * tracker only with its versions of all else.
 */
class TapExampleTest {
  private static final Path EXAMPLE = Path.of("src", "examples", "tap-vertx");
  private static final Pattern PROPERTY = Pattern.compile("<([\\w-]+\\.version)>([^<]+)</");
  private static final Pattern PLUGIN =
      Pattern.compile("<artifactId>(maven-[\\w-]+-plugin)</artifactId>\\s*<version>([^<]+)</");

  private static Map<String, String> in(Path pom, Pattern pattern) throws IOException {
    Map<String, String> found = new TreeMap<>();
    Matcher matcher = pattern.matcher(Files.readString(pom));
    while (matcher.find()) {
      found.put(matcher.group(1), matcher.group(2));
    }
    return found;
  }

  @Test
  void itsVersionsAreThoseOfTheTracker() throws IOException {
    for (Pattern pattern : List.of(PROPERTY, PLUGIN)) {
      Map<String, String> theirs = in(EXAMPLE.resolve("pom.xml"), pattern);
      Map<String, String> ours = in(Path.of("pom.xml"), pattern);
      ours.keySet().retainAll(theirs.keySet());
      assertEquals(ours, theirs);
      assertTrue(theirs.size() > 3, theirs::toString);
    }
  }

  @Test
  void thePageNamesItsCoordinates() throws IOException {
    Map<String, String> versions = in(EXAMPLE.resolve("pom.xml"), PROPERTY);
    String page = Files.readString(Path.of("src", "docs", "events.md"));
    for (String row :
        List.of(
            "| `io.vertx:vertx-core` | " + versions.get("vertx-core.version") + " |",
            "| `io.vertx:vertx-hazelcast` | " + versions.get("vertx.version") + " |",
            "| `com.hazelcast:hazelcast` | " + versions.get("hazelcast.version") + " |")) {
      assertTrue(page.contains(row), row);
    }
  }

  /** Whoever begins with the page begins with what is tested. */
  @Test
  void thePageShowsItsSource() throws IOException {
    String page = Files.readString(Path.of("src", "docs", "events.md"));
    String source =
        Files.readString(
            EXAMPLE
                .resolve(Path.of("src", "main", "java", "io", "ppstp", "examples", "tap"))
                .resolve("Tap.java"));
    Matcher java = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    int shown = 0;
    while (java.find()) {
      shown++;
      assertTrue(
          source.replaceAll("(?m)^ +", "").contains(unindented(java.group(1))), java.group());
    }
    assertTrue(shown > 0, "nothing is shown");
  }

  private static String unindented(String code) {
    return code.replaceAll("(?m)^ +", "");
  }
}
