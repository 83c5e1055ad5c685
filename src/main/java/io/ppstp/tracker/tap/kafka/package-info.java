/**
 * Hands the events of a tap to Apache Kafka. In an artefact of its own, so that the tracker's jar
 * has nothing of Kafka's: nothing but the command line may depend on it, and that only where it is
 * there.
 */
@NullMarked
package io.ppstp.tracker.tap.kafka;

import org.jspecify.annotations.NullMarked;
