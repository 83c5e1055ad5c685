/**
 * The process itself: its version, output, signals, memory and clocks, and the files it has read.
 */
@NullMarked
package io.ppstp.tracker.app.process;

import org.jspecify.annotations.NullMarked;
