package io.headrace.registry;

import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which sources a version may have: a place that the run or the logged model owns, or one that this
 * server never reads. A client may not register what lies elsewhere on the server's machine, or
 * have others believe that a run made it.
 */
final class ModelSource {
  private static final Set<String> PROMPT_SOURCES = Set.of("dummy-source", "prompt-template");

  /** Reading there would make this server call the host that the URI names. */
  private static final Set<String> NAMING_A_HOST =
      Set.of(
          "ftp",
          "sftp",
          "hdfs",
          "viewfs",
          "http",
          "https",
          "mlflow-artifacts",
          "r2",
          "b2",
          "abfss");

  private final Tracking tracking;

  ModelSource(Tracking tracking) {
    this.tracking = tracking;
  }

  static void checkPrompt(String source) {
    if (!PROMPT_SOURCES.contains(source)) {
      throw TrackingException.invalid(
          "Invalid prompt source: '%s'. Prompt sources must use an MLflow placeholder."
              .formatted(Quoting.plain(source)));
    }
  }

  static void checkScheme(String source) {
    Uri uri = Uri.parse(source);
    String scheme = uri.scheme();
    if (!NAMING_A_HOST.contains(scheme)
        || (scheme.equals("mlflow-artifacts") && uri.authority().isEmpty())) {
      return;
    }
    throw TrackingException.invalid(
        ("'source' cannot use the '%s' scheme: the '%s' scheme addresses a host other than the"
                + " tracking server's configured artifact storage, so the server would connect to the"
                + " host named in the URI.")
            .formatted(scheme, scheme));
  }

  /**
   * Checks a source that is no prompt's and no other version.
   *
   * @param runId empty when none was given, as {@code modelId}
   */
  void check(String source, String runId, String modelId) {
    Uri uri = Uri.parse(source);
    Owner owner = modelId.isEmpty() ? new Owner("run", runId) : new Owner("model", modelId);
    if (isLocal(source, uri)) {
      checkLocal(source, owner);
      return;
    }
    checkPath(source);
    switch (uri.scheme()) {
      case "runs" -> checkRunUri(source, uri, owner);
      case "models" -> checkModelUri(source, uri, owner);
      case "mlflow-artifacts" -> {
        Optional<String> root = owner.id().isEmpty() ? Optional.empty() : root(owner, source);
        if (root.isEmpty() || !isWithin(source, root.get())) {
          throw notOwned(source, owner.kind());
        }
      }
      default -> {}
    }
  }

  /** What a source is said to be of: {@code run} or {@code model}. */
  private record Owner(String kind, String id) {}

  private static boolean isLocal(String source, Uri uri) {
    if (uri.scheme().isEmpty()) {
      return !source.equals("databricks");
    }
    if (!uri.scheme().equals("file")) {
      return false;
    }
    String host = uri.host();
    boolean elsewhere =
        !host.isEmpty()
            && !host.equals(".")
            && !host.startsWith("localhost")
            && !host.startsWith("127.0.0.1");
    if (elsewhere) {
      throw TrackingException.invalid(
          ("%s is not a valid remote uri. For remote access on windows, please consider using a"
                  + " different scheme such as SMB (e.g. smb://<hostname>/<path>).")
              .formatted(Quoting.plain(source)));
    }
    return true;
  }

  private void checkLocal(String source, Owner owner) {
    if (!owner.id().isEmpty()) {
      String root = root(owner, source).orElse("");
      if (isLocal(root, Uri.parse(root)) && real(source).startsWith(real(root))) {
        return;
      }
    }
    throw TrackingException.invalid(
        ("Invalid model version source: '%s'. To use a local path as a model version source, the"
                + " %s_id request parameter has to be specified and the local path has to be contained"
                + " within the artifact directory of the run specified by the %s_id.")
            .formatted(Quoting.plain(source), owner.kind(), owner.kind()));
  }

  /** Where a path leads when all links are followed; it need not be there. */
  private static Path real(String uri) {
    String text = uri.startsWith("file:") ? Uri.parse(uri).path() : uri;
    try {
      Path path =
          Path.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8))
              .toAbsolutePath();
      List<Path> rest = new ArrayList<>();
      Path there = path;
      while (!Files.exists(there) && there.getParent() != null) {
        rest.addFirst(there.getFileName());
        there = there.getParent();
      }
      Path real = there.toRealPath();
      for (Path part : rest) {
        real = real.resolve(part);
      }
      return real.normalize();
    } catch (IOException | IllegalArgumentException e) {
      throw invalid(uri, "it is no path");
    }
  }

  private static TrackingException invalid(String source, String why) {
    return TrackingException.invalid(
        "Invalid model version source: '%s'. %s".formatted(Quoting.plain(source), why));
  }

  private static void checkPath(String source) {
    String decoded = Uri.decoded(source);
    String path = Uri.parse(decoded).path();
    boolean clean = path.startsWith("/") && !path.matches("/+") && decoded.indexOf('\0') < 0;
    for (String part : decoded.split("/", -1)) {
      clean &= !part.equals("..");
    }
    for (String part : path.split("/", -1)) {
      clean &= !part.equals(".") && !part.equals("..");
    }
    if (!clean) {
      throw invalid(
          source,
          "If supplying a source as an http, https, local file path, ftp, objectstore, or"
              + " mlflow-artifacts uri, an absolute path must be provided without relative path"
              + " references present. Please provide an absolute path.");
    }
  }

  private static TrackingException notOwned(String source, String kind) {
    return invalid(
        source,
        "The %s_id request parameter must identify the resource that contains the source."
            .formatted(kind));
  }

  private static void checkRunUri(String source, Uri uri, Owner owner) {
    String path = uri.path().replaceFirst("^/", "");
    int slash = path.indexOf('/');
    String run = slash < 0 ? path : path.substring(0, slash);
    if (uri.authority().isEmpty() && run.isEmpty()) {
      throw TrackingException.invalid(
          ("Not a proper runs:/ URI: %s. Runs URIs must be of the form"
                  + " 'runs:/<run_id>/run-relative/path/to/artifact'")
              .formatted(Quoting.plain(source)));
    }
    if (!uri.authority().isEmpty() || !owner.kind().equals("run") || !owner.id().equals(run)) {
      throw notOwned(source, owner.kind());
    }
  }

  private static void checkModelUri(String source, Uri uri, Owner owner) {
    boolean owned =
        switch (parsed(source)) {
          case ModelUri.Logged(String id) -> owner.kind().equals("model") && owner.id().equals(id);
          case ModelUri.Numbered _, ModelUri.Staged _, ModelUri.Newest _, ModelUri.Aliased _ ->
              true;
        };
    if (!owned || !uri.authority().isEmpty()) {
      throw notOwned(source, "model");
    }
  }

  static ModelUri parsed(String source) {
    try {
      return ModelUri.parse(source);
    } catch (TrackingException e) {
      throw notOwned(source, "model");
    }
  }

  private Optional<String> root(Owner owner, String source) {
    try {
      return Optional.of(
          owner.kind().equals("run")
              ? tracking.runs().get(owner.id()).info().artifactUri()
              : tracking.models().get(owner.id()).artifactUri());
    } catch (TrackingException e) {
      if (e.reason() == TrackingException.Reason.NOT_FOUND) {
        throw notOwned(source, owner.kind());
      }
      throw e;
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isWithin(String source, String root) {
    Uri inner = Uri.parse(source);
    Uri outer = Uri.parse(root);
    List<String> parts = parts(inner);
    List<String> rootParts = parts(outer);
    return inner.scheme().equals(outer.scheme())
        && inner.authority().equalsIgnoreCase(outer.authority())
        && !rootParts.isEmpty()
        && parts.size() >= rootParts.size()
        && parts.subList(0, rootParts.size()).equals(rootParts);
  }

  private static List<String> parts(Uri uri) {
    List<String> parts = new ArrayList<>();
    for (String part : uri.path().split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(Uri.decoded(part.replace("+", "%2B")));
      }
    }
    return parts;
  }
}
