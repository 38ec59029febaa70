package io.headrace.spi;

import java.time.Instant;

/**
 * A job that was started or adopted.
 *
 * @param attempt as in its request
 * @param detail for people: {@code pid 4711}
 * @param adopted whether an earlier process had started it
 */
public record JobHandle(String attempt, String detail, Instant started, boolean adopted) {}
