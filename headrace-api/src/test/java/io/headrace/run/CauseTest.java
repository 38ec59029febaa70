package io.headrace.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.ErrorCode.Blame;
import io.headrace.run.JobStatus.Cause;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CauseTest {
  @ParameterizedTest
  @EnumSource
  void the_platform_is_to_blame_for_a_step_exactly_when_it_is_for_the_problem(ErrorCode code) {
    boolean platform = code.blame() == Blame.PLATFORM;
    assertThat(Cause.of(code).blame()).isEqualTo(platform ? Blame.PLATFORM : Blame.WORK);
  }

  @Test
  void what_a_step_does_by_itself_is_its_own() {
    for (var cause : new Cause[] {Cause.USER_COMMAND, Cause.TIME_LIMIT, Cause.KILLED}) {
      assertThat(cause.blame()).isEqualTo(Blame.WORK);
    }
  }
}
