/** The process: command line, deployment in order, graceful shutdown. Knows all rooms. */
@NullMarked
package io.ppstp.tracker.app;

import org.jspecify.annotations.NullMarked;
