package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a {@link RelayBatch} is written for another node. Stateless. A reader believes no length, for
 * whoever reaches the port of the event bus can write to it.
 */
final class RelayFormat {
  private static final byte VERSION = 2;
  private static final byte OFFERED = 1;
  private static final byte ANSWERED = 2;
  private static final int BYTES_OF_TEXT = 20;
  private static final int MOST_SDP_BYTES = 32 << 10;
  private static final int FIRST_PRINTABLE = 0x20;
  private static final String ESCAPES = "\"\\/bfnrtu";

  private RelayFormat() {}

  static Buffer write(RelayBatch batch) {
    Buffer out = Buffer.buffer(batch.relays().stream().mapToInt(Relay::weight).sum() + 16);
    out.appendByte(VERSION).appendLong(batch.node()).appendInt(batch.relays().size());
    for (Relay relay : batch.relays()) {
      if (relay instanceof Relay.OfferRelay it) {
        out.appendByte(OFFERED).appendLong(it.socket()).appendInt(it.slot());
        text(out, it.infoHash());
        text(out, it.peerId());
        text(out, it.token());
      } else if (relay instanceof Relay.AnswerRelay it) {
        out.appendByte(ANSWERED).appendLong(it.socket()).appendInt(it.sequence());
        out.appendLong(it.check());
        text(out, it.infoHash());
        text(out, it.peerId());
      }
      byte[] sdp = relay.sdp().getBytes(UTF_8);
      out.appendInt(sdp.length).appendBytes(sdp);
    }
    return out;
  }

  private static void text(Buffer out, String text) {
    out.appendBytes(text.getBytes(ISO_8859_1));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   * @throws IndexOutOfBoundsException if it is cut
   */
  static RelayBatch read(Buffer in) {
    Cursor cursor = new Cursor(in);
    require(cursor.readByte() == VERSION, "version");
    long node = cursor.readLong();
    int count = cursor.readInt();
    require(count >= 0 && count <= RelayBatch.MOST, "count");
    List<Relay> relays = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      relays.add(relay(cursor));
    }
    require(cursor.position == in.length(), "length");
    return new RelayBatch(node, relays);
  }

  private static Relay relay(Cursor in) {
    byte kind = in.readByte();
    require(kind == OFFERED || kind == ANSWERED, "kind");
    long socket = in.readLong();
    int number = in.readInt();
    return kind == OFFERED
        ? new Relay.OfferRelay(
            socket, number, in.readText(), in.readText(), in.readText(), in.readSdp())
        : new Relay.AnswerRelay(
            socket, number, in.readLong(), in.readText(), in.readText(), in.readSdp());
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("no relays: " + what);
    }
  }

  private static final class Cursor {
    private final Buffer in;
    private int position;

    Cursor(Buffer in) {
      this.in = in;
    }

    private int skip(int bytes) {
      int here = position;
      position += bytes;
      return here;
    }

    byte readByte() {
      return in.getByte(skip(Byte.BYTES));
    }

    int readInt() {
      return in.getInt(skip(Integer.BYTES));
    }

    long readLong() {
      return in.getLong(skip(Long.BYTES));
    }

    String readText() {
      return new String(in.getBytes(skip(BYTES_OF_TEXT), position), ISO_8859_1);
    }

    String readSdp() {
      int length = readInt();
      require(length >= 0 && length <= MOST_SDP_BYTES, "sdp");
      byte[] sdp = in.getBytes(skip(length), position);
      require(isString(sdp), "sdp");
      return new String(sdp, UTF_8);
    }

    /**
     * Returns whether this is a string as JSON writes it, and nothing beside that: it is handed on
     * unread, and must not say anything but itself in what a browser gets.
     */
    private static boolean isString(byte[] json) {
      int last = json.length - 1;
      if (last < 1 || json[0] != '"' || json[last] != '"') {
        return false;
      }
      int i = 1;
      while (i < last) {
        byte b = json[i++];
        // Bytes of letters beyond ASCII are negative.
        if (b == '"' || (b >= 0 && b < FIRST_PRINTABLE)) {
          return false;
        }
        if (b == '\\') {
          // What stands behind is no quotation mark that ends the string.
          if (i == last || ESCAPES.indexOf(json[i]) < 0) {
            return false;
          }
          i = json[i] == 'u' ? behindDigits(json, i + 1) : i + 1;
          if (i > last) {
            return false;
          }
        }
      }
      return true;
    }

    /** Returns the position behind four hexadecimal digits, beyond the end if they are none. */
    private static int behindDigits(byte[] json, int from) {
      int to = from + 4;
      for (int i = from; i < to; i++) {
        if (i >= json.length || Character.digit(json[i], 16) < 0) {
          return json.length;
        }
      }
      return to;
    }
  }
}
