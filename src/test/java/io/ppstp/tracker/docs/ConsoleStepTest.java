package io.ppstp.tracker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleStepTest {
  private static final Markdown DOCUMENT =
      new Markdown(
          Path.of("document.md"),
          List.of(
              "# Heading, with `code`",
              "[link](other.md#there) and `[no](link)`",
              "```console",
              "$ first \\",
              ">   more",
              "one",
              "$ second",
              "```",
              "<!-- not run: needs a moon -->",
              "```console",
              "$ fly",
              "```",
              "```yaml",
              "# no heading",
              "key: value",
              "```"));

  private static ConsoleStep printing(String... lines) {
    return new ConsoleStep(1, "command", List.of(lines));
  }

  @Test
  void sessionsAreReadFromTheirBlocks() {
    List<Markdown.Block> sessions = DOCUMENT.sessions();

    assertEquals(1, sessions.size());
    assertEquals(
        List.of(
            new ConsoleStep(4, "first \\\n  more", List.of("one")),
            new ConsoleStep(7, "second", List.of())),
        ConsoleStep.of(sessions.get(0)));
  }

  @Test
  void aDocumentIsPartedIntoProseAndCode() {
    assertEquals(List.of("heading-with-code"), DOCUMENT.anchors());
    assertEquals(List.of("other.md#there"), DOCUMENT.links());
    assertEquals(List.of(false, true, false), excuses(DOCUMENT));
  }

  private static List<Boolean> excuses(Markdown document) {
    return document.blocks().stream().map(Markdown.Block::isExcused).toList();
  }

  @Test
  void outputBeforeAnyCommandIsRefused() {
    Markdown.Block block = new Markdown.Block(7, "console", "", List.of("output"));

    assertThrows(IllegalArgumentException.class, () -> ConsoleStep.of(block));
  }

  @Test
  void outputHasToBeAsExpected() {
    assertTrue(printing("one", "two").mayPrint("one\ntwo\n\n"));
    assertFalse(printing("one", "two").mayPrint("one\n"));
    assertFalse(printing("one").mayPrint("one\ntwo\n"));
    assertFalse(printing("a.c").mayPrint("abc\n"));
  }

  @Test
  void silenceIsExpectedWhereNothingIsShown() {
    assertTrue(printing().mayPrint("\n"));
    assertFalse(printing().mayPrint("curl: (7) Failed to connect\n"));
  }

  @Test
  void dotsStandForAnything() {
    assertTrue(printing("{\"port\":...,\"n\":1}").mayPrint("{\"port\":123,\"n\":1}\n"));
    assertFalse(printing("{\"port\":...,\"n\":1}").mayPrint("{\"port\":123,\"n\":2}\n"));
    assertTrue(printing("...", "last").mayPrint("a\nb\nlast\n"));
    assertTrue(printing("...", "last").mayPrint("last\n"));
    assertFalse(printing("...", "last").mayPrint("a\nb\n"));
  }

  @Test
  void timesAreAllAlike() {
    assertTrue(
        printing("2026-11-22T00:46:30.741Z INFO  x").mayPrint("2030-01-02T03:04:05Z INFO  x\n"));
    assertFalse(printing("2026-11-22T00:46:30.741Z INFO  x").mayPrint("INFO  x\n"));
  }

  @Test
  void whatTheShellSaysOfKilledJobsIsNoOutput() {
    assertTrue(printing("one").mayPrint("script: line 7:  1234 Killed    java -jar x &\none\n"));
  }
}
