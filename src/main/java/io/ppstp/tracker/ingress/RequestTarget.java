package io.ppstp.tracker.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import java.net.URLDecoder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the target of a request says where its sender cannot set an {@code Authorization} field, as
 * pages that open a WebSocket and BitTorrent clients cannot: a path that is served, and a bearer
 * token. Immutable; a target is never logged, for it may hold a token even where none is looked
 * for.
 *
 * <p>In the query it is the parameter {@code token}. In the path it is one segment, before or
 * behind a path that is served: {@code /TOKEN/announce}, as BitTorrent trackers have their keys, or
 * {@code /announce/TOKEN}, which one rule of a proxy for {@code /announce} lets through; with the
 * path {@code /} it is {@code /TOKEN}. Clients take a tracker's URL as it is, but for a slash at
 * its end.
 *
 * @param path without the token
 * @param token percent-decoded, null if there is none
 * @param repeated whether there is more than one token
 */
record RequestTarget(String path, @Nullable String token, boolean repeated) {
  private static final String PARAMETER = "token=";

  /**
   * Reads a target.
   *
   * @param query null if there is none
   * @param paths that are served
   * @return null if none of {@code paths} is meant
   */
  static @Nullable RequestTarget of(
      @Nullable String path, @Nullable String query, Set<String> paths, TokenPlace place) {
    if (path == null || !path.startsWith("/")) {
      return null;
    }
    if (!paths.contains(path)) {
      return place == TokenPlace.PATH ? ofSegments(path, paths) : null;
    }
    return place == TokenPlace.QUERY && query != null
        ? ofQuery(path, query)
        : new RequestTarget(path, null, false);
  }

  private static RequestTarget ofQuery(String path, String query) {
    String token = null;
    boolean repeated = false;
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith(PARAMETER)) {
        repeated |= token != null;
        token = decoded(parameter.substring(PARAMETER.length()));
      }
    }
    return new RequestTarget(path, token, repeated);
  }

  private static @Nullable RequestTarget ofSegments(String path, Set<String> paths) {
    int first = path.indexOf('/', 1);
    if (first < 0) {
      return paths.contains("/") ? of("/", path.substring(1)) : null;
    }
    if (paths.contains(path.substring(first))) {
      return of(path.substring(first), path.substring(1, first));
    }
    int last = path.lastIndexOf('/');
    String before = path.substring(0, last);
    return paths.contains(before) ? of(before, path.substring(last + 1)) : null;
  }

  private static RequestTarget of(String path, String segment) {
    return new RequestTarget(path, decoded(segment), false);
  }

  /** A plus stands for itself here: tokens may hold one, and no blanks. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Says nothing secret. */
  @Override
  public String toString() {
    return "RequestTarget[" + path + "]";
  }
}
