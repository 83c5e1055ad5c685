package io.ppstp.tracker.security;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Something read from files that can be read again while the tracker runs. Thread-safe. */
public interface Reloadable {

  /** Returns what it is, for the log, such as {@code accounts}. */
  String name();

  /** Returns the files whose change calls for a reload; empty if only a signal does. */
  Set<Path> files();

  /**
   * Reads the files again and puts what they say in force, whole or not at all. May block.
   *
   * @throws IOException if a file cannot be read or says nothing good, in words for the operator
   *     and without secrets; what was in force stays
   */
  void reload() throws IOException;
}
