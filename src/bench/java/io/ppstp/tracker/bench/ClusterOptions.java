package io.ppstp.tracker.bench;

import java.util.List;

/**
 * What the nodes of the clusters under test get beside what the benchmark gives them, so that one
 * means can be switched off and measured apart. Immutable.
 *
 * @param settings of the tracker, {@code key=value}
 * @param jvmOptions such as {@code -Dname=value}
 * @param properties of Hazelcast, {@code name=value}, in place of those in {@code cluster.xml}, which
 *     precede system properties
 */
record ClusterOptions(List<String> settings, List<String> jvmOptions, List<String> properties) {
  /** Nothing beside. */
  static final ClusterOptions NONE = new ClusterOptions(List.of(), List.of(), List.of());

  /** Returns {@code xml}, a Hazelcast configuration, with the properties. */
  String apply(String xml) {
    StringBuilder lines = new StringBuilder("<properties>");
    String rest = xml;
    for (String property : properties) {
      String name = key(property);
      rest = rest.replaceAll("<property name=\"\\Q" + name + "\\E\">[^<]*</property>", "");
      lines.append("<property name=\"").append(name).append("\">");
      lines.append(value(property)).append("</property>");
    }
    return rest.replace("<properties>", lines.toString());
  }

  /** Returns what stands before the first equals sign. */
  static String key(String assignment) {
    return assignment.substring(0, equalsSign(assignment));
  }

  /** Returns what stands after the first equals sign. */
  static String value(String assignment) {
    return assignment.substring(equalsSign(assignment) + 1);
  }

  private static int equalsSign(String assignment) {
    int at = assignment.indexOf('=');
    if (at < 1) {
      throw new IllegalArgumentException("not of the form key=value: " + assignment);
    }
    return at;
  }
}
