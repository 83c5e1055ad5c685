package io.ppstp.tracker.bittorrent.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Announce;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Event;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Malformed;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the query of an announce or a scrape in one pass. Confined to one query.
 *
 * <p>A parameter that counts may stand once: of two, somebody between may have gone by the other.
 * Those that are not known, and what a client says of its address ({@code ip}, {@code ipv4}, {@code
 * ipv6}), are passed over. A plus sign is itself, as RFC 3986 has it; a byte beyond ASCII may stand
 * unescaped.
 */
public final class QueryReader {
  /** Swarms of one scrape at most. */
  public static final int MOST_SCRAPED = 64;

  private static final int HASH_BYTES = 20;
  private static final int HIGHEST_PORT = 65535;
  private static final int LONGEST_NUMBER = 20;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(ISO_8859_1);

  private final String query;
  private final byte[] hex = new byte[2 * HASH_BYTES];
  private @Nullable String fault;
  private @Nullable String peerId;
  private @Nullable Event event;
  private final List<String> infoHashes = new ArrayList<>(1);
  private long port = -1;
  private long left = -1;
  private long wanted = Announce.NOT_STATED;
  private boolean leftStated;
  private boolean wantedStated;

  private QueryReader(String query) {
    this.query = query;
  }

  /** Reads what stands behind the question mark of an announce. */
  public static TorrentQuery announce(String query) {
    return new QueryReader(query).announce();
  }

  /** Reads what stands behind the question mark of a scrape. */
  public static TorrentQuery scrape(String query) {
    return new QueryReader(query).scrape();
  }

  private TorrentQuery announce() {
    readAll(true);
    if (fault != null) {
      return new Malformed(fault);
    }
    if (infoHashes.size() != 1) {
      return new Malformed(
          infoHashes.isEmpty() ? "info_hash is missing" : "info_hash stands twice");
    }
    if (peerId == null) {
      return new Malformed("peer_id is missing");
    }
    if (port < 0) {
      return new Malformed("port is missing");
    }
    Event said = event == null ? Event.NONE : event;
    return new Announce(
        infoHashes.get(0),
        peerId,
        (int) port,
        left == 0 || said == Event.COMPLETED,
        said,
        wanted < 0 ? Announce.NOT_STATED : (int) Math.min(wanted, Integer.MAX_VALUE));
  }

  private TorrentQuery scrape() {
    readAll(false);
    if (fault != null) {
      return new Malformed(fault);
    }
    if (infoHashes.isEmpty()) {
      return new Malformed("info_hash is missing: not all swarms are told");
    }
    return new Scrape(List.copyOf(new TreeSet<>(infoHashes)));
  }

  private void readAll(boolean all) {
    int at = 0;
    while (at < query.length() && fault == null) {
      int end = query.indexOf('&', at);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', at);
      if (equals >= 0 && equals < end) {
        read(at, equals, end, all);
      }
      at = end + 1;
    }
  }

  private void read(int at, int equals, int end, boolean all) {
    int from = equals + 1;
    if (isKey("info_hash", at, equals)) {
      String hash = bytes20("info_hash", from, end);
      if (hash != null && infoHashes.size() == MOST_SCRAPED) {
        fault = "more than " + MOST_SCRAPED + " times info_hash";
      } else if (hash != null) {
        infoHashes.add(hash);
      }
    } else if (!all) {
      return;
    } else if (isKey("peer_id", at, equals)) {
      once("peer_id", peerId != null);
      peerId = bytes20("peer_id", from, end);
    } else if (isKey("port", at, equals)) {
      once("port", port >= 0);
      port = number("port", from, end);
      if (port < 0 || port > HIGHEST_PORT) {
        refuse("port is none");
      }
    } else if (isKey("left", at, equals)) {
      once("left", leftStated);
      leftStated = true;
      left = number("left", from, end);
    } else if (isKey("numwant", at, equals)) {
      once("numwant", wantedStated);
      wantedStated = true;
      wanted = number("numwant", from, end);
    } else if (isKey("event", at, equals)) {
      once("event", event != null);
      event = event(from, end);
    }
  }

  private boolean isKey(String key, int at, int end) {
    return end - at == key.length() && query.startsWith(key, at);
  }

  private void once(String key, boolean seen) {
    if (seen) {
      refuse(key + " stands twice");
    }
  }

  private void refuse(String reason) {
    fault = fault == null ? reason : fault;
  }

  /** Other events, such as that of BEP 21, mean no more than that the client is there. */
  private Event event(int from, int end) {
    if (isKey("started", from, end)) {
      return Event.STARTED;
    } else if (isKey("stopped", from, end)) {
      return Event.STOPPED;
    }
    return isKey("completed", from, end) ? Event.COMPLETED : Event.NONE;
  }

  /** Reads a number; a negative one is -1, and one beyond all bounds is the largest. */
  private long number(String key, int from, int end) {
    boolean negative = from < end && query.charAt(from) == '-';
    int start = negative ? from + 1 : from;
    if (start == end || end - start > LONGEST_NUMBER) {
      refuse(key + " is no number");
      return -1;
    }
    long number = 0;
    for (int i = start; i < end; i++) {
      int digit = query.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        refuse(key + " is no number");
        return -1;
      }
      number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
    }
    return negative ? -1 : number;
  }

  /** Reads twenty bytes, some of them escaped; returns their 40 digits, or null. */
  private @Nullable String bytes20(String key, int from, int end) {
    int length = 0;
    for (int i = from; i < end; i++) {
      int value = query.charAt(i);
      if (value == '%') {
        value = i + 2 < end ? digit(i + 1) << 4 | digit(i + 2) : -1;
        i += 2;
      }
      if (value < 0 || value > 0xff) {
        refuse(key + " has a bad escape");
        return null;
      }
      if (length == hex.length) {
        refuse(key + " has more than 20 bytes");
        return null;
      }
      hex[length++] = DIGITS[value >> 4];
      hex[length++] = DIGITS[value & 0xf];
    }
    if (length < hex.length) {
      refuse(key + " has less than 20 bytes");
      return null;
    }
    return new String(hex, ISO_8859_1);
  }

  /** Returns the value of the hexadecimal digit at {@code index}, negative if it is none. */
  private int digit(int index) {
    char c = query.charAt(index);
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
