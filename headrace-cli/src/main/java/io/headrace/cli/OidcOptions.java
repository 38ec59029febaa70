package io.headrace.cli;

import io.headrace.access.Role;
import io.headrace.oidc.OidcSettings;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which OpenID provider vouches for users. */
final class OidcOptions {
  private static final String SECRET = "HEADRACE_OIDC_CLIENT_SECRET";

  @Option(
      names = "--oidc-issuer",
      paramLabel = "URL",
      description = "People sign in by this OpenID provider, too.")
  @Nullable String issuer;

  @Option(
      names = "--oidc-client-id",
      paramLabel = "ID",
      defaultValue = "",
      description = "As the provider knows this server.")
  String clientId = "";

  @Option(
      names = "--oidc-client-secret-file",
      paramLabel = "FILE",
      description = "The client's secret, if it has one; or HEADRACE_OIDC_CLIENT_SECRET.")
  @Nullable Path secretFile;

  @Option(
      names = "--oidc-name-claim",
      paramLabel = "CLAIM",
      defaultValue = "email",
      description = "What users are called here (default: email, when verified).")
  String nameClaim = "email";

  @Option(
      names = "--oidc-role-claim",
      paramLabel = "CLAIM",
      defaultValue = "groups",
      description = "What --oidc-role looks into (default: groups).")
  String roleClaim = "groups";

  @Option(
      names = "--oidc-role",
      paramLabel = "VALUE=ROLE",
      description = "Who has the value is reader, contributor or admin of everything.")
  Map<String, String> roles = new LinkedHashMap<>();

  Optional<OidcSettings> settings(Context context) throws IOException {
    if (issuer == null) {
      return Optional.empty();
    }
    var meant = new LinkedHashMap<String, Role>();
    roles.forEach((value, role) -> meant.put(value, Role.of(role)));
    return Optional.of(
        new OidcSettings(uri(issuer), clientId, secret(context), nameClaim, roleClaim, meant));
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "--oidc-issuer " + text + " is no address")
          .asException(e);
    }
  }

  private Optional<String> secret(Context context) throws IOException {
    return secretFile == null
        ? context.variable(SECRET)
        : Optional.of(Files.readString(context.resolve(secretFile)).strip());
  }
}
