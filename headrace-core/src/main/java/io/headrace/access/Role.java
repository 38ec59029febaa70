package io.headrace.access;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.Locale;

/** What somebody may do; each includes those before it. */
public enum Role {
  /** Looks at runs, models and files. */
  READER,
  /** Creates and changes them. */
  CONTRIBUTOR,
  /** Deletes experiments and models; everywhere: webhooks, the log, and whatever there is. */
  ADMIN;

  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /** As it is typed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a word. */
  public static Role of(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    throw Problem.of(ErrorCode.BAD_ARGUMENT, "there is no role '" + word + "'")
        .fix("the roles are reader, contributor and admin")
        .asException();
  }
}
