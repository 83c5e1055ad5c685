package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.message;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.protocol.RequestReader.Reading;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "2",
        "255",
        "-1",
        "10",
        "11",
        "1.5",
        "1e1",
        "99999999999999999999",
        "''",
        "'2'",
        "' 1'",
        "'one'",
        "null",
        "true",
        "[1]",
        "{'major':1}"
      })
  void anyVersionButOneIsUnsupported(String version) {
    assertUnsupported("t1", connect(JOIN).replace("'version':1", "'version':" + version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'request_type':'SUBSCRIBE'",
        "'request_type':5",
        "'peer_id':''",
        "'request_type':'CONNECT','connect':{'swarm_action':'all'}",
        "'request_type':'FIND','find':[]",
        "'request_type':'STAT_REPORT','stat_report':{'type':'STREAM_STATS','stat':[{}]}"
      })
  void theVersionIsJudgedBeforeAllElseWhereverItStands(String members) {
    assertUnsupported("t1", message("'transaction_id':'t1'", "'version':2", members));
    assertUnsupported("t1", message(members, "'version':2", "'transaction_id':'t1'"));
    assertUnsupported("", message(members, "'version':2"));
    assertUnsupported("", message(members, "'transaction_id':{}", "'version':2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e0", "1.00", "10e-1", "0.1e1", "1E+0"})
  void oneIsOneHoweverItIsSpelled(String version) {
    Reading.Accepted accepted =
        accepted(connect(JOIN).replace("'version':1", "'version':" + version));
    assertEquals(Set.of(Leniency.VERSION_SPELLING), accepted.leniencies());
  }

  @Test
  void numbersThatTakeLongToReadAreNoVersion() {
    for (String version : List.of("1e-999999999", "1e999999999", "1." + "0".repeat(900))) {
      assertUnsupported("t1", connect(JOIN).replace("'version':1", "'version':" + version));
    }
  }

  @Test
  void aLaterVersionNeedNotEvenBeJsonAllThrough() {
    assertUnsupported("t1", "{'PPSPTrackerProtocol':{'transaction_id':'t1','version':2,...");
    assertUnsupported(
        "t1", message("'transaction_id':'t1'", "'version':2", "'x':" + "[".repeat(99)));
    assertUnsupported("t1", connect(JOIN).replace("'version':1", "'version':2") + "garbage");
  }

  @Test
  void aByteOrderMarkDoesNotHideTheVersionEvenFromAStrictTracker() {
    byte[] body = bytes("\ufeff" + connect(JOIN).replace("'version':1", "'version':2"));

    assertEquals(
        new Reading.Rejected(ErrorCode.UNSUPPORTED_VERSION, "t1", false, rejected(body).reason()),
        Messages.STRICT.read(body),
        text(body));
  }

  private static void assertUnsupported(String transactionId, String message) {
    Reading.Rejected rejected = rejected(message);

    assertEquals(ErrorCode.UNSUPPORTED_VERSION, rejected.code(), message);
    assertEquals(transactionId, rejected.transactionId(), message);
    assertEquals(false, rejected.tooLarge(), message);
  }
}
