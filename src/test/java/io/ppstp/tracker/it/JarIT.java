package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the product's jar holds, and what it must not. */
class JarIT {
  private static List<String> entries() throws IOException {
    String jar = Objects.requireNonNull(System.getProperty("ppstp.jar"), "ppstp.jar");
    try (ZipFile zip = new ZipFile(jar)) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void nothingThatTestsNeedIsInTheProduct() throws Exception {
    List<String> entries = entries();
    assertFalse(entries.isEmpty());
    assertEquals(
        List.of(),
        entries.stream()
            .filter(
                name ->
                    name.matches(
                        "(META-INF/versions/\\d+/)?"
                            + "(org/bouncycastle|io/netty/pkitesting|org/junit|io/fabric8)/.*"))
            .limit(5)
            .toList());
  }
}
