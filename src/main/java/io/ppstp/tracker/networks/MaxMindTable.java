package io.ppstp.tracker.networks;

import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Reader;
import com.maxmind.db.Reader.FileMode;
import io.ppstp.tracker.protocol.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a MaxMind DB file for autonomous systems or countries, such as GeoLite2-ASN or those of
 * other makers in the same format. Thread-safe. The file is mapped into memory and never closed:
 * what is asked meanwhile ends well, and the garbage collector lets go of it.
 */
final class MaxMindTable {
  /** What the makers call the number of an autonomous system. */
  private static final String[] NAMES = {"autonomous_system_number", "asn", "as_number"};

  /** One of so many records at least has to tell a number. */
  private static final int MOST_WITHOUT = 1000;

  private static final int V6 = 6;

  private final Reader reader;
  private final boolean knowsV6;
  private boolean tellsNumbers;
  private boolean tellsCountries;

  private MaxMindTable(Reader reader) {
    this.reader = reader;
    this.knowsV6 = reader.getMetadata().ipVersion() == V6;
  }

  /** Opens a file, and looks whether it tells what is wanted. */
  static MaxMindTable open(Path file) throws IOException {
    try {
      MaxMindTable table = new MaxMindTable(new Reader(file.toFile(), FileMode.MEMORY_MAPPED));
      table.look();
      return table;
    } catch (InvalidDatabaseException | InvalidNetworkException | RuntimeException e) {
      throw new TableException("is no sound MaxMind DB: " + String.valueOf(e.getMessage()));
    }
  }

  private void look() throws IOException, InvalidNetworkException {
    int looks = 0;
    for (var networks = reader.networks(Map.class); networks.hasNext(); looks++) {
      if (looks == MOST_WITHOUT) {
        break;
      }
      Map<?, ?> found = networks.next().data();
      tellsNumbers |= asnIn(found) != 0;
      tellsCountries |= countryIn(found) != null;
    }
    if (!tellsNumbers && !tellsCountries) {
      throw new TableException(
          "a MaxMind DB of kind "
              + reader.getMetadata().databaseType()
              + " that has no numbers of autonomous systems and no countries");
    }
  }

  boolean tellsNumbers() {
    return tellsNumbers;
  }

  boolean tellsCountries() {
    return tellsCountries;
  }

  /** Returns the number of the autonomous system that {@code ip} is in, 0 if it is not known. */
  long asnOf(IpAddress ip) {
    return asnIn(record(ip));
  }

  /** Returns the code of the country that {@code ip} is in (ISO 3166), null if it is not known. */
  @Nullable String countryOf(IpAddress ip) {
    return countryIn(record(ip));
  }

  private @Nullable Map<?, ?> record(IpAddress ip) {
    if (!ip.isV4() && !knowsV6) {
      return null;
    }
    try {
      return reader.get(InetAddress.getByAddress(ip.toBytes()), Map.class);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IP address has 4 or 16 bytes", e);
    } catch (IOException | RuntimeException e) {
      // A part of the file is broken; the rest serves.
      return null;
    }
  }

  private static @Nullable String countryIn(@Nullable Map<?, ?> found) {
    if (found == null) {
      return null;
    }
    Object country = found.get("country");
    Object code =
        country instanceof Map<?, ?> parts
            ? parts.get("iso_code")
            : found.containsKey("country_code") ? found.get("country_code") : country;
    return code instanceof String text && text.matches("[A-Z]{2}") ? text : null;
  }

  private static long asnIn(@Nullable Map<?, ?> found) {
    if (found == null) {
      return 0;
    }
    for (String name : NAMES) {
      Object value = found.get(name);
      if (value instanceof Number number) {
        return number.longValue();
      }
      if (value instanceof String text && text.matches("(AS)?[1-9][0-9]{0,9}")) {
        return Long.parseLong(text.startsWith("AS") ? text.substring(2) : text);
      }
    }
    return 0;
  }
}
