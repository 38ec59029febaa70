/** What the tests of several backends share. */
@NullMarked
package io.headrace.backend;

import org.jspecify.annotations.NullMarked;
