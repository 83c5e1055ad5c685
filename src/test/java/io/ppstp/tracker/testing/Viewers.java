package io.ppstp.tracker.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Viewers of {@link LiveExample}, who know nothing of each other: pages of a Chromium, driven by
 * {@code viewers.js}. Confined to one thread; the browser ends with this JVM.
 */
public final class Viewers implements AutoCloseable {
  private final BrowserScript browser;

  private Viewers(BrowserScript browser) {
    this.browser = browser;
  }

  /** Returns what this machine lacks for it, if it lacks anything. */
  public static Optional<String> missing() {
    return BrowserScript.missing();
  }

  /** Starts a browser without pages. */
  public static Viewers start(Path folder) throws IOException {
    return new Viewers(BrowserScript.start("viewers.js", folder));
  }

  private static ObjectNode of(String name) {
    return Json.object().put("name", name);
  }

  /** Opens the page for a new viewer. */
  public void open(String name, URI page) throws Exception {
    browser.task("open", of(name).put("url", page.toString()));
  }

  /** Has a viewer choose a quality: its number, from the lowest. */
  public void choose(String name, int quality) throws Exception {
    browser.task("choose", of(name).put("quality", Integer.toString(quality)));
  }

  /** Returns what a viewer sees on the page, and which swarms it has announced. */
  public JsonNode look(String name) throws Exception {
    return browser.task("look", of(name));
  }

  /** Closes all pages at once. */
  public void closeAll() throws Exception {
    browser.task("closeAll", Json.object());
  }

  /** Returns what the pages have reported so far, for whoever has to explain a failure. */
  public String log() throws IOException {
    return browser.log();
  }

  @Override
  public void close() throws IOException {
    browser.close();
  }
}
