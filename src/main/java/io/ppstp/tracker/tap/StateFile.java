package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file in which a tap remembers how far it is. It is replaced as a whole, so that it is one
 * state or the other whenever the tap ends. Its methods block; one at a time.
 */
final class StateFile implements AutoCloseable {
  private static final long MOST_BYTES = 64 << 20;

  private final Path file;
  private final boolean fsync;
  private final FolderLock lock;

  /**
   * Takes the file for this process.
   *
   * @param fsync whether a state is on the disk when {@link #write} returns
   * @throws TapException if another tap has it
   */
  StateFile(Path file, boolean fsync) throws TapException {
    this.file = file.toAbsolutePath();
    this.fsync = fsync;
    this.lock = FolderLock.take(this.file.resolveSibling(this.file.getFileName() + ".lock"));
  }

  /**
   * Returns the state that is remembered, empty if none is yet.
   *
   * @throws TapException if it cannot be understood: beginning anew is for the user to choose
   */
  Optional<TapState> read() throws TapException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) <= MOST_BYTES) {
        Optional<TapState> state = TapState.of(Files.readString(file, UTF_8));
        if (state.isPresent()) {
          return state;
        }
      }
    } catch (IOException e) {
      throw new TapException("cannot read " + file + ": " + Reasons.of(e));
    }
    throw new TapException(file + " is no state of a tap; without it the tap begins anew");
  }

  /** Remembers {@code state} in place of the last. */
  void write(TapState state) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer text = ByteBuffer.wrap(state.text().getBytes(UTF_8));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      if (fsync) {
        channel.force(true);
      }
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (fsync) {
      FolderLock.syncFolderOf(file);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
