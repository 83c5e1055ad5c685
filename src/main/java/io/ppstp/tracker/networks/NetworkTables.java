package io.ppstp.tracker.networks;

import io.ppstp.tracker.domain.address.Place;
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
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one node; of several, the first that knows an address counts. Without tables, or
 * where none knows an address, its prefix is its network. Thread-safe: new tables take the place of
 * the old ones at once.
 */
public final class NetworkTables implements Networks {
  private static final String MAXMIND_MARK = "\u00ab\u00cd\u00efMaxMind.com";

  /** How far from the end of a MaxMind DB its description can begin. */
  private static final int MAXMIND_DESCRIPTION = 128 * 1024;

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  private final List<Path> files;
  private volatile List<Table> tables = List.of();

  private interface Table {
    long asnOf(IpAddress ip);
  }

  private NetworkTables(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** Reads {@code files}; blocks for some seconds if they are large. */
  public static NetworkTables of(List<Path> files) throws IOException {
    NetworkTables tables = new NetworkTables(files);
    tables.reload();
    return tables;
  }

  /**
   * Reads the files again; blocks. If one is not good, nothing changes.
   *
   * @throws IOException that says in one line which one, and why
   */
  public void reload() throws IOException {
    List<Table> read = new ArrayList<>(files.size());
    for (Path file : files) {
      try {
        read.add(read(file));
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
    tables = List.copyOf(read);
  }

  /** Returns the files. */
  public List<Path> files() {
    return files;
  }

  private static Table read(Path file) throws IOException {
    if (isMaxMind(file)) {
      touch(file);
      return MaxMindTable.open(file)::asnOf;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.mark(2);
      boolean compressed = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
      in.reset();
      return PrefixText.read(compressed ? new GZIPInputStream(in, 1 << 16) : in)::numberOf;
    }
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

  @Override
  public long asnOf(IpAddress ip) {
    for (Table table : tables) {
      long asn = table.asnOf(ip);
      if (asn != 0) {
        return asn;
      }
    }
    return 0;
  }

  @Override
  public int networkOf(@Nullable IpAddress ip) {
    if (ip == null) {
      return Place.NOWHERE;
    }
    long asn = asnOf(ip);
    return asn == 0 ? Place.networkOfPrefix(ip) : Place.networkOfAsn(asn);
  }

  @Override
  public boolean haveTables() {
    return !files.isEmpty();
  }
}
