package io.headrace.oidc;

import io.headrace.access.Role;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which provider, and what its tokens mean here.
 *
 * @param issuer where the provider says what it offers, without {@code /.well-known/…}
 * @param clientId by which it knows this server
 * @param clientSecret empty for a client that has none
 * @param nameClaim which claim is the user's name here; {@code email} counts only when verified
 * @param roleClaim which claim lists what {@code roles} are given for
 * @param roles the role for everything by a value of that claim; none to give roles here alone
 */
public record OidcSettings(
    URI issuer,
    String clientId,
    Optional<String> clientSecret,
    String nameClaim,
    String roleClaim,
    Map<String, Role> roles) {
  public OidcSettings {
    roles = Map.copyOf(roles);
    requireSafe(issuer);
    if (clientId.isBlank()) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "an OpenID provider needs a client id")
          .fix("give --oidc-client-id, as the provider has it")
          .asException();
    }
  }

  /** Over plain HTTP anybody on the way could sign in as anybody. */
  static void requireSafe(URI uri) {
    String host = String.valueOf(uri.getHost());
    boolean here = List.of("127.0.0.1", "localhost", "[::1]").contains(host);
    boolean safe = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && here);
    if (!safe) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "the OpenID provider " + uri + " is not at https")
          .fix("give an https address")
          .asException();
    }
  }

  /** The greatest role that values of the claim give. */
  Optional<Role> role(Collection<String> values) {
    return values.stream()
        .flatMap(it -> Optional.ofNullable(roles.get(it)).stream())
        .max(Comparator.naturalOrder());
  }
}
