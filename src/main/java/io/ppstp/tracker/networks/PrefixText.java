package io.ppstp.tracker.networks;

import io.ppstp.tracker.protocol.IpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text that CAIDA makes of RouteViews' routing tables ({@code pfx2as}): in each line a
 * prefix, its length and its origin, with tabs between. Of several origins, with {@code _} or
 * {@code ,} between, the first counts. Stateless.
 */
final class PrefixText {
  /** The routing tables of both families had 1.3 million in 2025. */
  private static final int MOST_PREFIXES = 8_000_000;

  private static final int LONGEST_LINE = 400;
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;
  private static final long MOST_ASN = 0xffff_ffffL;

  private PrefixText() {}

  /**
   * Reads to the end.
   *
   * @throws TableException that names the first line that is none, without the file
   */
  static PrefixTable read(InputStream in) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1), 1 << 16);
    PrefixTable.Builder table = new PrefixTable.Builder();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.charAt(0) == '#') {
        continue;
      }
      if (table.size() == MOST_PREFIXES) {
        throw new TableException("line " + number + ": more than " + MOST_PREFIXES + " prefixes");
      }
      String fault = addTo(table, text);
      if (fault != null) {
        throw new TableException("line " + number + ": " + fault);
      }
    }
    if (table.size() == 0) {
      throw new TableException("has no prefix");
    }
    return table.build();
  }

  /** Returns what is wrong with the line, null if nothing is. */
  private static @Nullable String addTo(PrefixTable.Builder table, String line) {
    if (line.length() > LONGEST_LINE) {
      return "is too long";
    }
    String[] columns = line.split("[\\t ]+", -1);
    if (columns.length != 3) {
      return "has to be a prefix, its length and an AS number, with tabs between";
    }
    IpAddress ip = IpAddress.parse(columns[0]);
    if (ip == null) {
      return "the prefix is no IP address";
    }
    long length = number(columns[1]);
    if (length < 0 || length > (ip.isV4() ? V4_BITS : V6_BITS)) {
      return "the length of the prefix is none";
    }
    int end = 0;
    while (end < columns[2].length() && "_,".indexOf(columns[2].charAt(end)) < 0) {
      end++;
    }
    long asn = number(columns[2].substring(0, end));
    if (asn < 1 || asn > MOST_ASN) {
      return "the AS number is none";
    }
    table.add(ip, (int) length, asn);
    return null;
  }

  /** Returns the number that at most ten digits spell, or -1. */
  private static long number(String digits) {
    if (digits.isEmpty() || digits.length() > 10) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
