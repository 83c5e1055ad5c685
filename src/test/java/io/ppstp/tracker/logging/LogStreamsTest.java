package io.ppstp.tracker.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogStreamsTest {
  @TempDir private Path folder = Path.of("set by JUnit");

  @Test
  void aFileThatCannotBeWrittenIsSaidWithWhatToDo() throws Exception {
    Path good = folder.resolve("audit.log");
    assertEquals(Optional.empty(), LogStreams.fault(good));
    assertTrue(LogStreams.fault(folder).orElseThrow().contains("is a folder"));
    assertTrue(LogStreams.fault(folder.resolve("no/audit.log")).orElseThrow().contains("make it"));
    assertTrue(LogStreams.fault(folder.resolve("a%d.log")).isPresent());
  }

  @Test
  void theAuditLogHasAFileOfItsOwn() throws Exception {
    Path file = folder.resolve("audit.log");
    Logger audit = (Logger) LoggerFactory.getLogger(LogStreams.AUDIT);
    LogStreams.writeAudit(file, false);
    try {
      audit.info("refused a\nb");
      LoggerFactory.getLogger(LogStreamsTest.class).info("said beside the audit log");
      List<String> lines = Files.readAllLines(file);
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).endsWith(" INFO  audit: refused a b"), lines::toString);
    } finally {
      audit.getAppender(LogStreams.AUDIT).stop();
      audit.detachAppender(LogStreams.AUDIT);
      audit.setAdditive(true);
    }
  }
}
