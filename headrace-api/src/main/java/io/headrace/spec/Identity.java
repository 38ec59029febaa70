package io.headrace.spec;

import java.util.Optional;

/** As whom a job speaks to the cloud. Kept; a local run speaks to none. */
public sealed interface Identity {
  record Managed(
      Optional<String> clientId, Optional<String> objectId, Optional<String> msiResourceId)
      implements Identity {}

  record AmlToken() implements Identity {}

  record User() implements Identity {}

  /** To be replaced by a pipeline's input. */
  record Bound(Written expression) implements Identity {}
}
