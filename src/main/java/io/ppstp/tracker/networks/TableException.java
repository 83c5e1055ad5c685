package io.ppstp.tracker.networks;

import java.io.IOException;

/** Says in one line why a table is not taken. */
public final class TableException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says why, to whoever has the name of the file. */
  TableException(String message) {
    super(message);
  }
}
