package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.app.tls.PemCheck;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Hosts;
import io.ppstp.tracker.management.ManagementVerticle.Gate;
import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.management.access.ManagementTls;
import io.ppstp.tracker.management.access.OperatorTokens;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Reloadable;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the management port: who may use it, and its certificate; immutable.
 *
 * @param gate that they make
 * @param reloadables that read them again
 */
record OperatorFiles(Gate gate, List<Reloadable> reloadables) {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorFiles.class);

  OperatorFiles {
    reloadables = List.copyOf(reloadables);
  }

  /**
   * Reads what {@code config} names, so not for an event loop.
   *
   * @throws StartException if a file is of no use
   */
  static OperatorFiles of(TrackerConfig.Management config, Audit audit) throws StartException {
    List<Reloadable> reloadables = new ArrayList<>();
    OperatorTokens tokens = null;
    if (config.tokens().isPresent()) {
      try {
        tokens = new OperatorTokens(config.tokens().orElseThrow());
      } catch (IOException e) {
        throw new StartException(String.valueOf(e.getMessage()));
      }
      reloadables.add(tokens);
    }
    TlsFiles tls = config.certificate().isPresent() ? new TlsFiles(config) : null;
    if (tls != null) {
      reloadables.add(tls);
    }
    if (tokens != null && tls == null && !Hosts.isLoopback(config.host())) {
      LOG.warn(
          "operators' tokens come to the management port in plain text; set"
              + " management.certificate and management.key, or see to it that a proxy does TLS");
    }
    return new OperatorFiles(
        new Gate(
            new Access(config, tokens, audit, InstantSource.system()),
            tls == null ? null : tls.live),
        reloadables);
  }

  /** The certificate of the port, and the authorities of operators' certificates. Thread-safe. */
  private static final class TlsFiles implements Reloadable {
    private final TrackerConfig.Management config;
    private final Live<ManagementTls> live;

    TlsFiles(TrackerConfig.Management config) throws StartException {
      this.config = config;
      this.live = new Live<>(read(config));
    }

    private static ManagementTls read(TrackerConfig.Management config) throws StartException {
      PemCheck.Pair pair =
          PemCheck.pair(
              "management.", config.certificate().orElseThrow(), config.key().orElseThrow());
      @Nullable PemTrustOptions authorities =
          config.clientCa().isEmpty()
              ? null
              : PemCheck.authorities("management.client-ca", config.clientCa().orElseThrow())
                  .options();
      return new ManagementTls(pair.options(), authorities);
    }

    @Override
    public String name() {
      return "certificates of the management port";
    }

    @Override
    public Set<Path> files() {
      return Stream.of(config.certificate(), config.key(), config.clientCa())
          .flatMap(Optional::stream)
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void reload() throws IOException {
      try {
        live.change(read(config));
      } catch (StartException e) {
        throw new IOException(e.reason(), e);
      }
    }
  }
}
