package io.ppstp.tracker.simulate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * A viewer who says all that viewers say, in many forms: what Java has never seen while it compiled
 * a method it leaves out, and compiles the method again when it comes. Its requests follow from its
 * number alone. Written here, for {@link PeerMessages} has one form of each. Confined to one
 * thread.
 */
final class BusyViewer {
  private static final int CHANNELS = 40;

  /** Requests until all it does begins anew. */
  private static final int ROUND = 40;

  private static final int LOWEST_PORT = 10_000;
  private static final int LONG_ID = 180;

  private static final String[] PEER_NUMS = {
    "",
    ",\"peer_num\":{\"peer_count\":0}",
    ",\"peer_num\":{\"peer_count\":5}",
    ",\"peer_num\":{\"peer_count\":20}",
    ",\"peer_num\":{\"peer_count\":29}",
    ",\"peer_num\":{\"peer_count\":60}",
    ",\"peer_num\":{\"peer_count\":10,\"ability_nat\":\"NO_NAT\",\"concurrent_links\":12,"
        + "\"online_time\":600,\"upload_bandwidth_level\":5000}"
  };

  private final String id;
  private final String addresses;
  private final boolean seeds;
  private final int number;
  private int channel = -1;
  private int step;
  private int transactions;
  private long bytes;
  private @Nullable String last;

  /**
   * Makes one that is in no channel.
   *
   * @param ip at which it is seen, of IPv4
   */
  BusyViewer(int number, String ip) {
    this.number = number;
    this.id = "warm-" + number + (number % 16 == 5 ? "-".repeat(LONG_ID) : "");
    this.seeds = number % 10 == 9;
    this.step = number * 7 % ROUND;
    String all = address("ipv4", ip, LOWEST_PORT + number, 1);
    if (number % 4 != 0) {
      String elsewhere = "11.0." + (number >>> 8 & 0xff) + '.' + (number & 0xff);
      all = all + ',' + address("ipv4", elsewhere, LOWEST_PORT, 200 * (number % 3));
    }
    if (number % 4 == 2) {
      String elsewhere = "2001:4860::" + Integer.toHexString(1 + number);
      all = all + ',' + address("ipv6", elsewhere, LOWEST_PORT, 1);
    }
    this.addresses = number % 32 == 31 ? "" : "\"peer_addr\":[" + all + "],";
  }

  private static String address(String type, String ip, int port, int priority) {
    return "{\"ip_address\":{\"address_type\":\""
        + type
        + "\",\"address\":\""
        + ip
        + "\"},\"port\":"
        + port
        + ",\"priority\":"
        + priority
        + ",\"type\":\"HOST\""
        + (port % 3 == 0 ? ",\"connection\":\"wired\",\"asn\":\"64500\"}" : "}");
  }

  /** Returns the body of its next request. */
  byte[] next() {
    step++;
    int at = step % ROUND;
    if (channel < 0) {
      channel = number % 3 == 0 ? number % 4 : number % CHANNELS;
      return connect(join());
    }
    if (at == 0) {
      String leave = leave();
      channel = -1;
      return connect(leave);
    }
    if (at % 8 == 4) {
      String leave = leave();
      channel = (channel + 1) % CHANNELS;
      bytes = 0;
      return connect(leave + ',' + join());
    }
    if (at == 21 && last != null) {
      // The answer was lost.
      return last.getBytes(US_ASCII);
    }
    if (at == 29 && number % 4 == 0) {
      return (number % 8 == 0 ? request("STAT_REPORT", "nobody", "") : "{\"no\":")
          .getBytes(US_ASCII);
    }
    if (at % 3 == 0) {
      String find = "\"swarm_id\":\"" + channel(channel) + '"' + peerNum();
      return request("FIND", id, ",\"find\":{" + find + '}').getBytes(US_ASCII);
    }
    return report();
  }

  private String peerNum() {
    return PEER_NUMS[(step + number) % PEER_NUMS.length];
  }

  private byte[] report() {
    bytes += number % 7 == 0 ? 50_000_000_000L : 500_000;
    String stat =
        "\"swarm_id\":\""
            + channel(channel)
            + "\",\"uploaded_bytes\":"
            + (seeds || step % 5 == 0 ? bytes / 2 : 0)
            + ",\"downloaded_bytes\":"
            + bytes
            + ",\"available_bandwidth\":"
            + 1000 * number
            + ",\"concurrent_links\":"
            + number % 30;
    return request(
            "STAT_REPORT",
            id,
            ",\"stat_report\":{\"type\":\"STREAM_STATS\",\"stat\":[{" + stat + "}]}")
        .getBytes(US_ASCII);
  }

  private byte[] connect(String actions) {
    String peerNum = peerNum();
    String wish = peerNum.isEmpty() ? "" : peerNum.substring(1) + ',';
    last =
        request(
            "CONNECT",
            id,
            ",\"connect\":{" + wish + addresses + "\"swarm_action\":[" + actions + "]}");
    return last.getBytes(US_ASCII);
  }

  private String request(String type, String peerId, String more) {
    return "{\"PPSPTrackerProtocol\":{\"version\":1,\"request_type\":\""
        + type
        + "\",\"transaction_id\":\""
        // Some give all requests the same, as the examples of the RFC do.
        + (number % 8 == 3 ? 1 : ++transactions)
        + "\",\"peer_id\":\""
        + peerId
        + '"'
        + more
        + "}}";
  }

  private static String channel(int number) {
    return "warm-up-channel-" + number;
  }

  private String join() {
    return "{\"swarm_id\":\""
        + channel(channel)
        + "\",\"action\":\"JOIN\",\"peer_mode\":\""
        + (seeds ? "SEEDER" : "LEECH")
        + "\"}";
  }

  private String leave() {
    return "{\"swarm_id\":\"" + channel(channel) + "\",\"action\":\"LEAVE\"}";
  }
}
