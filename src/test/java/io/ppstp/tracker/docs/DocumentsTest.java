package io.ppstp.tracker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds all documents of the repository to what a reader takes for granted. */
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final int LONGEST_README = 8 * 1024;

  /** Documents are named in prose, comments and messages too, where nothing else would notice. */
  private static final Pattern MENTION =
      Pattern.compile("\\bsrc/(?:docs|bench)/[\\w.-]*\\.(?:md|svg)");

  private static List<Path> files(Predicate<String> name) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(""))) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith("target") && !file.startsWith(".git"))
          .filter(file -> name.test(file.toString()))
          .sorted()
          .toList();
    }
  }

  @Test
  void readmeIsShort() throws IOException {
    assertTrue(Files.size(README) <= LONGEST_README, () -> README + " is longer than 8 KB");
  }

  @Test
  void readmeLeadsToEveryPage() throws IOException {
    List<String> links = Markdown.read(README).links();
    for (Path page : Markdown.documents()) {
      assertTrue(page.equals(README) || links.contains(page.toString()), page.toString());
    }
  }

  @Test
  void noLinkIsDead() throws IOException {
    List<String> dead = new ArrayList<>();
    int followed = 0;
    for (Path file : files(name -> name.endsWith(".md"))) {
      for (String link : Markdown.read(file).links()) {
        if (!link.contains("://")) {
          followed++;
          if (isDead(file, link)) {
            dead.add(file + ": " + link);
          }
        }
      }
    }
    assertEquals(List.of(), dead);
    assertTrue(followed > 10, "hardly any link was found");
  }

  private static boolean isDead(Path from, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return true;
    }
    return parts.length == 2 && !Markdown.read(target).anchors().contains(parts[1]);
  }

  @Test
  void everyDocumentThatIsMentionedIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    Pattern text = Pattern.compile(".*\\.(md|java|xml|yaml)|.*(run|file)");
    for (Path file : files(name -> text.matcher(name).matches())) {
      String content = Files.readString(file);
      Matcher mention = MENTION.matcher(content);
      while (mention.find()) {
        if (!Files.exists(Path.of(mention.group()))) {
          missing.add(file + ": " + mention.group());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  /** What is for a shell is run by {@link DocsIT}, or the document says why not. */
  @Test
  void whatIsNotRunHasAReason() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path document : Markdown.documents()) {
      for (Markdown.Block block : Markdown.read(document).blocks()) {
        if (block.language().isEmpty()) {
          faults.add(document + ":" + block.line() + " says no language");
        } else if (block.isForShell() && !block.isSession() && !block.isExcused()) {
          faults.add(document + ":" + block.line() + " is not run and says not why");
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void sessionsBeginWithCommands() throws IOException {
    int commands = 0;
    for (Path document : Markdown.documents()) {
      for (Markdown.Block session : Markdown.read(document).sessions()) {
        commands += ConsoleStep.of(session).size();
      }
    }
    assertTrue(commands > 10, "hardly any command was found");
  }

  /**
   * An example that sleeps is too slow here and too fast there; one that kills by name hits more.
   */
  @Test
  void sessionsWaitForConditionsAndStopWhatTheyStart() throws IOException {
    Pattern unwelcome = Pattern.compile("pkill|killall|(?<!do )\\bsleep\\b");
    for (Path document : Markdown.documents()) {
      for (Markdown.Block session : Markdown.read(document).sessions()) {
        for (ConsoleStep step : ConsoleStep.of(session)) {
          assertFalse(unwelcome.matcher(step.command()).find(), step::toString);
        }
      }
    }
  }

  /** Figures without their commit are worth nothing, and those of another one mislead. */
  @Test
  void performanceIsThatOfTheCommitThatWasMeasured() throws IOException {
    Matcher measured =
        Pattern.compile("\\| commit \\| (\\w+) \\|")
            .matcher(Files.readString(Path.of("src", "bench", "RESULTS.md")));
    assertTrue(measured.find(), "RESULTS.md names no commit");
    String page = Files.readString(Path.of("src", "docs", "performance.md"));

    assertTrue(
        page.contains("All figures on this page are of commit `" + measured.group(1) + "`"),
        () -> "performance.md has not followed RESULTS.md to commit " + measured.group(1));
  }
}
