/**
 * Signing in by an OpenID provider: the authorization code flow with PKCE, and tokens of the
 * provider's from clients. Which keys sign and what a token must say is checked by a library, which
 * no other room knows.
 *
 * <p>May depend on: {@code http}, {@code access}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.oidc.OidcSignIn}.
 */
@NullMarked
package io.headrace.oidc;

import org.jspecify.annotations.NullMarked;
