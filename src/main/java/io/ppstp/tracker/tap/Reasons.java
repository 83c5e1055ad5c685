package io.ppstp.tracker.tap;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import javax.net.ssl.SSLException;

/** Puts failures into words for the user. Stateless. */
public final class Reasons {
  private static final int LONGEST = 200;
  private static final int MOST_CAUSES = 10;

  private Reasons() {}

  /** Returns why a file could not be used; its name is said by whoever asks. */
  static String of(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    } else if (failure instanceof AccessDeniedException) {
      return "not allowed";
    } else if (failure instanceof NotDirectoryException) {
      return "not a folder";
    } else if (failure instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return of((Throwable) failure);
  }

  /** Returns one line on {@code failure}. */
  public static String of(Throwable failure) {
    if (failure instanceof ConnectException) {
      return "nobody answers there";
    }
    String text = text(failure);
    Throwable root = failure instanceof SSLException ? rootOf(failure) : failure;
    // That no connection could be made says nothing: whether it is the name or the signature does.
    return line(root == failure ? text : text + ": " + text(root));
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; i < MOST_CAUSES && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** Returns {@code text}, which may be a stranger's, as one line that is not long. */
  static String line(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
