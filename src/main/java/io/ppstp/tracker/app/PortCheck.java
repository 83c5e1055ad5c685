package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.config.TrackerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries all listening addresses before anything starts, so that all that are taken are told of at
 * once and by the name of their key. Stateless; blocks, so not for an event loop.
 */
final class PortCheck {
  private PortCheck() {}

  /**
   * Tries the addresses that {@code config} listens on.
   *
   * @throws StartException if any cannot be listened on
   */
  static void run(TrackerConfig config) throws StartException {
    List<String> faults = new ArrayList<>();
    if (config.http().enabled()) {
      check("http", config.http().host(), config.http().port(), faults);
    }
    if (config.https().enabled()) {
      check("https", config.https().host(), config.https().port(), faults);
    }
    check("management", config.management().host(), config.management().port(), faults);
    if (!faults.isEmpty()) {
      throw new StartException(faults);
    }
  }

  private static void check(String section, String host, int port, List<String> faults) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      faults.add(section + ".host: '" + host + "' cannot be resolved; write an IP address");
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (BindException e) {
      faults.add(
          port == 0
              ? section + ".host: '" + host + "' is not an address of this machine"
              : section + ".port: " + inUrl(host) + ":" + port + " " + explain(e));
    } catch (IOException e) {
      faults.add(section + ".port: " + inUrl(host) + ":" + port + ": " + e.getMessage());
    }
  }

  private static String explain(BindException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("in use")) {
      return "is in use by another program; stop it or choose another port";
    }
    return message.contains("Permission")
        ? "needs rights that this process does not have; choose a port over 1023"
        : "cannot be listened on: " + message;
  }

  /** Returns a host as it stands in a URL: IPv6 literals in brackets. */
  static String inUrl(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
