package io.ppstp.tracker.testing;

import java.util.regex.Pattern;

/** The product's {@code cluster.xml} for tests, which share a machine. Stateless. */
public final class ClusterXml {
  /** Ports of members that the file may name, from its own first one on. */
  public static final int PORTS = 20;

  private static final int DEFAULT_PORT = 5701;
  private static final Pattern NUMBER = Pattern.compile("\\b\\d{4}(?=<)");

  private ClusterXml() {}

  /** Returns {@code xml} with its members at {@code first} and the ports after it. */
  public static String at(int first, String xml) {
    // In one pass: what is put in may look like what is replaced.
    return NUMBER
        .matcher(xml)
        .replaceAll(
            found -> {
              int number = Integer.parseInt(found.group());
              boolean port = number >= DEFAULT_PORT && number < DEFAULT_PORT + PORTS;
              return Integer.toString(port ? first + number - DEFAULT_PORT : number);
            });
  }
}
