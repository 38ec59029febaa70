package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.run.OutputData;
import java.util.Map;

/**
 * What a step once made, to be given again for the same key.
 *
 * @param child the run of the step that made it
 */
record Result(RunId child, Map<String, OutputData> outputs) {}
