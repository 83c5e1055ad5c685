/**
 * What the tracker counts and times. The rooms write here; the management room reads. Depends on
 * Micrometer and on the protocol's enums.
 */
@NullMarked
package io.ppstp.tracker.metrics;

import org.jspecify.annotations.NullMarked;
