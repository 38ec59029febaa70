package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Optional;

/**
 * The {@code task:} of a parallel job.
 *
 * @param type {@code run_function}, or {@code model} or {@code function}, as Azure names them
 * @param entryScript relative to the code; has {@code run(mini_batch)}
 * @param programArguments shell-like text with expressions
 * @param appendRowTo the output that takes all rows: <code>${{outputs.x}}</code>
 * @param environment absent only when that has been reported
 */
public record ParallelTask(
    String type,
    CodeReference code,
    Optional<Written> entryScript,
    Optional<Written> programArguments,
    Optional<Written> model,
    Optional<Written> appendRowTo,
    Optional<EnvironmentReference> environment,
    Where where) {}
