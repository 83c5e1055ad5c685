package io.ppstp.tracker.testing;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the heap holds: the JVM's histogram of live objects, for which it collects all garbage.
 *
 * @param histogram lines of instances, bytes and class, the largest first, under a heading
 */
public record LiveHeap(String histogram) {

  /** Looks at the heap of this JVM. */
  public static LiveHeap now() throws JMException {
    return new LiveHeap(
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()}));
  }

  /** Returns the bytes of all live objects. */
  public long bytes() {
    // The last line is "Total", the instances and the bytes.
    String total = histogram.strip().lines().reduce((line, next) -> next).orElseThrow();
    return Long.parseLong(total.substring(total.lastIndexOf(' ') + 1));
  }

  /** Prints the classes that take most. */
  public void print(int classes) {
    histogram.lines().limit(classes + 2L).forEach(System.out::println);
  }
}
