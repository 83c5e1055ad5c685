/**
 * The port through which the rooms reach the tracker's state, {@link
 * io.ppstp.tracker.store.TrackerStore}. Its adapters are in the packages below; each passes the
 * same contract suite. Depends on the domain only.
 */
@NullMarked
package io.ppstp.tracker.store;

import org.jspecify.annotations.NullMarked;
