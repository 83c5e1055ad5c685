package io.ppstp.tracker.bench;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What one connection sends, request after request. Confined to the load generator's thread. */
interface Script {
  /** Returns the next request, for the caller to release, or null if there is none left. */
  @Nullable ByteBuf next();

  /** Returns the request that {@link #next} returned last once more, for the caller to release. */
  ByteBuf again();

  /** Returns the kind of the request that {@link #next} returned last. */
  int kind();
}
