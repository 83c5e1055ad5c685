/** The operator's view of a running tracker, on a port of its own: health, metrics and status. */
@NullMarked
package io.ppstp.tracker.management;

import org.jspecify.annotations.NullMarked;
