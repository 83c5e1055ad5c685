package io.ppstp.tracker.networks;

import io.ppstp.tracker.protocol.IpAddress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads files of tables, whose kind their content tells. Stateless; blocks. */
final class TableFile {
  private static final String MAXMIND_MARK = "\u00ab\u00cd\u00efMaxMind.com";

  /** How far from the end of a MaxMind DB its description can begin. */
  private static final int MAXMIND_DESCRIPTION = 128 * 1024;

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /** How much white space may be before an object. */
  private static final int LOOKS = 64;

  private TableFile() {}

  /** Tells the number of the autonomous system that an address is in, 0 if it is not known. */
  interface AsnTable {
    long asnOf(IpAddress ip);
  }

  /** Tells the code of the country that an address is in, null if it is not known. */
  interface CountryTable {
    @Nullable String countryOf(IpAddress ip);
  }

  /** What is in a file, one of it at least. */
  record Content(
      @Nullable AsnTable asns, @Nullable CountryTable countries, @Nullable AltoDocument alto) {}

  /**
   * Reads a file.
   *
   * @throws IOException that says in one line which file, and why not
   */
  static Content read(Path file) throws IOException {
    try {
      return content(file);
    } catch (TableException e) {
      throw new IOException(file + ", " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": may not be read", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Content content(Path file) throws IOException {
    if (isMaxMind(file)) {
      touch(file);
      MaxMindTable table = MaxMindTable.open(file);
      return new Content(
          table.tellsNumbers() ? table::asnOf : null,
          table.tellsCountries() ? table::countryOf : null,
          null);
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      raw.mark(2);
      boolean compressed = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
      raw.reset();
      InputStream in =
          compressed ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw;
      if (!isObject(in)) {
        return new Content(PrefixText.read(in)::numberOf, null, null);
      }
      AltoDocument document = AltoReader.read(in, file.toUri());
      if (document instanceof AltoDocument.Directory) {
        throw new TableException("is a directory of ALTO: name the URL that it is from");
      }
      return new Content(null, null, document);
    }
  }

  private static boolean isObject(InputStream in) throws IOException {
    in.mark(LOOKS);
    int first = ' ';
    for (int i = 0; i < LOOKS && Character.isWhitespace(first); i++) {
      first = in.read();
    }
    in.reset();
    return first == '{';
  }

  private static boolean isMaxMind(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      int length = (int) Math.min(in.length(), MAXMIND_DESCRIPTION);
      byte[] end = new byte[length];
      in.seek(in.length() - length);
      in.readFully(end);
      return new String(end, StandardCharsets.ISO_8859_1).contains(MAXMIND_MARK);
    }
  }

  /** Lets the system have the file at hand, so that no event loop waits for a disk. */
  private static void touch(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
