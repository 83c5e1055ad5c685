package io.ppstp.tracker.management.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose requests are those of this machine's own users. */
class LocalRequestsTest {
  @Test
  void onlyThisMachineIsTold() {
    for (String here : List.of("127.0.0.1", "127.8.0.3", "::1", "0:0:0:0:0:0:0:1")) {
      assertTrue(LocalRequests.isHere(here), here);
    }
    for (String elsewhere :
        List.of("10.0.0.1", "20.0.0.1", "2a00::1", "0.0.0.0", "localhost", "")) {
      assertFalse(LocalRequests.isHere(elsewhere), elsewhere);
    }
    assertFalse(LocalRequests.isHere(null));
  }
}
