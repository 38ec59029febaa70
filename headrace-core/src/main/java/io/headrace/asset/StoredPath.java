package io.headrace.asset;

import io.headrace.name.Digest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bytes of the object store in the words of Azure ML: the path of an upload to the default
 * datastore, {@code azureml://datastores/workspaceblobstore/paths/LocalUpload/DIGEST/NAME}. A
 * folder ends in a slash.
 *
 * @param digest of the file's bytes, or of the folder's manifest
 * @param name the base name
 */
public record StoredPath(Digest digest, String name, boolean folder) {
  private static final String BEFORE = "azureml://datastores/workspaceblobstore/paths/LocalUpload/";
  private static final Pattern SHAPE =
      Pattern.compile(
          "azureml://(?:subscriptions/[^/]*/resource[gG]roups/[^/]*/workspaces/[^/]*/)?"
              + "datastores/workspaceblobstore/paths/LocalUpload/([0-9a-f]{64})/([^/]+)(/?)");

  /** Empty when the text is another path. */
  public static Optional<StoredPath> parse(String text) {
    var found = SHAPE.matcher(text);
    return found.matches()
        ? Optional.of(
            new StoredPath(new Digest(found.group(1)), found.group(2), !found.group(3).isEmpty()))
        : Optional.empty();
  }

  /** As it is shown and kept. */
  public String uri() {
    return BEFORE + digest.hex() + "/" + name + (folder ? "/" : "");
  }
}
