package io.ppstp.tracker.store.hazelcast;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Brings letters from node to node. Thread-safe; no method blocks. An adapter may lose letters, but
 * must not change them, nor their order between two nodes.
 */
public interface Post {

  /**
   * Sends a letter to the node of a name. The stage fails if it is known not to arrive; that it
   * completes normally means nothing.
   */
  CompletionStage<Void> send(String node, byte[] letter);

  /**
   * Hands all letters that come to {@code node}, which is this one, to {@code reader} from now on.
   */
  void receive(String node, Consumer<byte[]> reader);

  /** Returns the one thread on which letters are written and read. */
  Executor desk();
}
