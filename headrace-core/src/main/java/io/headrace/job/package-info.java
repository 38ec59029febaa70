/**
 * The kinds of document: what each may hold, as data; and the reading of each from the located
 * tree, reporting all that is wrong at once.
 *
 * <p>{@link io.headrace.job.Shape} is the language of the descriptions, {@code Shapes} and the
 * classes of its families ({@code JobShapes}, {@code NodeShapes}, {@code ComputeShapes}, ...) the
 * descriptions themselves, {@code Validator} the one judge of all of them. The readers then turn a
 * tree into the records of {@code spec}. {@link io.headrace.job.JsonSchemas} makes schemas of the
 * descriptions, and {@link io.headrace.job.LoadedDocument#written} writes a document back by them.
 *
 * <p>A new kind of job: a record in {@code spec}, its fields in {@code Shapes}, its reader beside
 * {@link io.headrace.job.DocumentLoader}, its lowering in {@code planner}.
 *
 * <p>May depend on: {@code yaml}, {@code spec}, {@code plan}, {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.job.DocumentLoader}.
 */
@NullMarked
package io.headrace.job;

import org.jspecify.annotations.NullMarked;
