package io.ppstp.tracker.tap.kafka;

import io.ppstp.tracker.tap.Batch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * What has become of each record of a batch. Thread-safe: a worker sends, Kafka's thread tells the
 * outcomes, and each is told once.
 */
final class Sending {
  private final List<ProducerRecord<byte[], byte[]>> records;
  private final Predicate<Exception> isForGood;

  /** Those that are to be sent, again or for the first time. */
  private final BitSet due = new BitSet();

  private int underWay;
  private int taken;
  private int refused;
  private @Nullable Exception failure;

  /**
   * Makes one of which nothing is sent.
   *
   * @param isForGood whether a record that failed so is given up
   */
  Sending(String topic, Batch batch, Predicate<Exception> isForGood) {
    this.records = new ArrayList<>(batch.events());
    this.isForGood = isForGood;
    batch.forEachLine(
        (bytes, from, length) -> records.add(EventRecord.of(topic, bytes, from, from + length)));
    due.set(0, records.size());
  }

  /**
   * Sends what is due and waits for what is under way. Blocks.
   *
   * @return why some records have failed; without that all are taken or refused, or nobody answers
   */
  Optional<Exception> goOn(Producer<byte[], byte[]> producer, long patienceMs)
      throws InterruptedException {
    synchronized (this) {
      failure = null;
    }
    for (int next = next(0); next >= 0; next = next(next + 1)) {
      int record = next;
      try {
        // This blocks while the client does not know the topic, or has no room.
        Future<?> unused =
            producer.send(records.get(record), (metadata, reason) -> told(record, reason));
      } catch (KafkaException | IllegalStateException e) {
        told(record, e);
      }
    }
    return outcome(patienceMs);
  }

  /** After a failure nothing more is sent, so that the order stays what it was. */
  private synchronized int next(int from) {
    int next = failure == null ? due.nextSetBit(from) : -1;
    if (next >= 0) {
      due.clear(next);
      underWay++;
    }
    return next;
  }

  private synchronized void told(int record, @Nullable Exception reason) {
    underWay--;
    if (reason == null) {
      taken++;
    } else if (isForGood.test(reason)) {
      refused++;
    } else {
      due.set(record);
      failure = failure == null ? reason : failure;
    }
    notifyAll();
  }

  private synchronized Optional<Exception> outcome(long patienceMs) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
    long leftNs = endNs - System.nanoTime();
    while (underWay > 0 && leftNs > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      leftNs = endNs - System.nanoTime();
    }
    return Optional.ofNullable(failure);
  }

  synchronized boolean isOver() {
    return underWay == 0 && due.isEmpty();
  }

  synchronized int taken() {
    return taken;
  }

  synchronized int refused() {
    return refused;
  }
}
