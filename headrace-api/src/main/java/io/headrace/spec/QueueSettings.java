package io.headrace.spec;

import java.util.Optional;

/** How a cluster should queue a job. Kept; this machine has no queue. */
public record QueueSettings(Optional<String> jobTier, Optional<String> priority) {}
