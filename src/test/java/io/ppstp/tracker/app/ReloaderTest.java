package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.app.process.FileStamps;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.testing.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloaderTest {
  private final Logs.Silence silence = Logs.silence(Reloader.class.getName());

  @TempDir private Path folder = Path.of("set by JUnit");

  @AfterEach
  void speakAgain() {
    silence.close();
  }

  /** Reads a file when it may. */
  private static final class Fake implements Reloadable {
    private final Path file;
    private boolean readable = true;
    private int tries;
    private String taken;

    Fake(Path file) throws IOException {
      this.file = file;
      this.taken = Files.readString(file);
    }

    @Override
    public String name() {
      return "fakes";
    }

    @Override
    public Set<Path> files() {
      return Set.of(file);
    }

    @Override
    public void reload() throws IOException {
      tries++;
      if (!readable) {
        throw new IOException("Permission denied");
      }
      taken = Files.readString(file);
    }
  }

  private static double count(MeterRegistry meters, String name) {
    return meters.get(name).tag("what", "fakes").functionCounter().count();
  }

  private static Reloader reloader(Fake fake, FileStamps stamps) {
    return new Reloader(List.of(fake), stamps, Audit.NONE);
  }

  @Test
  void whatWasRefusedIsTriedAgainAlthoughItDoesNotChange() throws Exception {
    Fake fake = new Fake(Files.writeString(folder.resolve("file"), "first"));
    Reloader reloader = reloader(fake, new FileStamps());
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    reloader.show(new TrackerMetrics(meters));
    Files.writeString(fake.file, "second one");
    fake.readable = false;
    reloader.reloadChanged();
    assertEquals(0, fake.tries, "it may still be being written");
    reloader.reloadChanged();
    reloader.reloadChanged();
    assertEquals(2, fake.tries);
    assertEquals("first", fake.taken);
    fake.readable = true;
    reloader.reloadChanged();
    assertEquals("second one", fake.taken);
    assertEquals(1, count(meters, "ppstp.reloads"));
    assertEquals(1, count(meters, "ppstp.reloads.refused"), "once for one fault");
    reloader.reloadChanged();
    assertEquals(3, fake.tries, "then it is left alone");
  }

  @Test
  void whatIsReplacedDuringTheStartIsReadAgain() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "first");
    FileStamps stamps = new FileStamps();
    stamps.note(Optional.of(file));
    Fake fake = new Fake(file);
    Files.writeString(file, "second one");
    Reloader reloader = reloader(fake, stamps);
    reloader.reloadChanged();
    assertEquals("second one", fake.taken);
  }

  @Test
  void whatStaysIsNotReadAgain() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "first");
    FileStamps stamps = new FileStamps();
    stamps.note(Optional.of(file));
    Fake fake = new Fake(file);
    Reloader reloader = reloader(fake, stamps);
    reloader.reloadChanged();
    reloader.reloadChanged();
    assertEquals(0, fake.tries);
  }
}
