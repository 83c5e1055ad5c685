package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.Output.FilePosition;
import io.ppstp.tracker.tap.Output.OutputException;
import io.ppstp.tracker.tap.TapPlan.Target;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to files, each followed by the next when it is large or old enough, and compressed
 * then. No file is ever written over. Its methods block; one at a time.
 */
final class FileOutput implements BlockingSink {
  private final Target.Files target;
  private final boolean fsync;
  private final InstantSource clock;
  private final Consumer<String> notes;
  private final RotatedFiles files;
  private final FolderLock lock;
  private final ExecutorService compressor =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "tap-compressor");
            thread.setDaemon(true);
            return thread;
          });

  private @Nullable FileChannel channel;
  private String name = "";
  private long length;

  /**
   * Takes the folder for this process.
   *
   * @param notes told in words for the user what does not go well
   * @throws TapException if it cannot be used
   */
  FileOutput(Target.Files target, boolean fsync, InstantSource clock, Consumer<String> notes)
      throws TapException {
    this.target = target;
    this.fsync = fsync;
    this.clock = clock;
    this.notes = notes;
    this.files = new RotatedFiles(target.folder());
    try {
      Files.createDirectories(target.folder());
    } catch (IOException e) {
      throw new TapException("cannot make " + target.folder() + ": " + Reasons.of(e));
    }
    this.lock = FolderLock.take(target.folder().resolve("tap.lock"));
  }

  /**
   * Goes on where the last run ended, however it did: the rest of a line is cut off, and the events
   * that were written after {@code known} are told to {@code lines}.
   */
  void recover(Optional<FilePosition> known, int longest, RotatedFiles.Lines lines)
      throws TapException {
    try {
      for (String twice : files.mend()) {
        notes.accept(twice + ": the compressed file is not the same as the other; both are left");
      }
      List<String> names = files.names();
      if (!names.isEmpty()) {
        name = names.get(names.size() - 1);
        Path last = files.plain(name);
        if (Files.exists(last) && !files.isCompressed(name)) {
          cutTornLine(last);
        }
      }
      if (known.isPresent()) {
        readBehind(known.get(), names, longest, lines);
      }
      reopen();
    } catch (IOException e) {
      throw new TapException("cannot use " + target.folder() + ": " + Reasons.of(e));
    }
  }

  private static void cutTornLine(Path file) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      long end = access.length();
      byte[] piece = new byte[4096];
      while (end > 0) {
        int size = (int) Math.min(piece.length, end);
        access.seek(end - size);
        access.readFully(piece, 0, size);
        for (int i = size; i > 0; i--) {
          if (piece[i - 1] == '\n') {
            access.setLength(end - size + i);
            return;
          }
        }
        end -= size;
      }
      access.setLength(0);
    }
  }

  private void readBehind(
      FilePosition known, List<String> names, int longest, RotatedFiles.Lines lines)
      throws IOException {
    for (String each : names) {
      if (each.compareTo(known.file()) >= 0) {
        long skip = each.equals(known.file()) ? known.length() : 0;
        long there = files.read(each, skip, longest, lines);
        if (there < skip) {
          notes.accept(each + " has lost its last " + (skip - there) + " bytes");
        }
        if (each.equals(name)) {
          length = there;
        }
      }
    }
  }

  /** Opens the last file again, and has older ones compressed that were left. */
  private void reopen() throws IOException {
    if (name.isEmpty()) {
      return;
    }
    Path last = files.plain(name);
    if (Files.exists(last) && !files.isCompressed(name)) {
      channel = FileChannel.open(last, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      length = Files.size(last);
    }
    List<String> names = files.names();
    if (names.size() > 1) {
      compress(names.get(names.size() - 2));
    }
  }

  @Override
  public void write(Batch batch) throws OutputException {
    try {
      if (channel != null && isDue(batch.length())) {
        rotate();
      }
      FileChannel out = channel == null ? begin() : channel;
      append(out, batch.content());
      length += batch.length();
    } catch (IOException e) {
      throw OutputException.passing("cannot write to " + target.folder() + ": " + Reasons.of(e));
    }
  }

  private void append(FileChannel out, ByteBuffer bytes) throws IOException {
    if (out.size() > length) {
      // A part of this batch, when it came before and the disk was full: it comes as a whole.
      out.truncate(length);
    }
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private boolean isDue(int more) {
    return length > 0 && (length + more > target.bytes() || isOld());
  }

  private boolean isOld() {
    Duration age = Duration.between(RotatedFiles.time(name), clock.instant());
    return length > 0 && age.compareTo(target.age()) >= 0;
  }

  private FileChannel begin() throws IOException {
    String next = files.next(clock.instant());
    FileChannel opened =
        RotatedFiles.create(
            files.plain(next),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND);
    channel = opened;
    name = next;
    length = 0;
    if (fsync) {
      FolderLock.syncFolderOf(files.plain(next));
    }
    return opened;
  }

  private void rotate() throws OutputException {
    settle();
    try {
      FileChannel done = channel;
      if (done != null) {
        done.close();
        channel = null;
        compress(name);
      }
    } catch (IOException e) {
      throw OutputException.fatal("cannot close " + files.plain(name) + ": " + Reasons.of(e));
    }
  }

  private void compress(String last) {
    compressor.execute(
        () -> {
          try {
            files.compress(last);
          } catch (ClosedByInterruptException e) {
            // The next run begins it anew.
          } catch (IOException e) {
            notes.accept("cannot compress in " + target.folder() + ": " + Reasons.of(e));
          }
        });
  }

  @Override
  public void settle() throws OutputException {
    try {
      if (fsync && channel != null) {
        channel.force(false);
      }
    } catch (IOException e) {
      // Whether what was written before is on the disk cannot be learned any more.
      throw OutputException.fatal("cannot sync " + files.plain(name) + ": " + Reasons.of(e));
    }
  }

  @Override
  public Optional<FilePosition> position() {
    return name.isEmpty() ? Optional.empty() : Optional.of(new FilePosition(name, length));
  }

  @Override
  public void rest() throws OutputException {
    if (channel != null && isOld()) {
      rotate();
    }
  }

  @Override
  public void close() {
    compressor.shutdownNow();
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // What is remembered has been settled before.
    }
    lock.close();
  }
}
