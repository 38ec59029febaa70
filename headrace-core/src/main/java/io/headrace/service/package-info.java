/**
 * What a process does that goes on: it works on the runs that are handed to it, takes them up again
 * after its own end, and starts the jobs of schedules when they are due.
 *
 * <p>Promises: a run whose submission was answered is never forgotten, whatever ends the process; a
 * moment of a schedule starts one run, however many processes keep the schedule and however often
 * they are started anew.
 *
 * <p>May depend on: {@code engine}, {@code asset}, {@code schedule}, {@code job} and {@code yaml}
 * (a schedule's trigger), {@code json}, {@code sql}, {@code spec}, {@code plan}, {@code run},
 * {@code spi}, {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.service.RunService} and {@link io.headrace.service.Keeper}.
 */
@NullMarked
package io.headrace.service;

import org.jspecify.annotations.NullMarked;
