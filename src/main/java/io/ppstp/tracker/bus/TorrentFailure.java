package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a BitTorrent client is told in place of an answer, bencoded (BEP 3), with HTTP's status 200:
 * clients look no further otherwise. Stateless.
 */
public final class TorrentFailure {
  private TorrentFailure() {}

  /** Returns the answer that says why; {@code reason} is ASCII. */
  public static byte[] of(String reason) {
    return of(reason, null);
  }

  /**
   * Returns the answer that says why, and when to come again (BEP 31).
   *
   * @param wait null if that is not known
   */
  public static byte[] of(String reason, @Nullable Duration wait) {
    StringBuilder answer = new StringBuilder(64 + reason.length());
    answer.append("d14:failure reason").append(reason.length()).append(':').append(reason);
    if (wait != null) {
      // In whole minutes.
      answer.append("8:retry ini").append(wait.plusMillis(59_999).toMinutes()).append('e');
    }
    return answer.append('e').toString().getBytes(US_ASCII);
  }
}
