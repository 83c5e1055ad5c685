/**
 * Follows the events of running nodes from outside, at their management ports, and hands them to a
 * stream, to files, to an HTTP collector, or to an output of a package below. Knows the nodes by
 * {@code /api/v1/events} only, as curl does, and is no member of their cluster; nothing but the
 * command line may depend on it.
 *
 * <p>{@link Tap} holds the parts together on one event loop: {@link NodeReader}s bring lines,
 * {@link SeenEvents} lets each pass once, {@link BatchQueue} holds them in bounded memory, an
 * {@link Output} takes them, and {@link StateFile} remembers how far that went.
 */
@NullMarked
package io.ppstp.tracker.tap;

import org.jspecify.annotations.NullMarked;
