package io.ppstp.tracker.networks;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.networks.TableFile.AsnTable;
import io.ppstp.tracker.networks.TableFile.Content;
import io.ppstp.tracker.networks.TableFile.CountryTable;
import io.ppstp.tracker.protocol.IpAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one node; of several, the first that knows an address counts. Without tables, or
 * where none knows an address, its country or else its prefix is its network. Thread-safe: new
 * tables take the place of the old ones at once.
 *
 * <p>Files are read again when somebody says so, and ALTO servers are asked again likewise. What is
 * not good changes nothing: the last good tables stay, of each file and of each server.
 */
public final class NetworkTables implements Networks {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int MOST_BYTES = 32 << 20;

  private final List<Path> files;
  private final List<URI> urls;
  private final @Nullable AltoExchange exchange;

  /** Guarded by this, as what comes from servers is. */
  private List<Content> read = List.of();

  private final Map<URI, List<AltoDocument>> fetched = new HashMap<>();
  private volatile InForce inForce = new InForce(List.of(), List.of(), AltoMaps.NONE);

  private record InForce(List<AsnTable> tables, List<CountryTable> countries, AltoMaps maps) {}

  private NetworkTables(List<Path> files, List<URI> urls) {
    this.files = List.copyOf(files);
    this.urls = List.copyOf(urls);
    this.exchange = urls.isEmpty() ? null : new AltoExchange(DEADLINE, MOST_BYTES);
  }

  /** Reads {@code files}; blocks for some seconds if they are large. */
  public static NetworkTables of(List<Path> files) throws IOException {
    return of(files, List.of());
  }

  /**
   * Reads {@code files}; blocks for some seconds if they are large. Servers are not asked yet.
   *
   * @param urls of ALTO servers' directories or maps
   */
  public static NetworkTables of(List<Path> files, List<URI> urls) throws IOException {
    NetworkTables tables = new NetworkTables(files, urls);
    tables.reload();
    return tables;
  }

  /**
   * Reads the files again; blocks. If one is not good, nothing changes.
   *
   * @throws IOException that says in one line which one, and why
   */
  public synchronized void reload() throws IOException {
    List<Content> contents = new ArrayList<>(files.size());
    for (Path file : files) {
      contents.add(TableFile.read(file));
    }
    inForce = inForce(contents, fetched);
    read = contents;
  }

  /**
   * Asks the ALTO servers for their maps; blocks, for a minute or so if they are slow. Where one
   * does not answer well its last good maps stay.
   *
   * @return why not, of each of those in one line
   */
  public List<String> refresh() {
    List<String> faults = new ArrayList<>();
    Map<URI, List<AltoDocument>> fresh = new LinkedHashMap<>();
    for (URI url : urls) {
      try {
        if (exchange != null) {
          fresh.put(url, new AltoClient(exchange).maps(url));
        }
      } catch (IOException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    // Together first: a map and its costs may be at two URLs, and be new at once.
    if (take(fresh) != null) {
      fresh.forEach(
          (url, maps) -> {
            String fault = take(Map.of(url, maps));
            if (fault != null) {
              faults.add(url + ": " + fault);
            }
          });
    }
    return faults;
  }

  /** Puts maps in force beside the others; returns why not, null if it did. */
  private synchronized @Nullable String take(Map<URI, List<AltoDocument>> fresh) {
    Map<URI, List<AltoDocument>> all = new HashMap<>(fetched);
    all.putAll(fresh);
    try {
      inForce = inForce(read, all);
    } catch (TableException e) {
      return String.valueOf(e.getMessage());
    }
    fetched.putAll(fresh);
    return null;
  }

  private InForce inForce(List<Content> contents, Map<URI, List<AltoDocument>> servers)
      throws TableException {
    List<AsnTable> tables = new ArrayList<>();
    List<CountryTable> countries = new ArrayList<>();
    List<AltoDocument> documents = new ArrayList<>();
    for (Content content : contents) {
      if (content.asns() != null) {
        tables.add(content.asns());
      }
      if (content.countries() != null) {
        countries.add(content.countries());
      }
      if (content.alto() != null) {
        documents.add(content.alto());
      }
    }
    for (URI url : urls) {
      documents.addAll(servers.getOrDefault(url, List.of()));
    }
    return new InForce(List.copyOf(tables), List.copyOf(countries), AltoMaps.of(documents));
  }

  /** Returns the files. */
  public List<Path> files() {
    return files;
  }

  /** Returns the URLs of ALTO servers. */
  public List<URI> urls() {
    return urls;
  }

  @Override
  public long asnOf(IpAddress ip) {
    for (AsnTable table : inForce.tables()) {
      long asn = table.asnOf(ip);
      if (asn != 0) {
        return asn;
      }
    }
    return 0;
  }

  @Override
  public int networkOf(@Nullable IpAddress ip) {
    if (ip == null) {
      return Place.NOWHERE;
    }
    int pid = inForce.maps().networkOf(ip);
    if (pid != Place.NOWHERE) {
      return pid;
    }
    long asn = asnOf(ip);
    if (asn != 0) {
      return Place.networkOfAsn(asn);
    }
    String country = countryOf(ip);
    return country == null ? Place.networkOfPrefix(ip) : Place.networkOfCountry(country);
  }

  private @Nullable String countryOf(IpAddress ip) {
    for (CountryTable table : inForce.countries()) {
      String country = table.countryOf(ip);
      if (country != null) {
        return country;
      }
    }
    return null;
  }

  @Override
  public PathCosts costsFrom(@Nullable IpAddress ip) {
    return ip == null ? PathCosts.NONE : inForce.maps().costsFrom(ip);
  }

  @Override
  public boolean haveTables() {
    return !inForce.tables().isEmpty();
  }
}
