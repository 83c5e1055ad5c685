package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A viewer that announces itself over a WebSocket, again and again, with offers as long as those of
 * browsers. Each says when it was sent and to which node. Confined to the load generator's thread.
 */
final class ViewerScript implements Script {
  static final String MARK = "sent=";
  static final int TIME_DIGITS = 19;
  static final int PORT_DIGITS = 5;

  /** Of one offer, as browsers make them with four candidates. */
  private static final int SDP_LENGTH = 880;

  private static final int TEXT_FRAME = 0x81;
  private static final int MASKED = 0x80;
  private static final int SHORT_LENGTH = 126;

  private final byte[] frame;
  private final List<Integer> times = new ArrayList<>();
  private int left;

  /**
   * Makes a viewer.
   *
   * @param port of the node that it is at
   * @param offers in each announce
   * @param announces before it falls silent
   */
  ViewerScript(int viewer, int swarm, int port, int offers, int announces) {
    String text = announce(viewer, swarm, port, offers);
    byte[] message = text.getBytes(UTF_8);
    frame = new byte[message.length + 8];
    frame[0] = (byte) TEXT_FRAME;
    frame[1] = (byte) (MASKED | SHORT_LENGTH);
    frame[2] = (byte) (message.length >> 8);
    frame[3] = (byte) message.length;
    // The key of the mask is 0, which leaves the bytes as they are.
    System.arraycopy(message, 0, frame, 8, message.length);
    for (int at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + 1)) {
      times.add(8 + at + MARK.length());
    }
    left = announces;
  }

  private static String announce(int viewer, int swarm, int port, int offers) {
    StringBuilder text = new StringBuilder("{\"numwant\":").append(offers);
    text.append(",\"uploaded\":0,\"downloaded\":0,\"action\":\"announce\",\"info_hash\":\"");
    text.append("swarm-%014d".formatted(swarm)).append("\",\"peer_id\":\"");
    text.append("-PM0203-%012d".formatted(viewer)).append("\",\"offers\":[");
    for (int i = 0; i < offers; i++) {
      text.append(i == 0 ? "" : ",").append("{\"offer\":{\"type\":\"offer\",\"sdp\":\"");
      text.append(sdp(port)).append("\"},\"offer_id\":\"");
      text.append("offer-%04d-%09d".formatted(i, viewer)).append("\"}");
    }
    return text.append("]}").toString();
  }

  private static String sdp(int port) {
    StringBuilder sdp = new StringBuilder("v=0\\r\\no=").append(MARK);
    sdp.append("0".repeat(TIME_DIGITS)).append('p');
    sdp.append(("%0" + PORT_DIGITS + "d").formatted(port)).append("\\r\\n");
    while (sdp.length() < SDP_LENGTH) {
      sdp.append("a=candidate:842163049 1 udp 1677729535 127.0.0.1 46154 typ host\\r\\n");
    }
    return sdp.toString();
  }

  /** Returns the plan of as many viewers, each on a connection, evenly at all nodes. */
  static Plan plan(int viewers, int swarms, List<Target> nodes, int offers, int announces) {
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < viewers; i++) {
      int port = nodes.get(i % nodes.size()).port();
      scripts.add(new ViewerScript(i, i / nodes.size() % swarms, port, offers, announces));
    }
    return new Plan(List.of("announce"), List.of(0), scripts);
  }

  @Override
  public @Nullable ByteBuf next() {
    return left-- > 0 ? again() : null;
  }

  @Override
  public ByteBuf again() {
    long nowNs = System.nanoTime();
    for (int at : times) {
      long rest = nowNs;
      for (int i = TIME_DIGITS - 1; i >= 0; i--) {
        frame[at + i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    return PooledByteBufAllocator.DEFAULT.directBuffer(frame.length).writeBytes(frame);
  }

  @Override
  public int kind() {
    return 0;
  }
}
