package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.app.tls.Certificates;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.connection.TlsMaterial;
import io.ppstp.tracker.security.ClientTrust;
import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of the HTTPS listener: its certificate and key, the CA of clients and what it revoked.
 */
final class HttpsFiles implements Reloadable {
  private final TrackerConfig.Https config;
  private final Live<TlsMaterial> live;
  private volatile ClientTrust trust;

  /**
   * Reads the files for the first time, so not for an event loop.
   *
   * @throws StartException if they are of no use
   */
  HttpsFiles(TrackerConfig.Https config) throws StartException {
    this.config = config;
    Certificates.HttpsMaterial read = Certificates.of(config);
    this.live = new Live<>(read.tls());
    this.trust = read.trust();
  }

  Live<TlsMaterial> live() {
    return live;
  }

  /** Returns whom clients' certificates may come from at present. */
  ClientTrust trust() {
    return trust;
  }

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public Set<Path> files() {
    return Stream.of(config.certificate(), config.key(), config.clientCa(), config.clientCrl())
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A self-signed certificate has no file, and stays. Open connections are judged anew. */
  @Override
  public void reload() throws IOException {
    if (files().isEmpty()) {
      return;
    }
    try {
      Certificates.HttpsMaterial read = Certificates.of(config, live.now().certificate());
      trust = read.trust();
      live.change(read.tls());
    } catch (StartException e) {
      throw new IOException(e.reason(), e);
    }
  }
}
