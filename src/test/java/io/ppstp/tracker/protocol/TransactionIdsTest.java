package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionIdsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'PPSPTrackerProtocol':{'version':1,'transaction_id':'t1'}} | t1",
        "{'PPSPTrackerProtocol':{'connect':{'a':[1,2]},'transaction_id':'t1','peer_id':'p | t1",
        "{'x':{'transaction_id':'no'},'PPSPTrackerProtocol':{'transaction_id':'t1' | t1",
        "{'PPSPTrackerProtocol':{'transaction_id':12345,' | 12345",
        "{'PPSPTrackerProtocol':{'find':{'transaction_id':'no'}}} | ''",
        "{'PPSPTrackerProtocol':{'transaction_id':'t | ''",
        "{'PPSPTrackerProtocol':{'transaction_id':['t1']}} | ''",
        "{'PPSPTrackerProtocol':'transaction_id'} | ''",
        "['transaction_id'] | ''",
        "nonsense | ''",
        "'' | ''",
      })
  void isFoundInWhatIsThere(String beginning, String id) {
    byte[] bytes = beginning.replace('\'', '"').getBytes(UTF_8);
    assertEquals(id.replace("'", ""), TransactionIds.in(bytes));
  }

  @Test
  void anythingMayStandThere() {
    SplittableRandom random = Seeds.random();
    byte[] message = Messages.bytes(Messages.connect(Messages.JOIN));
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = Arrays.copyOf(message, random.nextInt(message.length + 1));
      for (int j = 0; j < broken.length / 20; j++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      // Throws nothing, whatever it is.
      assertEquals(TransactionIds.in(broken), TransactionIds.in(broken));
    }
  }

  @Test
  void whatIsTooLongToBeRepeatedIsNotRepeated() {
    String message = "{\"PPSPTrackerProtocol\":{\"transaction_id\":\"" + "t".repeat(5000) + "\"}}";
    assertEquals("", TransactionIds.in(message.getBytes(UTF_8)));
  }
}
