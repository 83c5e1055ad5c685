package io.ppstp.tracker.store.hazelcast.transport;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Brings messages from node to node. Thread-safe; no method blocks. An adapter may lose messages,
 * and may change their order; what a node does not answer is asked in another way.
 */
public interface Transport {

  /**
   * Opens the next channel of this node: an address of its own, so that questions and answers of
   * one event loop stay there. Channels are numbered from 0.
   *
   * @param here name of this node
   * @param receiver takes what comes, on the channel's executor
   */
  Channel open(String here, Receiver receiver);

  /**
   * Sends a message to a channel of another node. The stage fails if it is known not to arrive;
   * that it completes normally means nothing.
   */
  CompletionStage<Void> send(String node, int channel, byte[] message);

  /** Where messages come in. */
  record Channel(int number, Executor executor) {}

  /** Takes messages that came to a channel. */
  interface Receiver {
    /** Takes a message, from whomever. */
    void receive(int channel, byte[] message);
  }
}
