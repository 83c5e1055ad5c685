package io.ppstp.tracker.tap.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.tap.Batches;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A batch on its way to Kafka, whose answers come as the test wants them. */
class SendingTest {
  private static final long PATIENCE_MS = 20;

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Sending sending =
      new Sending("t", Batches.of("1", "2", "3"), RecordTooLargeException.class::isInstance);

  private Optional<Exception> goOn() throws InterruptedException {
    return sending.goOn(producer, PATIENCE_MS);
  }

  private List<String> sent() {
    return producer.history().stream().map(it -> new String(it.value(), UTF_8)).toList();
  }

  @Test
  void whatNobodyAnswersIsWaitedForAndNotSentAgain() throws Exception {
    assertEquals(Optional.empty(), goOn());
    assertFalse(sending.isOver());
    assertEquals(Optional.empty(), goOn());
    assertEquals(List.of("1", "2", "3"), sent());
    while (producer.completeNext()) {}
    assertEquals(Optional.empty(), goOn());
    assertTrue(sending.isOver());
    assertEquals(3, sending.taken());
  }

  @Test
  void whatFailedIsSentAgainAndNothingElse() throws Exception {
    goOn();
    producer.completeNext();
    TimeoutException reason = new TimeoutException("away");
    producer.errorNext(reason);
    producer.completeNext();
    assertEquals(2, sending.taken());
    assertFalse(sending.isOver());
    goOn();
    assertEquals(List.of("1", "2", "3", "2"), sent());
    producer.completeNext();
    assertTrue(sending.isOver());
    assertEquals(3, sending.taken());
  }

  /** Else what comes behind would overtake it. */
  @Test
  void afterAFailureNothingElseIsSent() throws Exception {
    producer.sendException = new TimeoutException("no such topic");
    assertEquals(Optional.of(producer.sendException), goOn());
    producer.sendException = null;
    assertEquals(List.of(), sent());
    goOn();
    assertEquals(List.of("1", "2", "3"), sent());
  }

  @Test
  void whatIsRefusedForGoodIsGivenUp() throws Exception {
    goOn();
    producer.errorNext(new RecordTooLargeException("too large"));
    while (producer.completeNext()) {}
    assertTrue(sending.isOver());
    assertEquals(2, sending.taken());
    assertEquals(1, sending.refused());
  }
}
