/**
 * The tracker's configuration: typed, immutable and checked whole before anything starts.
 *
 * <p>{@link io.ppstp.tracker.config.Settings} is the one table of keys; reading, unknown-key
 * checks, environment names and the reference file {@code conf/tracker.yaml} all follow from it. To
 * add a key, add a line there, a component to the record of its section in {@link
 * io.ppstp.tracker.config.TrackerConfig}, and a line in {@code conf/tracker.yaml}.
 *
 * <p>May depend on the JDK, Jackson and JSpecify only; every other package may depend on it.
 */
@NullMarked
package io.ppstp.tracker.config;

import org.jspecify.annotations.NullMarked;
