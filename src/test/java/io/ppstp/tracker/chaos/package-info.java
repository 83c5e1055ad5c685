/**
 * A test of the cluster in the manner of Jepsen: peers that act and remember what was acknowledged,
 * a model of what RFC 7846 lets a tracker answer them, and a sequence of faults, all drawn from one
 * seed. It sees trackers from outside only, so that it can be run against any jar.
 */
@NullMarked
package io.ppstp.tracker.chaos;

import org.jspecify.annotations.NullMarked;
