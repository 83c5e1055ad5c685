/**
 * What has happened in each channel: counted by each node from the events that it publishes, in
 * bounded memory, and added up over all nodes when somebody asks.
 */
@NullMarked
package io.ppstp.tracker.channels;

import org.jspecify.annotations.NullMarked;
