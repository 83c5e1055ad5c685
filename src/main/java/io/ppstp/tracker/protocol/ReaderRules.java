package io.ppstp.tracker.protocol;

/**
 * What the reader holds a message to.
 *
 * @param depth JSON nesting at most
 * @param peerId characters of a peer ID at most
 * @param swarmId characters of a swarm ID at most
 * @param addresses addresses kept of one peer, those of highest priority
 * @param peerListMaximum the largest {@code peer_count} that is not lowered (RFC 7846, 3.2.2)
 * @param strict refuse every {@link Leniency} that is not in the RFC itself
 * @param foldHexIds lower-case IDs that are 40 or more hex digits, so that two spellings of a hash
 *     do not split a swarm
 */
public record ReaderRules(
    int depth,
    int peerId,
    int swarmId,
    int addresses,
    int peerListMaximum,
    boolean strict,
    boolean foldHexIds) {

  /** The defaults of the product's configuration. */
  public static final ReaderRules DEFAULTS = new ReaderRules(16, 256, 2048, 8, 29, false, false);
}
