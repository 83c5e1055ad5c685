package io.ppstp.tracker.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Ready-made requests, sent over and over in the same order. */
final class Ring implements Script {
  private final List<ByteBuf> requests = new ArrayList<>();
  private final List<Integer> kinds = new ArrayList<>();
  private int next;
  private int last;

  void add(int requestKind, byte[] request) {
    requests.add(
        Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(request.length).writeBytes(request).asReadOnly()));
    kinds.add(requestKind);
  }

  int size() {
    return requests.size();
  }

  @Override
  public ByteBuf next() {
    int at = next;
    next = at + 1 == requests.size() ? 0 : at + 1;
    last = at;
    return again();
  }

  @Override
  public ByteBuf again() {
    return requests.get(last).duplicate();
  }

  @Override
  public int kind() {
    return kinds.get(last);
  }
}
