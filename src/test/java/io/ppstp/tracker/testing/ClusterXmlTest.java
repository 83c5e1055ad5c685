package io.ppstp.tracker.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** That tests of clusters work at all ports: at one in a hundred they did not. */
class ClusterXmlTest {
  @Test
  void membersAreAtThePortsThatAreAskedFor() {
    String xml = "<port count=\"20\">5701</port><m>h:5701</m><m>h:5702</m><m>h:5720</m><n>5721</n>";
    for (int first = 5_600; first < 60_000; first++) {
      assertEquals(
          "<port count=\"20\">%d</port><m>h:%d</m><m>h:%d</m><m>h:%d</m><n>5721</n>"
              .formatted(first, first, first + 1, first + 19),
          ClusterXml.at(first, xml));
    }
  }
}
