package io.ppstp.tracker.networks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.networks.AltoDocument.CostMap;
import io.ppstp.tracker.networks.AltoDocument.Directory;
import io.ppstp.tracker.networks.AltoDocument.NetworkMap;
import io.ppstp.tracker.networks.AltoDocument.Resource;
import io.ppstp.tracker.networks.AltoDocument.VersionTag;
import io.ppstp.tracker.protocol.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads network maps, cost maps and directories of ALTO (RFC 7285, Sections 9.2 and 11.2), told
 * apart by what they hold, in one pass. What is not known is skipped, as Section 8.3.7 has it.
 * Confined to one reading.
 *
 * <p>A comma behind the last item is let pass: RFC 7285's own directory has one.
 */
final class AltoReader {
  static final int MOST_PREFIXES = 1_000_000;
  private static final int MOST_RESOURCES = 1_000;
  private static final int LONGEST_URI = 2_048;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_TRAILING_COMMA).build();

  private final JsonParser in;
  private final URI base;
  private final AltoMeta meta;
  private PrefixTable.@Nullable Builder prefixes;
  private @Nullable AltoCosts costs;
  private final Map<String, Integer> pids = new HashMap<>();
  private final Set<Integer> rest = new HashSet<>();
  private @Nullable List<Resource> resources;

  private AltoReader(JsonParser in, URI base) {
    this.in = in;
    this.base = base;
    this.meta = new AltoMeta(in);
  }

  /**
   * Reads to the end.
   *
   * @param base by which addresses in a directory are to be understood
   * @throws TableException that says what is wrong, without the name of the source
   */
  static AltoDocument read(InputStream bytes, URI base) throws IOException {
    try (JsonParser in = JSON.createParser(bytes)) {
      return new AltoReader(in, base).document();
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      throw new TableException(where + "is no JSON of ALTO");
    }
  }

  private AltoDocument document() throws IOException {
    open(JsonToken.START_OBJECT, "an ALTO document");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "meta" -> meta.read();
        case "network-map" -> networkMap();
        case "cost-map" -> {
          costs = new AltoCosts(in);
          costs.read();
        }
        case "resources" -> resources();
        default -> in.skipChildren();
      }
    }
    if (prefixes != null) {
      return networkMap(prefixes);
    }
    if (costs != null) {
      if (!meta.isRoutingCost()) {
        throw new TableException("the costs are of another type than numerical routingcost");
      }
      VersionTag version = AltoNames.checked(meta.dependsOn(), "dependent-vtags");
      return new CostMap(version, costs.bySource(version.map()));
    }
    if (resources != null) {
      return new Directory(meta.defaultMap(), meta.routingCosts(), List.copyOf(resources));
    }
    throw new TableException("is neither a network map nor a cost map nor a directory of ALTO");
  }

  private NetworkMap networkMap(PrefixTable.Builder builder) throws TableException {
    PrefixTable table = builder.build();
    if (builder.isAmbiguous()) {
      throw new TableException("a prefix is in two PIDs");
    }
    VersionTag version = AltoNames.checked(meta.version(), "vtag");
    int[] networks = new int[pids.size()];
    pids.forEach((pid, place) -> networks[place] = Place.networkOfPid(version.map(), pid));
    return new NetworkMap(version, table, networks, Set.copyOf(rest));
  }

  private void networkMap() throws IOException {
    open("network-map");
    prefixes = new PrefixTable.Builder();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String pid = in.currentName();
      AltoNames.checkPid(pid, pids.size());
      int place = pids.size();
      if (pids.putIfAbsent(pid, place) != null) {
        throw new TableException("PID " + pid + " is there twice");
      }
      in.nextToken();
      open("a PID");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String family = in.currentName();
        in.nextToken();
        if (family.equals("ipv4") || family.equals("ipv6")) {
          prefixes(prefixes, place, pid, family.equals("ipv4"));
        } else {
          in.skipChildren();
        }
      }
    }
  }

  private void prefixes(PrefixTable.Builder table, int place, String pid, boolean v4)
      throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new TableException("the prefixes of PID " + pid + " are no array");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
      int slash = text.indexOf('/');
      IpAddress ip = slash < 0 ? null : IpAddress.parse(text.substring(0, slash));
      int length = slash < 0 ? -1 : length(text.substring(slash + 1));
      if (ip == null || ip.isV4() != v4 || length < 0 || length > (v4 ? 32 : 128)) {
        throw new TableException("PID " + pid + " has a prefix that is none");
      }
      if (table.size() == MOST_PREFIXES) {
        throw new TableException("more than " + MOST_PREFIXES + " prefixes");
      }
      table.add(ip, length, 2L * (place + 1) + (length == 0 ? 1 : 0));
      if (length == 0) {
        rest.add(place);
      }
    }
  }

  private static int length(String digits) {
    return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
  }

  private void resources() throws IOException {
    open("resources");
    List<Resource> all = new ArrayList<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String id = in.currentName();
      if (all.size() == MOST_RESOURCES) {
        throw new TableException("more than " + MOST_RESOURCES + " resources");
      }
      in.nextToken();
      open("a resource");
      all.add(resource(id));
    }
    resources = all;
  }

  private Resource resource(String id) throws IOException {
    Map<String, String> texts = new HashMap<>();
    List<String> costTypes = List.of();
    List<String> uses = List.of();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        texts.put(field, in.getText());
      } else if (field.equals("uses")) {
        uses = AltoMeta.texts(in);
      } else if (field.equals("capabilities") && value == JsonToken.START_OBJECT) {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          boolean types = in.currentName().equals("cost-type-names");
          in.nextToken();
          costTypes = types ? AltoMeta.texts(in) : skipped(costTypes);
        }
      } else {
        in.skipChildren();
      }
    }
    return new Resource(
        id,
        resolved(texts.getOrDefault("uri", "")),
        texts.getOrDefault("media-type", ""),
        texts.getOrDefault("accepts", ""),
        costTypes,
        uses);
  }

  private List<String> skipped(List<String> kept) throws IOException {
    in.skipChildren();
    return kept;
  }

  private URI resolved(String uri) throws TableException {
    if (uri.length() > LONGEST_URI) {
      throw new TableException("the directory has a URI that is too long");
    }
    try {
      return base.resolve(new URI(uri));
    } catch (URISyntaxException e) {
      throw new TableException("the directory has a URI that is none");
    }
  }

  private void open(String what) throws TableException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new TableException(what + " is no object");
    }
  }

  private void open(JsonToken wanted, String what) throws IOException {
    if (in.nextToken() != wanted) {
      throw new TableException("is not " + what);
    }
  }
}
