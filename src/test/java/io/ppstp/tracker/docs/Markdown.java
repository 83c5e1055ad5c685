package io.ppstp.tracker.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document in Markdown, as far as tests look at it: code blocks, headings and links. Immutable.
 *
 * @param file where it is, relative to the repository
 * @param lines all of it
 */
record Markdown(Path file, List<String> lines) {
  private static final Path README = Path.of("README.md");
  private static final Path FOLDER = Path.of("src", "docs");

  private static final Pattern FENCE = Pattern.compile("(\\s*)(`{3,})(\\S*).*");
  private static final Pattern COMMENT = Pattern.compile("<!--\\s*(.*?)\\s*-->");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^()\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  /**
   * A fenced block.
   *
   * @param line of its first line within the document, from 1
   * @param language after the fence, or empty
   * @param comment the HTML comment on the line before the fence, or empty
   */
  record Block(int line, String language, String comment, List<String> lines) {
    private static final String NOT_RUN = "not run: ";

    /** Returns whether it is a session that tests run. */
    boolean isSession() {
      return language.equals("console") && !isExcused();
    }

    /** Returns whether the document says why tests do not run it. */
    boolean isExcused() {
      return comment.startsWith(NOT_RUN) && comment.length() > NOT_RUN.length();
    }

    /** Returns whether it is for a shell. */
    boolean isForShell() {
      return List.of("console", "sh", "bash", "shell", "shell-session").contains(language);
    }
  }

  static Markdown read(Path file) throws IOException {
    return new Markdown(file, Files.readAllLines(file));
  }

  /** Returns README and all of {@code src/docs}, in their order. */
  static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
      return Stream.concat(Stream.of(README), pages.stream()).toList();
    }
  }

  /** Returns its code blocks, in their order. */
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      Matcher fence = FENCE.matcher(lines.get(at));
      if (!fence.matches()) {
        at++;
        continue;
      }
      String indent = fence.group(1);
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).strip().equals(fence.group(2))) {
        end++;
      }
      List<String> content = new ArrayList<>();
      for (String line : lines.subList(at + 1, end)) {
        content.add(line.startsWith(indent) ? line.substring(indent.length()) : line.strip());
      }
      blocks.add(new Block(at + 2, fence.group(3), commentBefore(at), content));
      at = end + 1;
    }
    return blocks;
  }

  private String commentBefore(int at) {
    Matcher comment = COMMENT.matcher(at == 0 ? "" : lines.get(at - 1).strip());
    return comment.matches() ? comment.group(1) : "";
  }

  /** Returns its sessions, one after the other as one. */
  List<Block> sessions() {
    return blocks().stream().filter(Block::isSession).toList();
  }

  /** Returns what its links point to. */
  List<String> links() {
    List<String> links = new ArrayList<>();
    for (String line : prose()) {
      Matcher link = LINK.matcher(CODE.matcher(line).replaceAll("code"));
      while (link.find()) {
        links.add(link.group(1));
      }
    }
    return links;
  }

  /** Returns the names of its headings, as links write them after {@code #}. */
  List<String> anchors() {
    List<String> anchors = new ArrayList<>();
    for (String line : prose()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String name = heading.group(1).toLowerCase(Locale.ROOT);
        anchors.add(name.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }

  /** Returns its lines without those of code blocks. */
  List<String> prose() {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      if (FENCE.matcher(line).matches()) {
        code = !code;
      } else if (!code) {
        prose.add(line);
      }
    }
    return prose;
  }
}
