/**
 * MLflow projects: turns an entry point into an Azure ML component and a job that runs it.
 *
 * <p>May depend on: {@code yaml}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.mlproject.MlProject}.
 */
@NullMarked
package io.headrace.mlproject;

import org.jspecify.annotations.NullMarked;
