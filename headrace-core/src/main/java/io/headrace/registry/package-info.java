/**
 * Registered models and their versions, aliases with who moved them, prompts, and the webhooks that
 * are told of changes: the words of MLflow's model registry.
 *
 * <p>A version's bytes are in the object store, named by the digest that it was registered with;
 * the same version is a model of the room {@code asset}, and both are written in one transaction.
 *
 * <p>May depend on: {@code asset}, {@code tracking}, {@code sql}, {@code json}, {@code yaml},
 * {@code spec}, {@code store}, {@code spi}, {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.registry.Registry}.
 */
@NullMarked
package io.headrace.registry;

import org.jspecify.annotations.NullMarked;
