package io.headrace.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.headrace.access.Audit;
import io.headrace.access.Entrance;
import io.headrace.access.Grant;
import io.headrace.access.Role;
import io.headrace.access.Scope;
import io.headrace.access.Users;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.http.Answer;
import io.headrace.http.Guard;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.RouteTable;
import io.headrace.http.Visits;
import io.headrace.http.WebServer;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in by a provider of this test's own, with the mistakes that one can make there. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OidcTest {
  private static final Users.By BY = new Users.By("(test)", "here");

  @TempDir Path folder;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private TestProvider provider;
  private MetadataStore records;
  private Users users;
  private WebServer server;

  @BeforeEach
  void open() throws Exception {
    provider = new TestProvider();
    records = SqliteMetadataStore.open(folder.resolve("records.db"));
    users = Users.open(records, this::now);
    server = serve(Map.of("science", Role.CONTRIBUTOR, "staff", Role.READER));
  }

  private Instant now() {
    return Instant.now().plus(ahead.get());
  }

  private WebServer serve(Map<String, Role> roles) {
    var settings =
        new OidcSettings(
            URI.create(provider.issuer()),
            TestProvider.CLIENT,
            Optional.of(TestProvider.SECRET),
            "email",
            "groups",
            roles);
    var oidc = new OidcSignIn(settings, users, this::now, (doing, e) -> logged.add(doing + e));
    var routes = new ArrayList<>(OidcSignIn.routes());
    routes.add(Route.of("GET", "/who", Needs.entry()));
    return WebServer.onLoopback(
        0,
        new Guard(
            true,
            new RouteTable(routes),
            Entrance.ofProvider(users, "the workspace's", oidc::ofToken, this::now),
            Visits.none(),
            call ->
                OidcSignIn.isOurs(call.path())
                    ? oidc.answer(call)
                    : Answer.text(
                        200, call.asker().name() + " " + call.asker().rights().everywhere())),
        (doing, e) -> logged.add(doing + e));
  }

  @AfterEach
  void close() {
    server.close();
    records.close();
    provider.close();
  }

  private HttpResponse<String> get(String path, String header, String value) {
    var request = HttpRequest.newBuilder(URI.create(server.uri() + path));
    if (!value.isEmpty()) {
      request.header(header, value);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String cookie(HttpResponse<String> answer) {
    return answer.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", "");
  }

  /** A browser that was sent to the provider. */
  private record Sent(URI to, String cookie) {
    String state() {
      return TestProvider.fields(to.getRawQuery()).getOrDefault("state", "");
    }
  }

  private Sent begin() {
    var answer = get("/oidc/signin", "", "");
    assertThat(answer.statusCode()).as(answer.body() + logged).isEqualTo(303);
    return new Sent(
        URI.create(answer.headers().firstValue("Location").orElseThrow()), cookie(answer));
  }

  private HttpResponse<String> back(Sent sent, String code, String state) {
    return get("/oidc/callback?code=" + code + "&state=" + state, "Cookie", sent.cookie);
  }

  private HttpResponse<String> signIn() {
    var sent = begin();
    return back(sent, provider.code(sent.to), sent.state());
  }

  private String who(String token) {
    var answer = get("/who", "Authorization", "Bearer " + token);
    return answer.statusCode() == 200 ? answer.body() : "status " + answer.statusCode();
  }

  @Test
  void given_somebody_whom_the_provider_knows_then_a_session_begins_with_the_claims_role() {
    var answer = signIn();
    assertThat(answer.statusCode()).as(logged.toString()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("../");
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .contains("HttpOnly", "SameSite=Strict");
    assertThat(get("/who", "Cookie", cookie(answer)).body())
        .isEqualTo("anna@example.org Optional[CONTRIBUTOR]");
    assertThat(users.get("anna@example.org").displayName()).isEqualTo("Anna");
    assertThat(
            Audit.open(records, this::now).list(Optional.of("Anna@example.org"), Instant.EPOCH, 9))
        .extracting(it -> it.deed().action())
        .containsExactly("user create", "user grant contributor of everything");
  }

  @Test
  void when_the_provider_gives_another_role_later_then_it_is_the_one_that_counts() {
    users.create(BY, "anna@example.org", "", Optional.empty(), Optional.of(Role.ADMIN));
    users.grant(BY, "anna@example.org", new Grant(new Scope.Model("m"), Role.ADMIN));
    signIn();
    provider.tokens = claims -> provider.signed(claims.claim("groups", "staff").build());
    assertThat(get("/who", "Cookie", cookie(signIn())).body()).contains("READER");
    provider.tokens = claims -> provider.signed(claims.claim("groups", List.of()).build());
    assertThat(get("/who", "Cookie", cookie(signIn())).body()).contains("Optional.empty");
    assertThat(users.get("anna@example.org").grants())
        .containsExactly(new Grant(new Scope.Model("m"), Role.ADMIN));
  }

  @Test
  void given_roles_kept_here_then_the_providers_groups_give_none() {
    server.close();
    server = serve(Map.of());
    users.create(BY, "anna@example.org", "", Optional.empty(), Optional.of(Role.ADMIN));
    assertThat(get("/who", "Cookie", cookie(signIn())).body()).contains("ADMIN");
    assertThat(who(provider.signed(provider.claims().build()))).contains("ADMIN");
    var stranger = provider.claims().claim("email", "bert@example.org").build();
    assertThat(who(provider.signed(stranger))).isEqualTo("status 401");
  }

  /** Tokens that are wrong in one thing each. */
  private Map<String, Function<JWTClaimsSet.Builder, String>> bad() throws JOSEException {
    var other = new RSAKeyGenerator(2048).keyID("rsa").generate();
    RSAPublicKey shown = provider.rsa.toRSAPublicKey();
    var bad = new LinkedHashMap<String, Function<JWTClaimsSet.Builder, String>>();
    bad.put("audience", it -> provider.signed(it.audience("another").build()));
    bad.put(
        "several audiences",
        it -> provider.signed(it.audience(List.of(TestProvider.CLIENT, "another")).build()));
    bad.put("no audience", it -> provider.signed(it.audience((String) null).build()));
    bad.put("issuer", it -> provider.signed(it.issuer("https://evil.example").build()));
    bad.put(
        "expired",
        it ->
            provider.signed(it.expirationTime(Date.from(Instant.now().minusSeconds(120))).build()));
    bad.put("never expires", it -> provider.signed(it.expirationTime(null).build()));
    bad.put(
        "not yet",
        it -> provider.signed(it.notBeforeTime(Date.from(Instant.now().plusSeconds(600))).build()));
    bad.put("no subject", it -> provider.signed(it.subject(null).build()));
    bad.put("unknown key", it -> provider.signed(it.build(), "unknown", other));
    bad.put("another's signature", it -> provider.signed(it.build(), "rsa", other));
    bad.put("no signature", it -> new PlainJWT(it.build()).serialize());
    bad.put(
        "signed by the public key as a password",
        it -> {
          try {
            var token =
                new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), it.build());
            token.sign(new MACSigner(shown.getEncoded()));
            return token.serialize();
          } catch (JOSEException e) {
            throw new IllegalStateException(e);
          }
        });
    bad.put(
        "changed after it was signed",
        it -> {
          var parts = provider.signed(it.build()).split("\\.", -1);
          var others = provider.signed(it.claim("groups", "admins").build()).split("\\.", -1);
          return parts[0] + "." + others[1] + "." + parts[2];
        });
    bad.put(
        "address not verified", it -> provider.signed(it.claim("email_verified", false).build()));
    bad.put(
        "said to be verified", it -> provider.signed(it.claim("email_verified", "true").build()));
    bad.put("no name", it -> provider.signed(it.claim("email", null).build()));
    bad.put("a name of ours", it -> provider.signed(it.claim("email", "(workspace)").build()));
    bad.put("nothing", it -> "..");
    bad.put("garbage", it -> "a.b.c");
    return bad;
  }

  @Test
  void given_a_token_that_is_wrong_in_one_thing_then_neither_browser_nor_client_comes_in()
      throws Exception {
    for (var each : bad().entrySet()) {
      provider.tokens = each.getValue();
      var answer = signIn();
      assertThat(answer.statusCode()).as(each.getKey()).isIn(401, 502);
      assertThat(answer.headers().firstValue("Set-Cookie")).as(each.getKey()).isEmpty();
      assertThat(who(each.getValue().apply(provider.claims())))
          .as(each.getKey())
          .isEqualTo("status 401");
    }
    assertThat(users.exist()).isFalse();
  }

  @Test
  void given_a_good_token_by_either_kind_of_key_then_a_client_comes_in_and_no_user_is_made() {
    assertThat(who(provider.signed(provider.claims().build()))).contains("anna", "CONTRIBUTOR");
    assertThat(who(provider.signedByCurve(provider.claims().build()))).contains("anna");
    assertThat(users.exist()).isFalse();
    assertThat(who("")).isEqualTo("status 401");
    assertThat(who("the workspace's")).contains("(workspace)");
  }

  @Test
  void given_a_wrong_or_missing_nonce_then_the_sign_in_fails() {
    provider.tokens = claims -> provider.signed(claims.claim("nonce", "another").build());
    assertThat(signIn().statusCode()).isEqualTo(401);
    provider.tokens = claims -> provider.signed(claims.claim("nonce", null).build());
    assertThat(signIn().statusCode()).isEqualTo(401);
  }

  @Test
  void given_a_state_or_code_that_was_used_or_is_anothers_or_late_then_the_sign_in_fails() {
    var sent = begin();
    var code = provider.code(sent.to);
    assertThat(back(sent, code, "made-up").statusCode()).isEqualTo(401);
    assertThat(back(sent, code, sent.state()).statusCode()).isEqualTo(303);
    assertThat(back(sent, code, sent.state()).statusCode()).as("the same again").isEqualTo(401);

    var again = begin();
    assertThat(back(again, code, again.state()).statusCode()).as("a used code").isEqualTo(502);

    var mine = begin();
    var theirs = begin();
    assertThat(back(theirs, provider.code(mine.to), mine.state()).statusCode())
        .as("another browser")
        .isEqualTo(401);

    var first = begin();
    var second = begin();
    assertThat(back(second, provider.code(first.to), second.state()).statusCode())
        .as("a code of another sign-in: its verifier is another")
        .isEqualTo(502);

    var late = begin();
    ahead.set(Duration.ofMinutes(10));
    assertThat(back(late, provider.code(late.to), late.state()).statusCode()).isEqualTo(401);
  }

  @Test
  void given_what_the_browser_is_sent_with_then_there_is_a_fresh_challenge_and_no_secret() {
    var one = TestProvider.fields(begin().to.getRawQuery());
    var two = TestProvider.fields(begin().to.getRawQuery());
    assertThat(one)
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("client_id", TestProvider.CLIENT)
        .containsEntry("redirect_uri", server.uri() + "/oidc/callback");
    for (String each : List.of("state", "nonce", "code_challenge")) {
      assertThat(one.get(each)).hasSize(43).isNotEqualTo(two.get(each));
    }
    assertThat(one.toString()).doesNotContain(TestProvider.SECRET);
  }

  @Test
  void given_a_provider_that_is_not_at_https_then_it_is_refused() {
    assertThatThrownBy(() ->
            new OidcSettings(
                URI.create("http://id.example.org"), "c", Optional.empty(), "email", "g", Map.of()))
        .hasMessageContaining("is not at https");
  }
}
