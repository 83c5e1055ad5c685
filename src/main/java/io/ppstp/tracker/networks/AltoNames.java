package io.ppstp.tracker.networks;

import io.ppstp.tracker.networks.AltoDocument.VersionTag;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names of ALTO may look like (RFC 7285, Sections 10.1 to 10.3). Stateless. */
final class AltoNames {
  static final int MOST_PIDS = 10_000;

  private static final Pattern PID = Pattern.compile("[0-9A-Za-z\\-:@_.]{1,64}");
  private static final Pattern RESOURCE_ID = Pattern.compile("[0-9A-Za-z\\-:@_]{1,64}");
  private static final Pattern TAG = Pattern.compile("[\\x21-\\x7e]{1,64}");

  private AltoNames() {}

  /** Checks the name of one more PID than {@code known}. */
  static void checkPid(String pid, int known) throws TableException {
    if (!PID.matcher(pid).matches()) {
      throw new TableException("the name of a PID is none");
    }
    if (known >= MOST_PIDS) {
      throw new TableException("more than " + MOST_PIDS + " PIDs");
    }
  }

  /**
   * Returns what has been read, if it is whole.
   *
   * @param field that it is needed in
   */
  static VersionTag checked(@Nullable VersionTag read, String field) throws TableException {
    if (read == null
        || !RESOURCE_ID.matcher(read.map()).matches()
        || !TAG.matcher(read.tag()).matches()) {
      throw new TableException("meta has no " + field + " with a resource-id and a tag");
    }
    return read;
  }
}
