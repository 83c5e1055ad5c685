package io.ppstp.tracker.store.hazelcast.transport;

import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.transport.Message.Answered;
import io.ppstp.tracker.store.hazelcast.transport.Message.Asked;
import io.ppstp.tracker.store.hazelcast.transport.QuestionQueue.Pending;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes about the state there, and answers them. Questions that come while the event
 * loop is at work travel together. Changes nothing anywhere. Thread-safe; no method blocks.
 */
public final class RemoteQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteQuestions.class);

  private final String here;
  private final Transport transport;
  private final Answerer answerer;
  private final Predicate<String> isMember;
  private final LongSupplier nanoClock;
  private final LogLimiter lines;
  private final List<Transport.Channel> channels = new ArrayList<>();
  private final Map<Target, QuestionQueue> queues = new ConcurrentHashMap<>();

  /** How many channels other nodes have. */
  private final Map<String, Integer> channelsOf = new ConcurrentHashMap<>();

  /** Begins anywhere: answers may still come to what an earlier process of this name has asked. */
  private final AtomicLong lastNumber = new AtomicLong(new SecureRandom().nextLong());

  private final LongAdder asked = new LongAdder();
  private final LongAdder givenUp = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private volatile int channelCount;
  private volatile @Nullable Signals signals;

  private record Target(String node, int channel) {}

  /** Answers the questions of other nodes. */
  public interface Answerer {
    /** Returns an answer at once, null if this node cannot give one. */
    <R> @Nullable R answer(Question<R> question);
  }

  /** Takes the signs of life of other nodes. */
  interface Signals {
    /** Returns what to answer. */
    Message.Pong ping(String sender, Message.Ping ping);

    void pong(String sender, Message.Pong pong);

    void resign(String sender, Message.Resign resign);
  }

  /**
   * Makes one for the node {@code here}.
   *
   * @param isMember whether a node of a name belongs to the cluster now
   * @param nanoClock monotonic, as {@link System#nanoTime()}
   */
  public RemoteQuestions(
      String here,
      Transport transport,
      Answerer answerer,
      Predicate<String> isMember,
      LongSupplier nanoClock) {
    this.here = here;
    this.transport = transport;
    this.answerer = answerer;
    this.isMember = isMember;
    this.nanoClock = nanoClock;
    this.lines = new LogLimiter(nanoClock);
    openChannel();
  }

  /** Whoever reaches the port must not make the log grow. */
  private void tell(String fault, @Nullable Exception cause) {
    long heldBack = lines.ask(fault);
    if (heldBack >= 0) {
      LOG.warn(
          "{}{} ({} more like it before); if nodes are of two releases, update the older,"
              + " and keep the port among the nodes",
          fault,
          cause == null ? "" : ": " + cause.toString(),
          heldBack);
    }
  }

  void signalTo(Signals receiver) {
    signals = receiver;
  }

  /** Opens a channel for the event loop that calls this, if one does; returns its number. */
  public int openChannel() {
    synchronized (channels) {
      Transport.Channel channel = transport.open(here, this::receive);
      channels.add(channel);
      channelCount = channels.size();
      return channel.number();
    }
  }

  private Executor executorOf(int channel) {
    synchronized (channels) {
      return channels.get(channel).executor();
    }
  }

  /** Returns the number of questions asked of other nodes so far. */
  public long asked() {
    return asked.sum();
  }

  /** Returns the number of questions that no answer came to in time. */
  public long givenUp() {
    return givenUp.sum();
  }

  /** Returns the number of messages that could not be read, or came from no member. */
  public long unreadable() {
    return unreadable.sum();
  }

  /**
   * Asks another node.
   *
   * @return empty if it cannot answer, or does not; the stage always completes normally, on {@code
   *     executor}
   */
  public <R> CompletionStage<Optional<R>> ask(
      String node, int channel, Question<R> question, Executor executor) {
    CompletableFuture<Optional<R>> answer = new CompletableFuture<>();
    QuestionQueue queue = queue(new Target(node, channel));
    asked.increment();
    if (queue.add(question, executor, answer, nanoClock.getAsLong())) {
      executorOf(channel).execute(() -> flush(node, channel, queue));
    }
    return answer;
  }

  private QuestionQueue queue(Target target) {
    return queues.computeIfAbsent(target, first -> new QuestionQueue(lastNumber::incrementAndGet));
  }

  private void flush(String node, int channel, QuestionQueue queue) {
    List<Asked> batch = queue.take();
    if (!batch.isEmpty()) {
      int to = channel % channelsOf.getOrDefault(node, 1);
      send(node, to, channel, new Message.Questions(batch))
          .whenComplete(
              (sent, failure) -> {
                if (failure != null) {
                  abandon(queue.removeAll());
                }
              });
    }
  }

  private void abandon(List<Pending<?>> pending) {
    givenUp.add(pending.size());
    pending.forEach(Pending::giveUp);
  }

  CompletionStage<Void> send(String node, int toChannel, int fromChannel, Message.Body body) {
    try {
      byte[] bytes = new Message(here, fromChannel, channelCount, body).toBytes();
      return transport.send(node, toChannel, bytes);
    } catch (IOException | RuntimeException e) {
      tell("a message to another node cannot be written", e);
      return CompletableFuture.failedStage(e);
    }
  }

  private void receive(int channel, byte[] bytes) {
    Message message;
    try {
      message = Message.of(bytes);
    } catch (IOException | RuntimeException e) {
      unreadable.increment();
      tell("a message on the port of the event bus cannot be read", e);
      return;
    }
    if (!isMember.test(message.sender())) {
      unreadable.increment();
      tell("a message on the port of the event bus comes from no member", null);
      return;
    }
    channelsOf.put(message.sender(), message.channels());
    if (message.body() instanceof Message.Questions questions) {
      answer(message, channel, questions);
    } else if (message.body() instanceof Message.Answers answers) {
      deliver(message.sender(), channel, answers);
    } else {
      signal(message, channel);
    }
  }

  private void signal(Message message, int channel) {
    Signals receiver = signals;
    if (receiver == null) {
      return;
    }
    if (message.body() instanceof Message.Ping ping) {
      send(message.sender(), message.channel(), channel, receiver.ping(message.sender(), ping));
    } else if (message.body() instanceof Message.Pong pong) {
      receiver.pong(message.sender(), pong);
    } else if (message.body() instanceof Message.Resign resign) {
      receiver.resign(message.sender(), resign);
    }
  }

  private void answer(Message message, int channel, Message.Questions questions) {
    List<Answered> answers = new ArrayList<>(questions.asked().size());
    for (Asked one : questions.asked()) {
      answers.add(new Answered(one.number(), contentOf(one.question())));
    }
    send(message.sender(), message.channel(), channel, new Message.Answers(answers));
  }

  private <R> byte @Nullable [] contentOf(Question<R> question) {
    try {
      R answer = answerer.answer(question);
      if (answer == null) {
        return null;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      question.writeAnswer(new DataOutputStream(bytes), answer);
      return bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      tell("a question of another node cannot be answered", e);
      return null;
    }
  }

  private void deliver(String sender, int channel, Message.Answers answers) {
    QuestionQueue queue = queue(new Target(sender, channel));
    Map<Executor, List<Runnable>> deliveries = new HashMap<>();
    for (Answered answered : answers.answered()) {
      Pending<?> pending = queue.answered(answered.number());
      if (pending != null) {
        deliveries
            .computeIfAbsent(pending.executor(), first -> new ArrayList<>())
            .add(() -> complete(pending, answered.content()));
      }
    }
    queue.returned();
    flush(sender, channel, queue);
    deliveries.forEach((executor, some) -> executor.execute(() -> some.forEach(Runnable::run)));
  }

  private <R> void complete(Pending<R> pending, byte @Nullable [] content) {
    Optional<R> answer = Optional.empty();
    try {
      if (content != null) {
        answer =
            Optional.of(
                pending
                    .question()
                    .readAnswer(new DataInputStream(new ByteArrayInputStream(content))));
      }
    } catch (IOException | RuntimeException e) {
      unreadable.increment();
      tell("what another node answered cannot be read", e);
    }
    pending.answer().complete(answer);
  }

  /** Gives up the questions that wait since before {@code sinceNs}. */
  public void giveUp(long sinceNs) {
    queues.forEach(
        (target, queue) -> {
          abandon(queue.removeOlderThan(sinceNs));
          executorOf(target.channel()).execute(() -> flush(target.node(), target.channel(), queue));
        });
  }

  /** Gives up all questions to a node that is gone. */
  public void lost(String node) {
    channelsOf.remove(node);
    queues.forEach(
        (target, queue) -> {
          if (target.node().equals(node) && queues.remove(target, queue)) {
            abandon(queue.removeAll());
          }
        });
  }
}
