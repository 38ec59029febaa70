/** Real databases for tests, of this module and of others. */
package io.headrace.testing;
