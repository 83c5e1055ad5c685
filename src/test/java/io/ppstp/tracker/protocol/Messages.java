package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Short ways to make messages and to read them. Texts have {@code '} for {@code "}. */
final class Messages {
  static final RequestReader LENIENT = new RequestReader(ReaderRules.DEFAULTS);
  static final RequestReader STRICT = new RequestReader(strictly(ReaderRules.DEFAULTS));

  static final String JOIN =
      "'swarm_action':[{'swarm_id':'s1','action':'JOIN','peer_mode':'LEECH'}]";
  static final String ADDRESS =
      "'ip_address':{'address_type':'ipv4','address':'192.0.2.1'},'port':80,'priority':1,"
          + "'type':'HOST'";
  static final String COUNTERS =
      "'uploaded_bytes':1,'downloaded_bytes':2,'available_bandwidth':3,'concurrent_links':4";
  static final String STAT = "'stat':[{'swarm_id':'s1'," + COUNTERS + "}]";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Messages() {}

  private static ReaderRules strictly(ReaderRules rules) {
    return new ReaderRules(
        rules.depth(),
        rules.peerId(),
        rules.swarmId(),
        rules.addresses(),
        rules.peerListMaximum(),
        true,
        rules.foldHexIds());
  }

  /** Returns a message with these members. */
  static String message(String... members) {
    return "{'PPSPTrackerProtocol':{" + String.join(",", members) + "}}";
  }

  /** Returns a request with transaction ID {@code t1} of peer {@code p1}. */
  static String request(RequestType type, String... data) {
    String envelope =
        "'version':1,'request_type':'" + type + "','transaction_id':'t1','peer_id':'p1'";
    return message(Stream.concat(Stream.of(envelope), Stream.of(data)).toArray(String[]::new));
  }

  static String connect(String... data) {
    return request(RequestType.CONNECT, "'connect':{" + String.join(",", data) + "}");
  }

  static String find(String... data) {
    return request(RequestType.FIND, "'find':{" + String.join(",", data) + "}");
  }

  static String report(String... data) {
    return request(RequestType.STAT_REPORT, "'stat_report':{" + String.join(",", data) + "}");
  }

  static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  static Reading.Accepted accepted(String text) {
    return accepted(bytes(text));
  }

  static Reading.Accepted accepted(byte[] body) {
    return assertInstanceOf(Reading.Accepted.class, LENIENT.read(body), () -> text(body));
  }

  static Reading.Rejected rejected(String text) {
    return rejected(bytes(text));
  }

  static Reading.Rejected rejected(byte[] body) {
    return assertInstanceOf(Reading.Rejected.class, LENIENT.read(body), () -> text(body));
  }

  static Request.Connect connectOf(String text) {
    return assertInstanceOf(Request.Connect.class, accepted(text).request());
  }

  static Request.Find findOf(String text) {
    return assertInstanceOf(Request.Find.class, accepted(text).request());
  }

  static Request.StatReport reportOf(String text) {
    return assertInstanceOf(Request.StatReport.class, accepted(text).request());
  }

  /** Returns a request without the one component that depends on the spelling of the message. */
  static Request content(Request request) {
    return request instanceof Request.Connect connect
        ? new Request.Connect(
            connect.transactionId(),
            connect.peerId(),
            0,
            connect.peerNum(),
            connect.addresses(),
            connect.actions())
        : request;
  }

  /** Well-formed messages of every request type, and with every member that the RFC has. */
  static List<byte[]> wellFormed() {
    return Stream.concat(
            Stream.of(
                    "connect-seeder-two-swarms",
                    "connect-leech-join",
                    "connect-leech-switch",
                    "find",
                    "stat-report")
                .map(name -> example(name + ".request")),
            Stream.of(
                    connect(
                        "'peer_num':{'peer_count':5,'ability_nat':'TURN','concurrent_links':1}",
                        "'peer_addr':[{" + ADDRESS + ",'peer_protocol':'PPSP-PP'}]",
                        JOIN),
                    find("'swarm_id':'s1'", "'peer_num':{'peer_count':5,'online_time':3}"),
                    report("'type':'STREAM_STATS'", STAT))
                .map(Messages::bytes))
        .toList();
  }

  /** Returns one of the RFC's example messages. */
  static byte[] example(String name) {
    String resource = "/rfc7846/" + name + ".json";
    try (InputStream in = Messages.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in, resource).readAllBytes(), UTF_8)
          .strip()
          .getBytes(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(text(json), e);
    }
  }

  static byte[] bytes(JsonNode tree) {
    return tree.toString().getBytes(UTF_8);
  }

  static String text(byte[] body) {
    return new String(body, UTF_8);
  }
}
