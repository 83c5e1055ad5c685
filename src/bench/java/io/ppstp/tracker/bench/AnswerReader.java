package io.ppstp.tracker.bench;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Tells the answers to requests in what a server sends. Confined to one connection. */
interface AnswerReader {

  /** Returns what a new connection begins with, for the caller to release; null if nothing. */
  default @Nullable ByteBuf opening() {
    return null;
  }

  /** Returns whether requests may be sent now. */
  default boolean isOpen() {
    return true;
  }

  /** Takes what came; returns whether the answer is whole now. */
  boolean take(ByteBuf in);

  /** Gets ready for the next answer. */
  void reset();

  /** Returns whether the answer is a good one. */
  boolean isOk();

  /** Returns whether the server could not, so that a peer asks again. */
  default boolean asksToRepeat() {
    return false;
  }

  int status();

  int bodyLength();
}
