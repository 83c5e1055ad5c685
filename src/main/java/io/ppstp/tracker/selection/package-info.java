/**
 * Which peers each requester is told of: the operator's policies put before the store, so that what
 * comes over any protocol is held to the same.
 */
@NullMarked
package io.ppstp.tracker.selection;

import org.jspecify.annotations.NullMarked;
