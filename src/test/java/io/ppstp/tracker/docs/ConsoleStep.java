package io.ppstp.tracker.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One command of a session and what it prints; immutable.
 *
 * <p>A command begins with {@code $} and goes on in lines that begin with {@code >}; what follows
 * is its output. In the output, {@code ...} stands for any text, and on a line of its own for any
 * lines.
 *
 * @param line of the command within its document, from 1
 * @param output expected, line by line
 */
record ConsoleStep(int line, String command, List<String> output) {
  private static final String PROMPT = "$ ";
  private static final String CONTINUED = "> ";
  private static final String ANYTHING = "...";
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

  /** What a shell that is no terminal says of a job that was killed; others say it otherwise. */
  private static final Pattern JOB_ENDED =
      Pattern.compile("(?m)^\\S+: line \\d+: +\\d+ Killed .*\\R?");

  /**
   * Returns the commands of a session.
   *
   * @throws IllegalArgumentException if it begins with output
   */
  static List<ConsoleStep> of(Markdown.Block block) {
    List<ConsoleStep> steps = new ArrayList<>();
    for (int i = 0; i < block.lines().size(); i++) {
      String line = block.lines().get(i);
      int number = block.line() + i;
      if (line.startsWith(PROMPT)) {
        String command = line.substring(PROMPT.length());
        steps.add(new ConsoleStep(number, command, new ArrayList<>()));
        continue;
      }
      if (steps.isEmpty()) {
        throw new IllegalArgumentException("line " + number + " is no command: " + line);
      }
      ConsoleStep last = steps.get(steps.size() - 1);
      if (last.output().isEmpty() && (line + ' ').startsWith(CONTINUED)) {
        String more = line.length() > CONTINUED.length() ? line.substring(CONTINUED.length()) : "";
        steps.set(
            steps.size() - 1,
            new ConsoleStep(last.line(), last.command() + '\n' + more, last.output()));
      } else {
        last.output().add(line);
      }
    }
    return steps;
  }

  /** Returns whether the command may print {@code actual}. */
  boolean mayPrint(String actual) {
    StringBuilder pattern = new StringBuilder();
    for (String line : output) {
      if (line.equals(ANYTHING)) {
        pattern.append("(?:.*\\n)*?");
      } else {
        for (String part : withoutTimes(line).split(Pattern.quote(ANYTHING), -1)) {
          pattern.append(Pattern.quote(part)).append(".*");
        }
        pattern.setLength(pattern.length() - 2);
        pattern.append("\\n");
      }
    }
    String printed = JOB_ENDED.matcher(actual).replaceAll("").stripTrailing();
    return Pattern.matches(
        pattern.toString(), printed.isEmpty() ? "" : withoutTimes(printed) + '\n');
  }

  private static String withoutTimes(String text) {
    return TIME.matcher(text).replaceAll("<time>");
  }
}
