package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request of RFC 7846, in the schema's spelling. Confined to one thread. */
public final class Message {
  private final ObjectNode root = Json.object();
  private final ObjectNode data;

  private Message(String type, String member, String peerId, String transactionId) {
    data =
        root.putObject("PPSPTrackerProtocol")
            .put("version", 1)
            .put("request_type", type)
            .put("transaction_id", transactionId)
            .put("peer_id", peerId)
            .putObject(member);
  }

  /** Returns a CONNECT without actions. */
  public static Message connect(String peerId, String transactionId) {
    return new Message("CONNECT", "connect", peerId, transactionId);
  }

  /** Returns a FIND in a swarm. */
  public static Message find(String peerId, String transactionId, String swarmId) {
    Message message = new Message("FIND", "find", peerId, transactionId);
    message.data.put("swarm_id", swarmId);
    return message;
  }

  /** Returns a STAT_REPORT on swarms; without any it is a keep-alive. */
  public static Message statReport(String peerId, String transactionId, String... swarmIds) {
    Message message = new Message("STAT_REPORT", "stat_report", peerId, transactionId);
    if (swarmIds.length > 0) {
      message.data.put("type", "STREAM_STATS");
    }
    for (String swarmId : swarmIds) {
      message
          .data
          .withArray("stat")
          .addObject()
          .put("swarm_id", swarmId)
          .put("uploaded_bytes", 512)
          .put("downloaded_bytes", 768)
          .put("available_bandwidth", 1_024_000)
          .put("concurrent_links", 5);
    }
    return message;
  }

  /** Adds a member to the first element of {@code stat}. */
  public Message ofFirstStat(String name, int value) {
    ((ObjectNode) data.withArray("stat").get(0)).put(name, value);
    return this;
  }

  /** Adds a JOIN as LEECH. */
  public Message joinAsLeech(String swarmId) {
    return action(swarmId, "JOIN").mode("LEECH");
  }

  /** Adds a JOIN as SEEDER. */
  public Message joinAsSeeder(String swarmId) {
    return action(swarmId, "JOIN").mode("SEEDER");
  }

  /** Adds a LEAVE. */
  public Message leave(String swarmId) {
    return action(swarmId, "LEAVE");
  }

  private Message action(String swarmId, String action) {
    data.withArray("swarm_action").addObject().put("swarm_id", swarmId).put("action", action);
    return this;
  }

  private Message mode(String mode) {
    var actions = data.withArray("swarm_action");
    ((ObjectNode) actions.get(actions.size() - 1)).put("peer_mode", mode);
    return this;
  }

  /** Advertises a HOST address. */
  public Message address(String ip, int port) {
    return address(ip, port, 1, "HOST");
  }

  /** Advertises an address. */
  public Message address(String ip, int port, int priority, String type) {
    ObjectNode address = data.withArray("peer_addr").addObject();
    address
        .putObject("ip_address")
        .put("address_type", ip.indexOf(':') < 0 ? "ipv4" : "ipv6")
        .put("address", ip);
    address.put("port", port).put("priority", priority).put("type", type);
    return this;
  }

  /** Says how many peers a list shall have. */
  public Message peerCount(int count) {
    data.putObject("peer_num").put("peer_count", count);
    return this;
  }

  /** Returns the swarm actions so far. */
  public JsonNode actions() {
    return data.path("swarm_action");
  }

  /** Returns the message as text. */
  public String json() {
    return root.toString();
  }

  /** Returns the message as it is sent. */
  public byte[] bytes() {
    return json().getBytes(UTF_8);
  }
}
