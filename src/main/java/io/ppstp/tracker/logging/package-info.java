/**
 * Keeping the log short and honest whatever strangers send: how often a line may come, and what
 * text of others may stand in one. Depends on the logging libraries only, so anybody may use it.
 */
@NullMarked
package io.ppstp.tracker.logging;

import org.jspecify.annotations.NullMarked;
