package io.ppstp.tracker.management;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * The page of operators, at {@code /}: files of the jar that say nothing of this tracker. What the
 * page shows it asks the API for, as whoever looks at it. Stateless.
 */
final class OperatorPage {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  /** Of the release that pom.xml names. */
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final List<String> SCRIPTS =
      List.of(
          "api.js",
          "channels.js",
          "charts.js",
          "dialog.js",
          "dom.js",
          "events.js",
          "main.js",
          "overview.js",
          "peers.js",
          "rules.js",
          "settings.js",
          "watch.js");

  /** Nothing from elsewhere, nothing written into the page, and no frame around it. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private OperatorPage() {}

  /** Adds the page to {@code router}; reads its files. */
  static void mount(Router router) {
    serve(router, "/", new ResourceFile("page/index.html", HTML));
    serve(router, "/page/style.css", new ResourceFile("page/style.css", STYLE));
    serve(router, "/page/icon.svg", new ResourceFile("page/icon.svg", "image/svg+xml"));
    for (String script : SCRIPTS) {
      serve(router, "/page/" + script, new ResourceFile("page/" + script, SCRIPT));
    }
    serve(router, "/page/uplot.js", new ResourceFile(CHARTS + "uPlot.iife.min.js", SCRIPT));
    serve(router, "/page/uplot.css", new ResourceFile(CHARTS + "uPlot.min.css", STYLE));
  }

  private static void serve(Router router, String path, ResourceFile file) {
    router.get(path).handler(OperatorPage::guard).handler(file);
  }

  private static void guard(RoutingContext request) {
    request
        .response()
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-frame-options", "DENY")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("cross-origin-resource-policy", "same-origin");
    request.next();
  }
}
