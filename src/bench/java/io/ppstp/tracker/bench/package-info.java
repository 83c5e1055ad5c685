/**
 * The benchmark: the tracker beside the limit of its platform and beside the trackers in use today,
 * in one run on one machine. {@link io.ppstp.tracker.bench.Bench} is the command.
 */
@NullMarked
package io.ppstp.tracker.bench;

import org.jspecify.annotations.NullMarked;
