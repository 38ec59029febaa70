/**
 * Tests that start the real launcher as a user does, and attack it: kills, a full disk, two engines
 * at once, hostile values. Nothing of the program is called in process.
 *
 * <p>Begin with {@link io.headrace.e2e.Headrace}.
 */
@NullMarked
package io.headrace.e2e;

import org.jspecify.annotations.NullMarked;
