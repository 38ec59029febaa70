package io.headrace.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.access.Entrance.Entry;
import io.headrace.name.Visible;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Users and what they may do, over real records. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AccessTest {
  private static final Users.By BY = new Users.By("(test)", "here");
  private static final Optional<Role> NO_ROLE = Optional.empty();
  private static final Optional<String> PASSWORD = Optional.of("correct horse battery");
  private static final List<Role> ROLES = List.of(Role.values());
  private static final Credentials NOTHING = new Credentials.None();

  @Parameter TestDatabase database;
  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-25T10:00:00Z"));
  private MetadataStore records;
  private Users users;
  private Audit audit;
  private Entrance entrance;

  @BeforeEach
  void open() {
    records = database.open(folder);
    users = Users.open(records, now::get);
    audit = Audit.open(records, now::get);
    entrance = Entrance.ofUsers(users, "the workspace's", true, now::get);
  }

  @AfterEach
  void close() {
    records.close();
  }

  private void pass(Duration time) {
    now.updateAndGet(it -> it.plus(time));
  }

  private Entry enter(Credentials given) {
    return entrance.enter(given, "10.0.0.1");
  }

  private String who(Credentials given) {
    return enter(given) instanceof Entry.Known(Asker asker) ? asker.name() : "nobody";
  }

  private static Credentials password(String name, String password) {
    return new Credentials.Password(name, password);
  }

  @Nested
  class Given_no_user {
    @Test
    void then_anybody_of_this_machine_comes_in_and_the_workspace_is_known() {
      assertThat(who(NOTHING)).isEqualTo("(this machine)");
      assertThat(who(new Credentials.Token("the workspace's"))).isEqualTo("(workspace)");
      assertThat(who(new Credentials.Token("an old one"))).isEqualTo("(this machine)");
    }

    @Test
    void when_others_reach_the_server_then_only_the_token_opens() {
      entrance = Entrance.ofUsers(users, "the workspace's", false, now::get);
      assertThat(who(NOTHING)).isEqualTo("nobody");
      assertThat(who(new Credentials.Token("the workspace'"))).isEqualTo("nobody");
      assertThat(who(new Credentials.Token("the workspace's"))).isEqualTo("(workspace)");
    }

    @Test
    void when_the_first_is_made_then_nobody_else_comes_in_a_second_later() {
      assertThat(who(NOTHING)).isEqualTo("(this machine)");
      users.create(BY, "anna", "", Optional.empty(), NO_ROLE);
      pass(Duration.ofSeconds(1));
      assertThat(who(NOTHING)).isEqualTo("nobody");
      assertThat(who(new Credentials.Token("the workspace's"))).isEqualTo("(workspace)");
    }
  }

  @Nested
  class Given_a_user_with_tokens {
    private String token = "";

    @BeforeEach
    void make() {
      users.create(BY, "Anna@Example.org", "Anna", Optional.empty(), NO_ROLE);
      token = users.createToken(BY, "anna@example.org", "laptop", Optional.of(Duration.ofDays(1)));
    }

    @Test
    void then_the_token_is_the_user_until_it_expires() {
      assertThat(who(new Credentials.Token(token))).isEqualTo("anna@example.org");
      assertThat(who(password("anna@example.org", token))).isEqualTo("anna@example.org");
      assertThat(who(password("bert", token))).isEqualTo("nobody");
      pass(Duration.ofDays(1));
      assertThat(who(new Credentials.Token(token))).isEqualTo("nobody");
    }

    @Test
    void when_revoked_then_the_next_call_is_refused_and_the_other_token_goes_on() {
      var other = users.createToken(BY, "anna@example.org", "", Optional.empty());
      users.revokeToken(BY, "anna@example.org", 1);
      assertThat(who(new Credentials.Token(token))).isEqualTo("nobody");
      assertThat(who(new Credentials.Token(other))).isEqualTo("anna@example.org");
      assertThat(users.tokens("anna@example.org"))
          .extracting(User.Token::number)
          .containsExactly(2L);
    }

    @Test
    void when_the_user_is_deleted_then_tokens_roles_and_sessions_go_along() {
      users.create(BY, "bert", "", Optional.empty(), NO_ROLE);
      var session = users.begin(BY, "anna@example.org");
      users.delete(BY, "anna@example.org");
      assertThat(who(new Credentials.Token(token))).isEqualTo("nobody");
      assertThat(who(new Credentials.Session(session))).isEqualTo("nobody");
      users.create(BY, "anna@example.org", "", Optional.empty(), NO_ROLE);
      assertThat(who(new Credentials.Token(token))).isEqualTo("nobody");
    }

    @Test
    void then_neither_token_nor_password_nor_session_is_in_the_files() throws Exception {
      users.update(BY, "anna@example.org", Optional.empty(), PASSWORD);
      var session = users.begin(BY, "anna@example.org");
      assertThat(who(password("anna@example.org", PASSWORD.get()))).isEqualTo("anna@example.org");
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          assertThat(bytes).doesNotContain(token, session, PASSWORD.get());
        }
      }
    }
  }

  @Nested
  class Given_a_user_with_a_password {
    @BeforeEach
    void make() {
      users.create(BY, "anna", "", PASSWORD, NO_ROLE);
    }

    @Test
    void then_it_opens_again_and_again_and_a_new_one_at_once_takes_its_place() {
      for (int i = 0; i < 20; i++) {
        assertThat(who(password("ANNA", PASSWORD.get()))).isEqualTo("anna");
      }
      users.update(BY, "anna", Optional.empty(), Optional.of("another long one"));
      assertThat(who(password("anna", PASSWORD.get()))).isEqualTo("nobody");
      assertThat(who(password("anna", "another long one"))).isEqualTo("anna");
    }

    @Test
    void when_it_is_wrong_or_the_user_unknown_then_the_answer_is_the_same() {
      assertThat(enter(password("anna", "wrong"))).isEqualTo(new Entry.Unknown());
      assertThat(enter(password("nobody here", "wrong"))).isEqualTo(new Entry.Unknown());
      assertThat(enter(password("anna", ""))).isEqualTo(new Entry.Unknown());
      assertThat(enter(password("anna", "x".repeat(100_000)))).isEqualTo(new Entry.Unknown());
    }

    @Test
    void when_many_are_wrong_then_none_is_looked_at_for_a_minute_known_name_or_not() {
      for (String name : List.of("anna", "nobody")) {
        for (int i = 0; i < 10; i++) {
          assertThat(enter(password(name, "wrong"))).isInstanceOf(Entry.Unknown.class);
        }
        assertThat(enter(password(name, PASSWORD.get()))).isInstanceOf(Entry.TooMany.class);
      }
      // Somebody else's mistakes do not lock a user out elsewhere.
      assertThat(entrance.enter(password("anna", PASSWORD.get()), "10.0.0.2"))
          .isInstanceOf(Entry.Known.class);
      pass(Duration.ofMinutes(1));
      assertThat(who(password("anna", PASSWORD.get()))).isEqualTo("anna");
    }

    @Test
    void when_one_address_tries_many_names_then_it_is_stopped_too() {
      int looked = 0;
      while (enter(password("name " + looked, "short")) instanceof Entry.Unknown) {
        looked++;
        assertThat(looked).isLessThanOrEqualTo(100);
      }
      assertThat(looked).isEqualTo(100);
    }

    @Test
    void when_a_session_begins_then_it_lasts_twelve_hours_or_until_the_password_changes() {
      var session = users.begin(BY, "anna");
      assertThat(who(new Credentials.Session(session))).isEqualTo("anna");
      var other = users.begin(BY, "anna");
      users.end(BY, other);
      assertThat(who(new Credentials.Session(other))).isEqualTo("nobody");
      pass(Duration.ofHours(12));
      assertThat(who(new Credentials.Session(session))).isEqualTo("nobody");
      var third = users.begin(BY, "anna");
      users.update(BY, "anna", Optional.empty(), Optional.of("another long one"));
      assertThat(who(new Credentials.Session(third))).isEqualTo("nobody");
    }
  }

  @Nested
  class Given_roles {
    @Test
    void then_each_includes_those_before_it_and_is_for_its_object_alone() {
      var rights =
          Rights.of(
              List.of(
                  new Grant(new Scope.Experiment("3"), Role.CONTRIBUTOR),
                  new Grant(new Scope.Model("fares"), Role.ADMIN)));
      assertThat(rights.may(Role.READER, new Scope.Experiment("3"))).isTrue();
      assertThat(rights.may(Role.CONTRIBUTOR, new Scope.Experiment("3"))).isTrue();
      assertThat(rights.may(Role.ADMIN, new Scope.Experiment("3"))).isFalse();
      assertThat(rights.may(Role.READER, new Scope.Experiment("fares"))).isFalse();
      assertThat(rights.may(Role.READER, new Scope.Experiment("33"))).isFalse();
      assertThat(rights.may(Role.ADMIN, new Scope.Model("fares"))).isTrue();
      assertThat(rights.may(Role.READER, new Scope.Model("3"))).isFalse();
      assertThat(rights.may(Role.READER, new Scope.Everywhere())).isFalse();
      assertThat(rights.visibleExperiments()).isEqualTo(new Visible.Only(Set.of("3")));
    }

    @Test
    void then_what_rules_say_is_the_greatest_of_them_whatever_their_order() {
      var random = new Random(7);
      for (int round = 0; round < 500; round++) {
        var grants = new ArrayList<Grant>();
        for (int i = 0; i < 6; i++) {
          Scope scope =
              switch (random.nextInt(3)) {
                case 0 -> new Scope.Everywhere();
                case 1 -> new Scope.Experiment("" + random.nextInt(2));
                default -> new Scope.Model("" + random.nextInt(2));
              };
          grants.add(new Grant(scope, ROLES.get(random.nextInt(3))));
        }
        var rights = Rights.of(grants);
        for (Role needed : Role.values()) {
          for (Scope scope : List.of(new Scope.Experiment("0"), new Scope.Model("1"))) {
            boolean expected =
                grants.stream()
                    .anyMatch(it ->
                        it.role().includes(needed)
                            && (it.scope().equals(scope)
                                || it.scope() instanceof Scope.Everywhere));
            assertThat(rights.may(needed, scope))
                .as("%s of %s in %s", needed, scope, grants)
                .isEqualTo(expected);
          }
        }
      }
    }

    @Test
    void when_granted_and_revoked_then_the_next_call_knows() {
      users.create(BY, "anna", "", Optional.empty(), Optional.of(Role.READER));
      var token = users.createToken(BY, "anna", "", Optional.empty());
      users.grant(BY, "anna", new Grant(new Scope.Everywhere(), Role.ADMIN));
      assertThat(rights(token).mayEverywhere(Role.ADMIN)).isTrue();
      users.revoke(BY, "anna", new Scope.Everywhere());
      assertThat(rights(token)).isEqualTo(Rights.NONE);
      assertThatThrownBy(() -> users.revoke(BY, "anna", new Scope.Everywhere()))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("has no role of everything");
    }

    private Rights rights(String token) {
      return enter(new Credentials.Token(token)) instanceof Entry.Known(Asker asker)
          ? asker.rights()
          : Rights.NONE;
    }
  }

  @Nested
  class Given_the_log_of_deeds {
    @Test
    void then_every_change_of_users_is_in_it_with_who_made_it_and_no_secret() {
      users.create(BY, "anna", "", PASSWORD, Optional.of(Role.READER));
      var token = users.createToken(BY, "anna", "", Optional.empty());
      users.grant(BY, "anna", new Grant(new Scope.Experiment("3"), Role.ADMIN));
      users.delete(BY, "anna");
      assertThat(audit.list(Optional.empty(), Instant.EPOCH, 100))
          .extracting(it -> it.deed().action() + ": " + it.deed().object())
          .containsExactly(
              "user create: anna",
              "user grant reader of everything: anna",
              "user token create 1: anna",
              "user grant admin of experiment 3: anna",
              "user delete: anna");
      assertThat(audit.list(Optional.empty(), Instant.EPOCH, 100).toString())
          .doesNotContain(token, PASSWORD.get());
    }

    @Test
    void when_a_change_fails_then_it_is_not_in_the_log() {
      users.create(BY, "anna", "", Optional.empty(), NO_ROLE);
      assertThatThrownBy(() -> users.create(BY, "anna", "", Optional.empty(), NO_ROLE))
          .hasMessageContaining("there is a user 'anna' already");
      assertThat(audit.list(Optional.empty(), Instant.EPOCH, 100)).hasSize(1);
    }

    @Test
    void when_names_hold_line_ends_and_escapes_then_a_line_stays_one_line() {
      audit
          .add(
              new Audit.Deed(
                  "eve", "POST /x", "a\nb\u001b[2J\u2028c\u202Ed" + "x".repeat(9_999), "h", 200))
          .join();
      var line = audit.list(Optional.of("eve"), Instant.EPOCH, 1).getFirst().deed().object();
      assertThat(line).hasSize(Audit.LONGEST).startsWith("a\uFFFDb\uFFFD[2J\uFFFDc\uFFFDd");
    }

    @Test
    void when_asked_for_one_user_or_a_time_then_only_those_lines_come_the_oldest_first() {
      for (String who : List.of("anna", "bert", "anna")) {
        audit.add(new Audit.Deed(who, "POST /x", "", "h", 200)).join();
        pass(Duration.ofHours(1));
      }
      var since = now.get().minus(Duration.ofMinutes(90));
      assertThat(audit.list(Optional.of("anna"), Instant.EPOCH, 10)).hasSize(2);
      assertThat(audit.list(Optional.empty(), since, 10)).hasSize(1);
      assertThat(audit.list(Optional.empty(), Instant.EPOCH, 2))
          .extracting(it -> it.deed().who())
          .containsExactly("bert", "anna");
    }
  }

  @Test
  void given_a_name_that_could_be_taken_for_something_else_then_it_is_refused() {
    for (String name : List.of("", "(workspace)", "a b", "a\nb", "-rf", "x".repeat(129), "ä")) {
      assertThatThrownBy(() -> users.create(BY, name, "", Optional.empty(), NO_ROLE))
          .as(name)
          .hasMessageContaining("cannot be called");
    }
    assertThatThrownBy(() -> users.create(BY, "a", "", Optional.of("short"), NO_ROLE))
        .hasMessageContaining("10 to 1000 characters");
  }
}
