package io.headrace.web;

import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves {@code /} and {@code /ui/…}. The browser is told to run nothing but these scripts and to
 * ask nobody but this server, so that even a fault in a page lets nothing that a model wrote run.
 */
public final class WebPages implements CallHandler {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String INDEX = "index.html";

  private static final List<String> FILES =
      List.of(
          INDEX,
          "icon.svg",
          "app.css",
          "main.js",
          "api.js",
          "dom.js",
          "chart.js",
          "graph.js",
          "experiments.js",
          "run.js",
          "artifacts.js",
          "compare.js",
          "jobs.js",
          "models.js");

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /** Reads all pages, some tens of kilobytes. */
  public WebPages() {
    for (String file : FILES) {
      try (var bytes = WebPages.class.getResourceAsStream(file)) {
        if (bytes == null) {
          throw new IllegalStateException("the page " + file + " is not in the program");
        }
        files.put(path(file), bytes.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether a path is one of these pages. */
  public boolean isOurs(String path) {
    return files.containsKey(path);
  }

  /** What there is to call; the same pages for everybody, with nothing of anybody's in them. */
  public static List<Route> routes() {
    return FILES.stream().map(it -> Route.of("GET", path(it), Needs.nothing())).toList();
  }

  private static String path(String file) {
    return file.equals(INDEX) ? "/" : "/ui/" + file;
  }

  @Override
  public Answer answer(Call call) {
    return Optional.ofNullable(files.get(call.path()))
        .map(bytes -> page(call.path(), bytes))
        .orElseGet(() -> Answer.text(404, "There is no such page.\n"));
  }

  private static Answer page(String path, byte[] bytes) {
    return Answer.of(200, type(path), bytes)
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer")
        .with("Cache-Control", "no-cache");
  }

  private static String type(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/html; charset=utf-8";
    };
  }
}
