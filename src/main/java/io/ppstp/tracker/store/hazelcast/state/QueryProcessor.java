package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the owner of a shard by an operation of Hazelcast's, which finds it wherever it is: the slow
 * way, for when this node does not know. Changes nothing.
 *
 * @param <S> the state object
 * @param <R> the answer
 */
public final class QueryProcessor<S, R>
    implements EntryProcessor<Integer, StateValue<S, ?>, byte[]>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware,
        ReadOnly {
  private static final long serialVersionUID = 1L;

  private transient @Nullable Question<R> question;
  private transient @Nullable HazelcastInstance hazelcast;

  /** For reading. */
  QueryProcessor() {}

  /** Makes a processor that asks {@code question} of registrations or of swarms. */
  public QueryProcessor(Question<R> question) {
    this.question = question;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    hazelcast = instance;
  }

  @Override
  @SuppressWarnings("unchecked")
  public byte[] process(Map.Entry<Integer, StateValue<S, ?>> entry) {
    Question<R> asked = Objects.requireNonNull(question);
    StateValue<?, ?> value = entry.getValue();
    R answer;
    if (asked instanceof Question.Peers<R> peers) {
      answer =
          peers.answer(
              (StateValue<PeerShard, ?>) value,
              NodeState.of(Objects.requireNonNull(hazelcast)).heard());
    } else if (asked instanceof Question.Swarms<R> swarms) {
      answer = swarms.answer((StateValue<SwarmShard, ?>) value);
    } else {
      throw new IllegalStateException("not a question to a shard: " + asked.getClass());
    }
    return encode(asked, answer);
  }

  private static <R> byte[] encode(Question<R> question, R answer) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      question.writeAnswer(new DataOutputStream(bytes), answer);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #process} answered to {@code question}. */
  public static <R> R decode(Question<R> question, byte[] answer) throws IOException {
    return question.readAnswer(new DataInputStream(new ByteArrayInputStream(answer)));
  }

  @Override
  public @Nullable EntryProcessor<Integer, StateValue<S, ?>, byte[]> getBackupProcessor() {
    return null;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.QUERY_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    Objects.requireNonNull(question).write(out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    question = (Question<R>) Question.read(in);
  }
}
