package io.headrace.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.headrace.access.Secrets;
import java.io.IOException;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Says whether a token is the provider's, for this server, and of now: RS256 or ES256 by a key that
 * the provider publishes, its issuer, our client id among those it is for, and its times, give or
 * take a minute. Thread-safe.
 */
final class Tokens {
  private static final int PATIENCE_MS = 10_000;
  private static final int MOST_BYTES = 1024 * 1024;
  private static final int SKEW_SECONDS = 60;
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private final OidcSettings settings;
  private final Provider provider;
  private final AtomicReference<Optional<DefaultJWTProcessor<SecurityContext>>> processor =
      new AtomicReference<>(Optional.empty());

  Tokens(OidcSettings settings, Provider provider) {
    this.settings = settings;
    this.provider = provider;
  }

  /** A token that is not to be trusted. */
  static final class Untrusted extends Exception {
    private static final long serialVersionUID = 1L;

    Untrusted(String why, Throwable cause) {
      super(why, cause);
    }

    Untrusted(String why) {
      super(why);
    }
  }

  /**
   * What a trusted token says.
   *
   * @param name as it is known here
   * @param roles the values of the claim that gives roles
   */
  record Claims(String name, String displayName, List<String> roles) {}

  /** An ID token that was asked for with a nonce. */
  Claims read(String token, String nonce) throws Untrusted, IOException {
    JWTClaimsSet claims = verified(token);
    if (!Secrets.same(text(claims, "nonce"), nonce)) {
      throw new Untrusted("the token was made for another sign-in");
    }
    return claims(claims);
  }

  /** A token that a client brings. */
  Claims read(String token) throws Untrusted, IOException {
    return claims(verified(token));
  }

  private JWTClaimsSet verified(String token) throws Untrusted, IOException {
    try {
      JWTClaimsSet claims = processor().process(token, null);
      String party = text(claims, "azp");
      if (claims.getAudience().size() > 1 && !party.equals(settings.clientId())) {
        throw new Untrusted("the token is for several, and another one asked for it");
      }
      return claims;
    } catch (BadJOSEException | JOSEException | ParseException e) {
      throw new Untrusted("the token is not good: " + e.getMessage(), e);
    }
  }

  private DefaultJWTProcessor<SecurityContext> processor() throws IOException {
    Optional<DefaultJWTProcessor<SecurityContext>> made = processor.get();
    if (made.isPresent()) {
      return made.get();
    }
    DefaultJWTProcessor<SecurityContext> fresh = make();
    processor.set(Optional.of(fresh));
    return fresh;
  }

  private DefaultJWTProcessor<SecurityContext> make() throws IOException {
    JWKSource<SecurityContext> keys = keys();
    DefaultJWTProcessor<SecurityContext> its = new DefaultJWTProcessor<>();
    its.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    its.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            settings.clientId(),
            new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
            Set.of("sub", "exp", "iat", "aud"));
    claims.setMaxClockSkew(SKEW_SECONDS);
    its.setJWTClaimsSetVerifier(claims);
    return its;
  }

  private JWKSource<SecurityContext> keys() throws IOException {
    try {
      return JWKSourceBuilder.<SecurityContext>create(
              provider.offer().keys().toURL(),
              new DefaultResourceRetriever(PATIENCE_MS, PATIENCE_MS, MOST_BYTES))
          .build();
    } catch (MalformedURLException e) {
      throw new IOException("the OpenID provider gives no good 'jwks_uri'", e);
    }
  }

  private Claims claims(JWTClaimsSet claims) throws Untrusted {
    String name = text(claims, settings.nameClaim());
    if (name.isEmpty()) {
      throw new Untrusted("the token has no '" + settings.nameClaim() + "'");
    }
    // Providers let people write any address; only a verified one is theirs.
    if (settings.nameClaim().equals("email")
        && !Boolean.TRUE.equals(claims.getClaim("email_verified"))) {
      throw new Untrusted("the provider has not verified the user's e-mail address");
    }
    return new Claims(name, text(claims, "name"), texts(claims, settings.roleClaim()));
  }

  private static String text(JWTClaimsSet claims, String name) {
    return claims.getClaim(name) instanceof String text ? text : "";
  }

  private static List<String> texts(JWTClaimsSet claims, String name) {
    return switch (claims.getClaim(name)) {
      case String text -> List.of(text);
      case List<?> list ->
          list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }
}
