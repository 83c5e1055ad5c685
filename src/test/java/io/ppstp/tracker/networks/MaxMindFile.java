package io.ppstp.tracker.networks;

import io.ppstp.tracker.protocol.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes MaxMind DB files (format 2.0) of IPv4 prefixes that each have one number. */
final class MaxMindFile {
  private static final int UINT16 = 5;
  private static final int UINT32 = 6;
  private static final int MAP = 7;
  private static final int UINT64 = 9;
  private static final int ARRAY = 11;

  private final List<int[]> nodes = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  private MaxMindFile() {
    nodes.add(new int[2]);
  }

  /** Returns a file of {@code type} in which each prefix has a map of {@code name} to a number. */
  static byte[] of(String type, String name, Map<String, Long> prefixes) {
    MaxMindFile file = new MaxMindFile();
    prefixes.forEach((prefix, number) -> file.add(prefix, name, number));
    return file.bytes(type);
  }

  /** Returns a file of {@code type} in which each prefix has the code of a country. */
  static byte[] ofCountries(String type, Map<String, String> prefixes) {
    MaxMindFile file = new MaxMindFile();
    prefixes.forEach(
        (prefix, code) -> {
          file.point(prefix);
          control(file.data, MAP, 1);
          text(file.data, "country");
          control(file.data, MAP, 1);
          text(file.data, "iso_code");
          text(file.data, code);
        });
    return file.bytes(type);
  }

  /** Prefixes must not hold each other. */
  private void add(String prefix, String name, long number) {
    point(prefix);
    control(data, MAP, 1);
    text(data, name);
    number(data, UINT32, number);
  }

  /** Has a prefix lead to the data that come next. */
  private void point(String prefix) {
    int slash = prefix.indexOf('/');
    byte[] ip = Objects.requireNonNull(IpAddress.parse(prefix.substring(0, slash))).toBytes();
    int length = Integer.parseInt(prefix.substring(slash + 1));
    int node = 0;
    for (int bit = 0; bit < length; bit++) {
      int side = ip[bit / 8] >> (7 - bit % 8) & 1;
      if (bit == length - 1) {
        // A record of data is negative until the number of nodes is known.
        nodes.get(node)[side] = -1 - data.size();
      } else {
        if (nodes.get(node)[side] == 0) {
          nodes.add(new int[2]);
          nodes.get(node)[side] = nodes.size() - 1;
        }
        node = nodes.get(node)[side];
      }
    }
  }

  private byte[] bytes(String type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] node : nodes) {
      for (int record : node) {
        int value = record > 0 ? record : record == 0 ? nodes.size() : nodes.size() + 15 - record;
        out.write(value >> 16);
        out.write(value >> 8);
        out.write(value);
      }
    }
    out.writeBytes(new byte[16]);
    out.writeBytes(data.toByteArray());
    out.writeBytes("\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1));
    control(out, MAP, 9);
    entry(out, "binary_format_major_version", UINT16, 2);
    entry(out, "binary_format_minor_version", UINT16, 0);
    entry(out, "build_epoch", UINT64, 1_790_000_000L);
    text(out, "database_type");
    text(out, type);
    text(out, "description");
    control(out, MAP, 1);
    text(out, "en");
    text(out, "for tests");
    entry(out, "ip_version", UINT16, 4);
    text(out, "languages");
    control(out, ARRAY, 0);
    entry(out, "node_count", UINT32, nodes.size());
    entry(out, "record_size", UINT16, 24);
    return out.toByteArray();
  }

  private static void entry(ByteArrayOutputStream out, String name, int type, long value) {
    text(out, name);
    number(out, type, value);
  }

  private static void control(ByteArrayOutputStream out, int type, int size) {
    if (type > 7) {
      out.write(size);
      out.write(type - 7);
    } else {
      out.write(type << 5 | size);
    }
  }

  private static void number(ByteArrayOutputStream out, int type, long value) {
    int bytes = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    control(out, type, bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write((int) (value >> (8 * i)));
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 29) {
      out.write(2 << 5 | bytes.length);
    } else {
      out.write(2 << 5 | 29);
      out.write(bytes.length - 29);
    }
    out.writeBytes(bytes);
  }
}
