package io.headrace.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a sweep goes.
 *
 * @param maxTotalTrials from 1 to 1000
 * @param maxConcurrentTrials from 1; as many as there are in all when not said
 * @param timeout of the whole sweep
 * @param trialTimeout of each trial
 */
public record SweepLimits(
    int maxTotalTrials,
    int maxConcurrentTrials,
    Optional<Duration> timeout,
    Optional<Duration> trialTimeout) {}
