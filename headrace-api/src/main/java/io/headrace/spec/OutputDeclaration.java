package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Optional;

/**
 * An output that a component declares.
 *
 * @param mode in Azure's words
 */
public record OutputDeclaration(
    InputType type, Optional<String> description, Optional<String> mode, Where where) {}
