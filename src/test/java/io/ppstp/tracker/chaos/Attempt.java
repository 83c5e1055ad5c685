package io.ppstp.tracker.chaos;

import org.jspecify.annotations.Nullable;

/**
 * One sending of a request; immutable.
 *
 * @param answer null if none came or none that settles it: then it may have been executed or not
 */
record Attempt(PeerRequest request, @Nullable Answer answer) {}
