/**
 * Compiled Kubeflow pipelines: reads the YAML that {@code kfp} writes and turns it into a plan.
 *
 * <p>{@code SpecReader} makes records of the tree, with their places; {@code DagLowering} follows
 * parameters and artifacts through the graphs; {@code TaskSteps} makes a step of each task, run by
 * the launcher that stands beside this package's classes, in Python.
 *
 * <p>May depend on: {@code planner} (what a plan is asked by and given in), {@code job} (near
 * names), {@code yaml}, {@code plan}, {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.kfp.KubeflowPipelines}.
 */
@NullMarked
package io.headrace.kfp;

import org.jspecify.annotations.NullMarked;
