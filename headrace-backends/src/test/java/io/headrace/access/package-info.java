@org.jspecify.annotations.NullMarked
package io.headrace.access;
