package io.ppstp.tracker.networks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small ALTO server that says what RFC 7285 has for examples (Sections 9.2.3 and 11), at another
 * address and with one version tag. Thread-safe.
 */
public final class AltoServer implements AutoCloseable {
  static final String MAP = "my-default-network-map";

  /** Section 11.2.1.7. */
  static final String PIDS =
      """
      { "PID1" : { "ipv4" : [ "192.0.2.0/24", "198.51.100.0/25" ] },
        "PID2" : { "ipv4" : [ "198.51.100.128/25" ] },
        "PID3" : { "ipv4" : [ "0.0.0.0/0" ], "ipv6" : [ "::/0" ] } }
      """;

  /** Section 11.2.3.7. */
  public static final String COSTS =
      """
      { "PID1": { "PID1": 1,  "PID2": 5,  "PID3": 10 },
        "PID2": { "PID1": 5,  "PID2": 1,  "PID3": 15 },
        "PID3": { "PID1": 20, "PID2": 15  } }
      """;

  /** Section 9.2.3, with its surplus comma. */
  private static final String ROOT =
      """
      { "meta" : {
          "cost-types": {
             "num-routing": { "cost-mode" : "numerical", "cost-metric": "routingcost",
                              "description": "My default" },
             "num-hop":     { "cost-mode" : "numerical", "cost-metric": "hopcount" },
             "ord-routing": { "cost-mode" : "ordinal", "cost-metric": "routingcost" },
             "ord-hop":     { "cost-mode" : "ordinal", "cost-metric": "hopcount" } },
          "default-alto-network-map" : "my-default-network-map" },
        "resources" : {
          "my-default-network-map" : {
             "uri" : "SERVER/networkmap",
             "media-type" : "application/alto-networkmap+json" },
          "numerical-hopcount-cost-map" : {
             "uri" : "SERVER/costmap/num/hopcount",
             "media-type" : "application/alto-costmap+json",
             "capabilities" : { "cost-type-names" : [ "num-hop" ] },
             "uses": [ "my-default-network-map" ] },
          "numerical-routing-cost-map" : {
             "uri" : "/costmap/num/routingcost",
             "media-type" : "application/alto-costmap+json",
             "capabilities" : { "cost-type-names" : [ "num-routing" ] },
             "uses": [ "my-default-network-map" ] },
          "custom-maps-resources" : {
             "uri" : "SERVER/maps",
             "media-type" : "application/alto-directory+json" },
          "endpoint-property" : {
             "uri" : "SERVER/endpointprop/lookup",
             "media-type" : "application/alto-endpointprop+json",
             "accepts" : "application/alto-endpointpropparams+json",
             "capabilities" : {
               "prop-types" : [ "my-default-network-map.pid", "priv:ietf-example-prop" ] },
          } } }
      """;

  /** The same section: maps that are to be filtered. */
  private static final String CUSTOM =
      """
      { "meta" : {
          "cost-types": {
             "num-routing": { "cost-mode" : "numerical", "cost-metric": "routingcost" },
             "ord-routing": { "cost-mode" : "ordinal", "cost-metric": "routingcost" } } },
        "resources" : {
          "filtered-network-map" : {
             "uri" : "SERVER/networkmap/filtered",
             "media-type" : "application/alto-networkmap+json",
             "accepts" : "application/alto-networkmapfilter+json",
             "uses": [ "my-default-network-map" ] },
          "filtered-cost-map" : {
             "uri" : "SERVER/costmap/filtered",
             "media-type" : "application/alto-costmap+json",
             "accepts" : "application/alto-costmapfilter+json",
             "capabilities" : { "cost-constraints" : true,
                                "cost-type-names" : [ "num-routing", "ord-routing" ] },
             "uses": [ "my-default-network-map" ] },
          "ordinal-routing-cost-map" : {
             "uri" : "SERVER/ord/routingcost",
             "media-type" : "application/alto-costmap+json",
             "capabilities" : { "cost-type-names" : [ "ord-routing" ] },
             "uses": [ "my-default-network-map" ] } } }
      """;

  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private AltoServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts one with a version of the maps. */
  public static AltoServer at(String tag) throws IOException {
    AltoServer server = new AltoServer();
    server.say("/directory", ROOT);
    server.say("/maps", CUSTOM);
    server.take(tag, PIDS, COSTS);
    return server;
  }

  /** Has another version of the maps. */
  public void take(String tag, String pids, String costs) {
    say("/networkmap", networkMap(tag, pids));
    say("/networkmap/filtered", networkMap(tag, pids));
    say("/costmap/num/routingcost", costMap(tag, "numerical", costs));
    say("/costmap/filtered", costMap(tag, "numerical", costs));
    say("/ord/routingcost", costMap(tag, "ordinal", costs));
  }

  static String networkMap(String tag, String pids) {
    return "{\"meta\":{\"vtag\":{\"resource-id\":\"%s\",\"tag\":\"%s\"}},\"network-map\":%s}"
        .formatted(MAP, tag, pids);
  }

  static String costMap(String tag, String mode, String costs) {
    return ("{\"cost-map\":%s,\"meta\":{\"dependent-vtags\":[{\"resource-id\":\"%s\",\"tag\":\"%s\"}],"
            + "\"cost-type\":{\"cost-mode\":\"%s\",\"cost-metric\":\"routingcost\"}}}")
        .formatted(costs, MAP, tag, mode);
  }

  /** Answers with {@code body} at a path; SERVER stands for its own address in it. */
  public void say(String path, String body) {
    answers.put(path, body);
  }

  /** Answers 404 at a path. */
  public void forget(String path) {
    answers.remove(path);
  }

  /** Returns the URL of a path. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Returns what was asked: a method, a path and a body each. */
  List<String> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
    String text = answers.get(path);
    byte[] bytes =
        text == null
            ? "{\"meta\":{\"code\":\"E_INVALID_FIELD_VALUE\"}}".getBytes(UTF_8)
            : text.replace("SERVER", url("").toString()).getBytes(UTF_8);
    exchange.sendResponseHeaders(text == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Answers nothing any more. */
  void stop() {
    server.stop(0);
  }

  @Override
  public void close() {
    stop();
  }
}
