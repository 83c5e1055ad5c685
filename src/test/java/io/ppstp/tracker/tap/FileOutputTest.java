package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.tap.Output.FilePosition;
import io.ppstp.tracker.tap.Output.OutputException;
import io.ppstp.tracker.tap.TapPlan.Target;
import io.ppstp.tracker.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOutputTest {
  private static final Instant START = Instant.parse("2026-11-27T21:50:34.5Z");

  @TempDir private Path folder = Path.of("set by JUnit");
  private volatile Instant now = START;
  private final List<String> notes = new ArrayList<>();
  private final List<String> recovered = new ArrayList<>();

  private FileOutput open(long bytes, Optional<FilePosition> known) throws Exception {
    InstantSource clock = () -> now;
    FileOutput output =
        new FileOutput(
            new Target.Files(folder, bytes, Duration.ofMinutes(10)), true, clock, notes::add);
    recovered.clear();
    output.recover(
        known, 1000, (line, from, length) -> recovered.add(new String(line, from, length, UTF_8)));
    return output;
  }

  private static void write(FileOutput output, String... lines) throws Exception {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(UTF_8);
    output.write(Batch.of(text, lines.length));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("events-"))
          .sorted()
          .toList();
    }
  }

  private String content(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!name.endsWith(".gz")) {
      return Files.readString(file);
    }
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private void awaitNames(String... expected) throws Exception {
    Await.until(
        () -> List.of(expected) + " and not " + uncheckedNames(),
        () -> uncheckedNames().equals(List.of(expected)));
  }

  private List<String> uncheckedNames() {
    try {
      return names();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFullFileIsCompressedAndFollowedByTheNext() throws Exception {
    FileOutput output = open(10, Optional.empty());
    write(output, "1", "2");
    write(output, "3", "4");
    write(output, "5", "6");
    now = START.plusSeconds(2);
    write(output, "7", "8", "9", "10", "11");
    awaitNames(
        "events-20261127T215034Z-000.ndjson.gz",
        "events-20261127T215034Z-001.ndjson.gz",
        "events-20261127T215036Z-000.ndjson");
    assertEquals("1\n2\n3\n4\n", content(names().get(0)));
    assertEquals("5\n6\n", content(names().get(1)));
    output.close();
  }

  @Test
  void anOldFileIsClosedAlsoIfNothingComes() throws Exception {
    FileOutput output = open(1000, Optional.empty());
    output.rest();
    write(output, "1");
    now = START.plusSeconds(599);
    output.rest();
    assertEquals(List.of("events-20261127T215034Z-000.ndjson"), names());
    now = START.plusSeconds(600);
    output.rest();
    awaitNames("events-20261127T215034Z-000.ndjson.gz");
    write(output, "2");
    awaitNames("events-20261127T215034Z-000.ndjson.gz", "events-20261127T220034Z-000.ndjson");
    output.close();
  }

  @Test
  void namesGoOnWhenTheClockGoesBackAndNothingIsWrittenOver() throws Exception {
    Files.writeString(folder.resolve("events-20271127T215034Z-998.ndjson.gz"), "of before");
    FileOutput output = open(2, Optional.empty());
    write(output, "1");
    write(output, "2");
    awaitNames(
        "events-20271127T215034Z-998.ndjson.gz",
        "events-20271127T215034Z-999.ndjson.gz",
        "events-20271127T215035Z-000.ndjson");
    assertEquals("of before", Files.readString(folder.resolve(names().get(0))));
    output.close();
  }

  @Test
  void afterACrashTheRestOfALineIsCutOffAndTheEndIsReadAgain() throws Exception {
    FileOutput output = open(8, Optional.empty());
    write(output, "1", "2");
    Optional<FilePosition> known = output.position();
    assertEquals(Optional.of(new FilePosition("events-20261127T215034Z-000", 4)), known);
    write(output, "3", "4");
    write(output, "5", "6");
    awaitNames("events-20261127T215034Z-000.ndjson.gz", "events-20261127T215034Z-001.ndjson");
    // As a killed process leaves it: no close.
    output.close();
    Path last = folder.resolve("events-20261127T215034Z-001.ndjson");
    Files.writeString(last, "7 is tor", StandardOpenOption.APPEND);
    Files.writeString(folder.resolve("events-20261127T215034Z-000.ndjson"), "1\n2\n3\n4\n");
    Files.writeString(folder.resolve("events-20261127T215034Z-000.ndjson.gz.part"), "half");

    FileOutput next = open(8, known);
    assertEquals(List.of("3", "4", "5", "6"), recovered);
    write(next, "7");
    assertEquals("5\n6\n7\n", content("events-20261127T215034Z-001.ndjson"));
    assertEquals(
        List.of("events-20261127T215034Z-000.ndjson.gz", "events-20261127T215034Z-001.ndjson"),
        names());
    assertEquals(List.of(), notes);
    next.close();
  }

  @Test
  void ofTwoFilesOfANameNoneIsDeletedIfTheyDiffer() throws Exception {
    String name = "events-20261127T215034Z-000.ndjson";
    Files.writeString(folder.resolve(name), "1\n2\n");
    for (int length : new int[] {3, 5, 0}) {
      try (OutputStream raw = Files.newOutputStream(folder.resolve(name + ".gz"));
          OutputStream out = length > 0 ? new GZIPOutputStream(raw) : raw) {
        out.write("1\n2\n3\n".getBytes(UTF_8), 0, length);
      }
      FileOutput output = open(2, Optional.empty());
      write(output, "3");
      output.close();
      assertEquals("1\n2\n", Files.readString(folder.resolve(name)));
      assertTrue(names().contains(name + ".gz"));
      assertTrue(notes.remove(0).contains("both are left"));
    }
  }

  @Test
  void aFileThatCannotBeSyncedEndsIt() throws Exception {
    FileOutput output = open(2, Optional.empty());
    write(output, "1");
    output.close();
    // As by a disk that fails: then what it has is not known.
    assertTrue(assertThrows(OutputException.class, () -> write(output, "2")).isFatal());
  }

  @Test
  void whatCannotBeCompressedLeavesNoPart() throws Exception {
    Files.createDirectory(folder.resolve("events-20261127T215034Z-000.ndjson"));
    RotatedFiles files = new RotatedFiles(folder);
    assertThrows(IOException.class, () -> files.compress("events-20261127T215034Z-000"));
    assertEquals(List.of("events-20261127T215034Z-000.ndjson"), names());
  }

  @Test
  void aPlaceInACompressedFileIsKept() throws Exception {
    FileOutput output = open(100, Optional.empty());
    write(output, "1", "2");
    now = START.plusSeconds(600);
    output.rest();
    awaitNames("events-20261127T215034Z-000.ndjson.gz");
    Optional<FilePosition> known = output.position();
    output.close();
    FileOutput next = open(100, known);
    assertEquals(known, next.position());
    write(next, "3");
    next.close();
    open(100, known).close();
    assertEquals(List.of("3"), recovered);
  }

  @Test
  void whatACrashOfTheMachineTookIsTold() throws Exception {
    FileOutput output = open(100, Optional.empty());
    write(output, "1", "2");
    Optional<FilePosition> known = output.position();
    output.close();
    Files.writeString(folder.resolve(known.orElseThrow().file() + ".ndjson"), "1\n");
    open(100, known).close();
    assertEquals(List.of(), recovered);
    assertEquals(1, notes.size());
    assertTrue(notes.get(0).contains("lost its last 2 bytes"), notes.get(0));
  }

  @Test
  void aBatchThatWasWrittenInPartIsWrittenOnce() throws Exception {
    FileOutput output = open(100, Optional.empty());
    write(output, "1");
    Path file = folder.resolve(output.position().orElseThrow().file() + ".ndjson");
    Files.writeString(file, "2\n3", StandardOpenOption.APPEND);
    write(output, "2", "3");
    assertEquals("1\n2\n3\n", Files.readString(file));
    output.close();
  }

  @Test
  void twoTapsDoNotWriteToOneFolder() throws Exception {
    FileOutput first = open(100, Optional.empty());
    TapException refused = assertThrows(TapException.class, () -> open(100, Optional.empty()));
    assertTrue(String.valueOf(refused.getMessage()).contains("another tap"));
    first.close();
    open(100, Optional.empty()).close();
  }

  @Test
  void strangersCannotReadWhoWatchesWhat() throws Exception {
    FileOutput output = open(1, Optional.empty());
    write(output, "1");
    write(output, "2");
    awaitNames("events-20261127T215034Z-000.ndjson.gz", "events-20261127T215034Z-001.ndjson");
    for (String name : names()) {
      assertFalse(
          Files.getPosixFilePermissions(folder.resolve(name)).toString().contains("OTHERS"), name);
    }
    output.close();
  }
}
