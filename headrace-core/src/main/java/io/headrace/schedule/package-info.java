/**
 * When schedules are due: cron expressions and recurrences, in time zones with their changes of the
 * clock.
 *
 * <p>Pure: no clock, no disk, no threads; the moment is passed in.
 *
 * <p>May depend on: {@code spec}, {@code job} (fields of cron expressions, names of time zones),
 * {@code problem}, {@code name}.
 *
 * <p>Begin with {@link io.headrace.schedule.Schedule}; docs/schedules.md says what is promised.
 */
@NullMarked
package io.headrace.schedule;

import org.jspecify.annotations.NullMarked;
