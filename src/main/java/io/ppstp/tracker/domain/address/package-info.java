/**
 * Where peers are: the addresses that a peer says and that the tracker sees, which of them are told
 * to whom, and who may speak for a peer.
 */
@NullMarked
package io.ppstp.tracker.domain.address;

import org.jspecify.annotations.NullMarked;
