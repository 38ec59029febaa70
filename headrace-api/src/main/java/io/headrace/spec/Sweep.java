package io.headrace.spec;

import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Objective;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.plan.SweepLimits;
import io.headrace.problem.Where;
import java.util.Optional;

/** How a sweep tries: the part that sweep jobs and sweep nodes share. */
public record Sweep(
    SearchSpace space,
    Sampling sampling,
    Objective objective,
    Optional<EarlyTermination> earlyTermination,
    SweepLimits limits,
    Where where) {}
