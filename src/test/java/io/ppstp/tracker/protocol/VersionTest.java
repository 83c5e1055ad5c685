package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.message;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
