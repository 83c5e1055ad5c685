package io.ppstp.tracker.app.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the process is told and tells in the encoding of its locale. Java puts U+FFFD in place of
 * bytes that this encoding lacks, so what was meant is lost and has to be refused: an account of
 * such a name could never be used. Stateless.
 */
public final class LocaleText {
  private static final char REPLACEMENT = '\ufffd';
  private static final String PREFIX = "PPSTP_";

  private LocaleText() {}

  /**
   * Returns what is wrong with the first argument or variable of ours that could not be decoded,
   * and what to set; empty if all could.
   *
   * @param environment of which only names that begin with {@code PPSTP_} are looked at
   */
  public static Optional<String> fault(String[] arguments, Map<String, String> environment) {
    for (int i = 0; i < arguments.length; i++) {
      if (!isDecoded(arguments[i])) {
        return Optional.of("argument " + (i + 1) + " (" + shown(arguments[i]) + ")" + advice());
      }
    }
    return new TreeMap<>(environment)
        .entrySet().stream()
            .filter(variable -> variable.getKey().startsWith(PREFIX))
            .filter(variable -> !isDecoded(variable.getValue()))
            .map(variable -> "the variable " + variable.getKey() + advice())
            .findFirst();
  }

  /** Returns whether no character of {@code text} stands for bytes that mean nothing. */
  public static boolean isDecoded(String text) {
    return text.indexOf(REPLACEMENT) < 0;
  }

  /** Returns the rest of a sentence about something that is not decoded. */
  public static String advice() {
    return " cannot be read in this locale's encoding, "
        + System.getProperty("sun.jnu.encoding", "which is unknown")
        + "; set LC_ALL=C.UTF-8 and write it in UTF-8";
  }

  private static String shown(String argument) {
    return argument.replaceAll("\\p{Cntrl}", " ").replace(REPLACEMENT, '?');
  }

  /**
   * Lets standard output and error be UTF-8 where they would be ASCII, which is part of it: a
   * question mark in place of a letter would be a wrong name.
   *
   * @return the encoding of both
   */
  public static Charset widenOutput() {
    Charset locale =
        Charset.forName(System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
    if (!locale.equals(US_ASCII)) {
      return locale;
    }
    System.setOut(stream(FileDescriptor.out));
    System.setErr(stream(FileDescriptor.err));
    return UTF_8;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, UTF_8);
  }
}
