package io.ppstp.tracker.app;

import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.TlsMaterial;
import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the HTTPS listener: its certificate, its key, the CA of clients. Thread-safe. */
final class HttpsFiles implements Reloadable {
  private final TrackerConfig.Https config;
  private final Live<TlsMaterial> live;

  /**
   * Reads the files for the first time, so not for an event loop.
   *
   * @throws StartException if they are of no use
   */
  HttpsFiles(TrackerConfig.Https config) throws StartException {
    this.config = config;
    this.live = new Live<>(Certificates.of(config));
  }

  Live<TlsMaterial> live() {
    return live;
  }

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public Set<Path> files() {
    return Stream.of(config.certificate(), config.key(), config.clientCa())
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A self-signed certificate has no file, and stays. */
  @Override
  public void reload() throws IOException {
    if (files().isEmpty()) {
      return;
    }
    try {
      live.change(Certificates.of(config));
    } catch (StartException e) {
      throw new IOException(e.reason(), e);
    }
  }
}
