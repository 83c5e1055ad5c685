/** The store of a single node: state in this process, guarded by locks held for microseconds. */
@NullMarked
package io.ppstp.tracker.store.local;

import org.jspecify.annotations.NullMarked;
