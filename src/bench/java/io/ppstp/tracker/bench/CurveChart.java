package io.ppstp.tracker.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws figures over time as curves, in panels one above the other with one axis of time, with CSS
 * for light and dark. Stateless.
 */
final class CurveChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 76;
  private static final int HEIGHT = 180;
  private static final int GAP = 50;
  private static final int TICKS = 6;

  private CurveChart() {}

  /** A figure at a time, in seconds. */
  record Point(double seconds, double figure) {}

  /**
   * Curves of one figure, by name.
   *
   * @param reference where a dashed line is drawn
   * @param logarithmic whether each power of ten takes the same height
   */
  record Panel(
      String title, Map<String, List<Point>> curves, double reference, boolean logarithmic) {
    private double most() {
      double most = reference;
      for (List<Point> curve : curves.values()) {
        for (Point point : curve) {
          most = Math.max(most, point.figure());
        }
      }
      return logarithmic ? Math.pow(10, Math.ceil(Math.log10(most))) : most * 1.1;
    }

    private double least() {
      double least = reference;
      for (List<Point> curve : curves.values()) {
        for (Point point : curve) {
          least = Math.min(least, point.figure());
        }
      }
      return logarithmic ? Math.pow(10, Math.floor(Math.log10(Math.max(0.01, least)))) : 0;
    }

    /** Returns how high a figure stands, from 0 to 1. */
    private double height(double figure) {
      double least = least();
      double most = most();
      double height =
          logarithmic
              ? Math.log10(Math.max(figure, least) / least) / Math.log10(most / least)
              : figure / most;
      return Math.max(0, Math.min(1, height));
    }
  }

  /** Returns the picture, as SVG. */
  static String draw(String title, String axis, List<Panel> panels) {
    double seconds = 0;
    for (Panel panel : panels) {
      for (List<Point> curve : panel.curves().values()) {
        for (Point point : curve) {
          seconds = Math.max(seconds, point.seconds());
        }
      }
    }
    StringBuilder all = new StringBuilder(text("title", 10, 20, title));
    int legend = 10;
    int number = 0;
    for (String name : panels.get(0).curves().keySet()) {
      all.append(line("curve c" + number, legend, 36, legend + 24, 36));
      all.append(text("", legend + 30, 40, name));
      legend += 60 + 8 * name.length();
      number++;
    }
    int top = TOP;
    for (Panel panel : panels) {
      draw(all, panel, top, seconds);
      top += HEIGHT + GAP;
    }
    int bottom = top - GAP;
    double step = roundStep(seconds / TICKS);
    for (double at = 0; at <= seconds; at += step) {
      all.append(text("", (int) x(at, seconds) - 8, bottom + 16, String.format(Locale.ROOT, "%.0f", at)));
    }
    all.append(text("", LEFT, bottom + 34, axis));
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d">
    <title>%3$s</title>
    <style>
    rect.page { fill: #fff } text { font: 13px sans-serif; fill: #1a202c }
    text.title { font-weight: bold } line.grid { stroke: #cbd5e0 }
    line.reference { stroke: #718096; stroke-dasharray: 6 4 }
    .curve { fill: none; stroke-width: 2 }
    .c0 { stroke: #c05621 } .c1 { stroke: #2b6cb0 } .c2 { stroke: #2f855a } .c3 { stroke: #805ad5 }
    @media (prefers-color-scheme: dark) {
      rect.page { fill: #16181d } text { fill: #e2e8f0 } line.grid { stroke: #3a4150 }
      .c0 { stroke: #ed8936 } .c1 { stroke: #63b3ed } .c2 { stroke: #68d391 } .c3 { stroke: #b794f4 }
    }
    </style>
    <rect class="page" width="%1$d" height="%2$d"/>
    %4$s</svg>
    """
        .formatted(WIDTH, bottom + 44, title, all);
  }

  private static void draw(StringBuilder all, Panel panel, int top, double seconds) {
    all.append(text("title", LEFT, top - 6, panel.title()));
    double step = panel.logarithmic() ? 10 : roundStep(panel.most() / 4);
    double mark = panel.least();
    while (mark <= panel.most() * 1.001) {
      double y = y(panel, mark, top);
      all.append(line("grid", LEFT, y, WIDTH - RIGHT, y));
      all.append(text("", 6, (int) y + 4, label(mark)));
      mark = panel.logarithmic() ? mark * step : mark + step;
    }
    double reference = y(panel, panel.reference(), top);
    all.append(line("reference", LEFT, reference, WIDTH - RIGHT, reference));
    int number = 0;
    for (List<Point> curve : panel.curves().values()) {
      StringBuilder points = new StringBuilder();
      for (Point point : curve) {
        points.append(
            String.format(
                Locale.ROOT,
                "%.1f,%.1f ",
                x(point.seconds(), seconds),
                y(panel, point.figure(), top)));
      }
      all.append(
          "<polyline class=\"curve c%d\" points=\"%s\"/>%n"
              .formatted(number++, points.toString().strip()));
    }
  }

  /** Returns one, two or five times a power of ten, at least {@code least}. */
  private static double roundStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double times : new double[] {1, 2, 5}) {
      if (times * power >= least) {
        return times * power;
      }
    }
    return 10 * power;
  }

  private static String label(double mark) {
    return String.format(Locale.ROOT, mark < 1 && mark > 0 ? "%.2f" : "%.0f", mark);
  }

  private static double x(double seconds, double most) {
    return LEFT + seconds / most * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Panel panel, double figure, int top) {
    return top + (1 - panel.height(figure)) * HEIGHT;
  }

  private static String line(String style, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
        style,
        x1,
        y1,
        x2,
        y2);
  }

  private static String text(String style, int x, int y, String text) {
    return "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n".formatted(style, x, y, text);
  }
}
