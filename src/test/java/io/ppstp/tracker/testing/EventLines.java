package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads what a tap has written: events, one a line. Stateless. */
public final class EventLines {
  private EventLines() {}

  /** Returns the lines of a file, none if it is not there yet. */
  public static List<String> of(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Returns the lines of all files in a folder, in the order of their names, as zcat does. */
  public static List<String> ofFolder(Path folder) throws IOException {
    while (true) {
      try {
        List<String> lines = new ArrayList<>();
        for (Path file : files(folder)) {
          lines.addAll(read(file));
        }
        return lines;
      } catch (NoSuchFileException e) {
        // It was compressed just now.
      }
    }
  }

  /** A file that is just being compressed has two names. */
  private static List<Path> files(Path folder) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> found = Files.list(folder)) {
      found
          .filter(file -> file.toString().matches(".*/events-[^/]*\\.ndjson(\\.gz)?"))
          .sorted()
          .forEach(file -> files.put(file.toString().replace(".gz", ""), file));
    }
    return List.copyOf(files.values());
  }

  private static List<String> read(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  /** Returns the numbers of the events of each node, as they stand. */
  public static Map<String, List<Long>> numbers(List<String> lines) {
    Map<String, List<Long>> numbers = new TreeMap<>();
    for (String line : lines) {
      JsonNode event = Json.parse(line);
      numbers
          .computeIfAbsent(event.path("node").asText(), node -> new ArrayList<>())
          .add(event.path("seq").asLong());
    }
    return numbers;
  }

  /** Holds that each number of a node is there from its first to its last, and once. */
  public static void assertWhole(List<String> lines) {
    numbers(lines)
        .forEach(
            (node, seqs) -> {
              List<Long> sorted = seqs.stream().sorted().toList();
              for (int i = 0; i < sorted.size(); i++) {
                assertEquals(sorted.get(0) + i, sorted.get(i), "events of " + node);
              }
            });
  }
}
