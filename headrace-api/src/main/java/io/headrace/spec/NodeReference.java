package io.headrace.spec;

import io.headrace.problem.Where;

/**
 * Another node of the same pipeline, as control flow names it: <code>${{parent.jobs.NODE}}</code>.
 *
 * @param node its name; empty when it was wrong, which has been said
 */
public record NodeReference(String node, Where where) {}
