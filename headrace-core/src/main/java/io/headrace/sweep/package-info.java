/**
 * The mathematics of hyperparameter sweeps: which values the next trial has, which running trials
 * to end early, which trial was the best.
 *
 * <p>Pure: no clock, no disk, no threads. The same arguments give the same answer in any process.
 *
 * <p>May depend on: {@code plan}, {@code problem}, {@code name}; Commons Math in {@code Gaussian}
 * and {@code SobolDraws}.
 *
 * <p>Begin with {@link io.headrace.sweep.Sampler}; what the algorithms mean is in docs/sweep.md.
 */
@NullMarked
package io.headrace.sweep;

import org.jspecify.annotations.NullMarked;
