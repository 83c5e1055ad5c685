package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.hazelcast.Applied.News;
import io.ppstp.tracker.store.hazelcast.Outbox.Errander;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries errands to other nodes and their answers back. What comes while the desk is at work
 * travels together in one letter: the more there is to do, the less each costs. Thread-safe; no
 * method blocks.
 */
final class Courier {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  /**
   * Errands that were so long under way are not run: their senders may have given them up, and
   * their peers have said something else since.
   */
  static final long LATE_MS = 1000;

  private final String here;
  private final Post post;
  private final Host host;
  private final LongSupplier clock;

  /** Begins anywhere: answers may still come to what an earlier process of this name has sent. */
  private final AtomicLong lastNumber = new AtomicLong(new SecureRandom().nextLong());

  private final Map<String, Outbox> outboxes = new ConcurrentHashMap<>();

  /** Runs the errands that other nodes send. */
  interface Host {
    /**
     * Runs an errand for {@code sender}. The stage is empty if it cannot be run here, and always
     * completes normally.
     */
    <R> CompletionStage<Optional<Applied<R>>> run(Errand<R> errand, String sender);
  }

  /**
   * Makes the courier of the node {@code here}.
   *
   * @param clock milliseconds, such as all nodes agree on
   */
  Courier(String here, Post post, Host host, LongSupplier clock) {
    this.here = here;
    this.post = post;
    this.host = host;
    this.clock = clock;
  }

  /** Takes letters in from now on. */
  void open() {
    post.receive(here, this::read);
  }

  /**
   * Has an errand run at the node {@code to}.
   *
   * @return empty if it could not be run there, or nobody knows whether it was; the stage always
   *     completes normally, on {@code executor}
   */
  <R> CompletionStage<Optional<Applied<R>>> send(String to, Errand<R> errand, Executor executor) {
    CompletableFuture<Optional<Applied<R>>> answer = new CompletableFuture<>();
    Outbox outbox = outbox(to);
    if (outbox.add(new Errander<>(errand, executor, answer, System.nanoTime()))) {
      empty(to, outbox);
    }
    return answer;
  }

  /** Lets another node know something, at leisure and perhaps never. */
  void mention(News news) {
    Outbox outbox = outbox(news.node());
    if (outbox.addAtLeisure(news.errand())) {
      empty(news.node(), outbox);
    }
  }

  private Outbox outbox(String to) {
    return outboxes.computeIfAbsent(to, first -> new Outbox(this::nextNumber));
  }

  private long nextNumber() {
    long number = lastNumber.incrementAndGet();
    return number == Parcel.Order.NO_ANSWER ? lastNumber.incrementAndGet() : number;
  }

  private void empty(String to, Outbox outbox) {
    post.desk().execute(() -> write(to, outbox));
  }

  private void write(String to, Outbox outbox) {
    List<Parcel> parcels = outbox.take();
    while (!parcels.isEmpty()) {
      send(to, outbox, parcels);
      parcels = outbox.take();
    }
  }

  private void send(String to, Outbox outbox, List<Parcel> parcels) {
    CompletionStage<Void> sent;
    try {
      sent = post.send(to, new Letter(here, clock.getAsLong(), parcels).toBytes());
    } catch (IOException | RuntimeException e) {
      sent = CompletableFuture.failedStage(e);
    }
    sent.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.debug("a letter did not reach node {}", to, failure);
            undelivered(outbox, parcels);
            outbox.returned();
            empty(to, outbox);
          }
        });
  }

  private static void undelivered(Outbox outbox, List<Parcel> parcels) {
    for (Parcel parcel : parcels) {
      Errander<?> sender =
          parcel instanceof Parcel.Order order ? outbox.answered(order.number()) : null;
      if (sender != null) {
        sender.disappoint();
      }
    }
  }

  private void read(byte[] bytes) {
    try {
      Letter letter = Letter.of(bytes);
      boolean isLate = clock.getAsLong() - letter.sentMs() > LATE_MS;
      Map<Executor, List<Runnable>> deliveries = new HashMap<>();
      for (Parcel parcel : letter.parcels()) {
        if (parcel instanceof Parcel.Order order) {
          if (isLate) {
            answer(letter.sender(), order.number(), null);
          } else {
            run(letter.sender(), order.number(), order.errand());
          }
        } else if (parcel instanceof Parcel.Answer answer) {
          deliver(letter.sender(), answer, deliveries);
        }
      }
      deliveries.forEach((executor, some) -> executor.execute(() -> some.forEach(Runnable::run)));
      Outbox outbox = outbox(letter.sender());
      outbox.returned();
      write(letter.sender(), outbox);
    } catch (IOException | RuntimeException e) {
      LOG.error("a letter of another node cannot be read; update the older node", e);
    }
  }

  private <R> void run(String sender, long number, Errand<R> errand) {
    CompletionStage<Optional<Applied<R>>> done;
    try {
      done = host.run(errand, sender);
    } catch (RuntimeException e) {
      LOG.error("an errand of node {} failed", sender, e);
      done = CompletableFuture.completedStage(Optional.empty());
    }
    done.thenAccept(applied -> answer(sender, number, content(errand, applied.orElse(null))));
  }

  private void answer(String sender, long number, byte @Nullable [] content) {
    if (number != Parcel.Order.NO_ANSWER) {
      Outbox outbox = outbox(sender);
      if (outbox.add(new Parcel.Answer(number, content))) {
        empty(sender, outbox);
      }
    }
  }

  private static byte @Nullable [] content(Errand<?> errand, @Nullable Applied<?> applied) {
    try {
      return applied == null ? null : Parcel.Answer.contentOf(errand, applied);
    } catch (IOException | RuntimeException e) {
      LOG.error("what came of an errand cannot be written", e);
      return null;
    }
  }

  private void deliver(
      String from, Parcel.Answer answer, Map<Executor, List<Runnable>> deliveries) {
    Errander<?> sender = outbox(from).answered(answer.number());
    if (sender != null) {
      deliveries
          .computeIfAbsent(sender.executor(), first -> new ArrayList<>())
          .add(delivery(sender, answer));
    }
  }

  private <R> Runnable delivery(Errander<R> sender, Parcel.Answer answer) {
    return () -> {
      Optional<Applied<R>> applied = Optional.empty();
      try {
        applied = answer.to(sender.errand(), here);
      } catch (IOException | RuntimeException e) {
        LOG.error("what another node answered cannot be read; update the older node", e);
      }
      sender.answer().complete(applied);
    };
  }

  /** Gives up the errands that wait since before {@code sinceNs}, and sends what is at leisure. */
  void giveUp(long sinceNs) {
    outboxes.forEach(
        (to, outbox) -> {
          List<Errander<?>> senders = outbox.giveUp(sinceNs);
          if (!senders.isEmpty()) {
            senders.forEach(Errander::disappoint);
            outbox.returned();
          }
          empty(to, outbox);
        });
  }

  /** Gives up all errands to a node that is gone. */
  void lost(String node) {
    Outbox outbox = outboxes.remove(node);
    if (outbox != null) {
      outbox.giveUpAll().forEach(Errander::disappoint);
    }
  }
}
