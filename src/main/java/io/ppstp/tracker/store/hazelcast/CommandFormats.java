package io.ppstp.tracker.store.hazelcast;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The formats of one family of commands, found by class when written and by number when read;
 * immutable. A command's number is its place in the list, which later releases only add to.
 *
 * @param <C> the family
 */
final class CommandFormats<C> {
  private final List<CommandFormat<? extends C, ?>> byNumber;
  private final Map<Class<?>, Integer> numbers = new HashMap<>();

  CommandFormats(List<CommandFormat<? extends C, ?>> byNumber) {
    this.byNumber = byNumber;
    for (int i = 0; i < byNumber.size(); i++) {
      numbers.put(byNumber.get(i).type(), i);
    }
  }

  void writeCommand(DataOutput out, C command) throws IOException {
    int number = numberOf(command);
    out.writeByte(StateFormat.VERSION);
    out.writeByte(number);
    byNumber.get(number).writeCommand(out, command);
  }

  C readCommand(DataInput in) throws IOException {
    int version = StateFormat.version(in);
    int number = in.readByte();
    if (number < 0 || number >= byNumber.size()) {
      throw new IOException("command " + number + " is not known here; update this node");
    }
    return byNumber.get(number).readCommand(in, version);
  }

  void writeResult(DataOutput out, C command, Object result) throws IOException {
    byNumber.get(numberOf(command)).writeResult(out, result);
  }

  /** Reads what {@link #writeResult} wrote for the same command. */
  Object readResult(DataInput in, C command) throws IOException {
    return byNumber.get(numberOf(command)).readResult(in);
  }

  private int numberOf(C command) {
    Integer number = numbers.get(command.getClass());
    if (number == null) {
      throw new IllegalArgumentException("no format for " + command.getClass());
    }
    return number;
  }
}
