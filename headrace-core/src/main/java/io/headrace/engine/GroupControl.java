package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what an open group does next. Of the engine's deciding thread alone. Keeps nothing that
 * the members do not show, so that after a crash a new one goes on from their records.
 */
interface GroupControl {
  /** Asked when the group opens, after each end of a member, and now and then in between. */
  Turn next(Members members);

  static GroupControl of(Group group, long seed) {
    return switch (group) {
      case Group.Sweep it -> new SweepControl(it, seed);
      case Group.ForEach it -> new ForEachControl(it);
      case Group.Branch it -> new BranchControl(it);
      case Group.Loop it -> new LoopControl(it);
    };
  }

  /**
   * What is to be done now.
   *
   * @param begin members to add, each once
   * @param skip members that will never run
   * @param end running members to end
   * @param over present when the group has ended
   */
  record Turn(Group.Body begin, Set<StepId> skip, Set<StepId> end, Optional<Over> over) {
    static final Group.Body NOTHING = new Group.Body(List.of(), List.of());
    static final Turn WAIT = new Turn(NOTHING, Set.of(), Set.of(), Optional.empty());

    static Turn begin(Group.Body body) {
      return new Turn(body, Set.of(), Set.of(), Optional.empty());
    }

    static Turn begin(List<Step> steps) {
      return begin(new Group.Body(steps, List.of()));
    }

    static Turn end(Set<StepId> members) {
      return new Turn(NOTHING, Set.of(), members, Optional.empty());
    }

    static Turn over(StepState state, Map<String, OutputData> outputs, String message) {
      return new Turn(NOTHING, Set.of(), Set.of(), Optional.of(new Over(state, outputs, message)));
    }

    static Turn failed(String message) {
      return over(StepState.FAILED, Map.of(), message);
    }
  }

  /** How the group has ended. */
  record Over(StepState state, Map<String, OutputData> outputs, String message) {}

  /** What there is to know of a group's members, and of what it reads. */
  interface Members {
    /** Empty when no such member was added yet. */
    Optional<StepState> state(StepId member);

    /** Whose failure made a member be skipped; empty when a branch chose otherwise. */
    Optional<StepId> failureBehind(StepId skipped);

    /** The literal inputs that an earlier engine had begun this member with. */
    Optional<Map<String, String>> recorded(StepId member);

    /** What a step or group has made; empty when it has not. */
    Map<String, OutputData> outputs(StepId of);

    /**
     * The text of a small file that a step has made, without white space around it.
     *
     * @throws io.headrace.problem.ProblemException when it is not there, or is no such file
     */
    String text(Plan.StepRef ref);

    /** Several outputs as one folder, with an entry for each: {@code 0}, {@code 1} and so on. */
    OutputData gathered(List<OutputData> parts);

    /** Each value that a member has logged of a metric, in order. */
    List<Double> metrics(StepId member, String metric);

    /** Seconds since the group was opened, also by an earlier engine. */
    long age();
  }
}
