package io.ppstp.tracker.tap;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * The files of events in a folder: {@code events-20261127T215034Z-000.ndjson}, by the time at which
 * they were begun, and with {@code .gz} once they are compressed. Sorted by name they are sorted by
 * age. Its methods block.
 */
final class RotatedFiles {
  private static final String PLAIN = ".ndjson";
  private static final String COMPRESSED = ".ndjson.gz";
  private static final String UNFINISHED = ".ndjson.gz.part";
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MOST_PER_SECOND = 1000;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
  private static final Pattern NAME =
      Pattern.compile("(events-(\\d{8}T\\d{6}Z)-(\\d{3}))(\\.ndjson|\\.ndjson\\.gz)(\\.part)?");

  private final Path folder;

  RotatedFiles(Path folder) {
    this.folder = folder;
  }

  /** Takes what a file holds, line by line. */
  interface Lines {
    /** Takes a line; the bytes are lent for this call. */
    void line(byte[] bytes, int from, int length);
  }

  /** Returns the names of all files without what follows the number, oldest first. */
  List<String> names() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      TreeSet<String> names = new TreeSet<>();
      found
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(name -> name.matches() && name.group(5) == null)
          .forEach(name -> names.add(name.group(1)));
      return List.copyOf(names);
    }
  }

  /** Returns a name that is none yet, and behind all there are, also if the clock went back. */
  String next(Instant now) throws IOException {
    String time = TIME.format(now.atOffset(ZoneOffset.UTC));
    List<String> names = names();
    if (!names.isEmpty()) {
      Matcher last = matcher(names.get(names.size() - 1));
      if (last.group(2).compareTo(time) >= 0) {
        int number = Integer.parseInt(last.group(3)) + 1;
        return number < MOST_PER_SECOND
            ? "events-%s-%03d".formatted(last.group(2), number)
            : next(time(last.group()).plusSeconds(1));
      }
    }
    return "events-" + time + "-000";
  }

  private static Matcher matcher(String name) {
    Matcher matcher = NAME.matcher(name.endsWith(PLAIN) ? name : name + PLAIN);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name);
    }
    return matcher;
  }

  /** Returns when a file was begun, to the second. */
  static Instant time(String name) {
    return LocalDateTime.parse(matcher(name).group(2), TIME).toInstant(ZoneOffset.UTC);
  }

  /**
   * Opens a new file, which others than its owner and group cannot read: it says who watches what.
   */
  static FileChannel create(Path file, OpenOption... options) throws IOException {
    FileAttribute<?>[] attributes =
        Files.getFileStore(file.toAbsolutePath().getParent())
                .supportsFileAttributeView(PosixFileAttributeView.class)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
            }
            : new FileAttribute<?>[] {};
    return FileChannel.open(file, Set.of(options), attributes);
  }

  /** Returns the file of a name while it is not compressed. */
  Path plain(String name) {
    return folder.resolve(name + PLAIN);
  }

  private Path compressed(String name) {
    return folder.resolve(name + COMPRESSED);
  }

  /** Returns whether there is a compressed file of a name. */
  boolean isCompressed(String name) {
    return Files.exists(compressed(name));
  }

  /**
   * Clears away what a process that was killed has left half done.
   *
   * @return the names of which two files are left, for their contents are not the same
   */
  List<String> mend() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      for (Path file : found.toList()) {
        if (file.getFileName().toString().endsWith(UNFINISHED)) {
          Files.deleteIfExists(file);
        }
      }
    }
    List<String> differ = new ArrayList<>();
    for (String name : names()) {
      if (isCompressed(name) && Files.exists(plain(name))) {
        // A file of ours gets its compressed name when it is whole; but others can have made it.
        if (holds(compressed(name), Files.size(plain(name)))) {
          Files.delete(plain(name));
        } else {
          differ.add(name);
        }
      }
    }
    return List.copyOf(differ);
  }

  private static boolean holds(Path compressed, long length) throws IOException {
    try (InputStream raw = Files.newInputStream(compressed);
        InputStream in = new GZIPInputStream(raw, BUFFER_BYTES)) {
      return skip(in, length + 1) == length;
    } catch (ZipException | EOFException e) {
      return false;
    }
  }

  /** Compresses all files up to {@code last}, oldest first; stops early if interrupted. */
  void compress(String last) throws IOException {
    for (String name : names()) {
      boolean open = Files.exists(plain(name)) && !isCompressed(name);
      if (open && name.compareTo(last) <= 0 && !Thread.interrupted()) {
        compressOne(name);
      }
    }
  }

  private void compressOne(String name) throws IOException {
    Path part = folder.resolve(name + UNFINISHED);
    try {
      writeCompressed(name, part);
    } catch (IOException e) {
      // A full disk has no room for what is no use.
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, compressed(name), StandardCopyOption.ATOMIC_MOVE);
    FolderLock.syncFolderOf(part);
    Files.delete(plain(name));
  }

  private void writeCompressed(String name, Path part) throws IOException {
    try (FileChannel channel =
            create(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        OutputStream out = new GZIPOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
        InputStream in = Files.newInputStream(plain(name))) {
      in.transferTo(out);
      ((GZIPOutputStream) out).finish();
      channel.force(true);
    }
  }

  /**
   * Reads the lines of a file behind its first {@code skip} bytes, as they were before compression.
   *
   * @return the bytes that are there, all in all; less than {@code skip} if some are gone
   */
  long read(String name, long skip, int longest, Lines lines) throws IOException {
    Optional<Path> file =
        Stream.of(plain(name), compressed(name)).filter(Files::exists).findFirst();
    if (file.isEmpty()) {
      return 0;
    }
    LineSplitter splitter =
        new LineSplitter(
            longest,
            new LineSplitter.Lines() {
              @Override
              public void line(byte[] bytes, int from, int length) {
                lines.line(bytes, from, length);
              }

              @Override
              public void tooLong() {}
            });
    try (InputStream raw = Files.newInputStream(file.get());
        InputStream in =
            file.get().toString().endsWith(COMPRESSED)
                ? new GZIPInputStream(raw, BUFFER_BYTES)
                : new BufferedInputStream(raw)) {
      long length = skip(in, skip);
      byte[] piece = in.readNBytes(BUFFER_BYTES);
      while (piece.length > 0) {
        splitter.take(piece);
        length += piece.length;
        piece = in.readNBytes(BUFFER_BYTES);
      }
      return length;
    }
  }

  private static long skip(InputStream in, long most) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long skipped = 0;
    int read = 0;
    while (skipped < most && read >= 0) {
      read = in.read(buffer, 0, (int) Math.min(buffer.length, most - skipped));
      skipped += Math.max(0, read);
    }
    return skipped;
  }
}
