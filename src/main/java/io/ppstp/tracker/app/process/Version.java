package io.ppstp.tracker.app.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Knows the product's version, which the build writes into the jar. */
public final class Version implements IVersionProvider {

  /** Returns the version, or {@code unknown} outside a built jar. */
  public static String text() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/ppstp-tracker.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"ppstp-tracker " + text()};
  }
}
