package io.headrace.http;

import io.headrace.access.Rights;
import io.headrace.access.Role;
import io.headrace.access.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** What it takes to make a call. */
public sealed interface Needs {
  /** Nothing: the answer tells nothing that is anybody's. */
  record Nothing() implements Needs {}

  /** To be let in; the answer holds only what the caller may see. */
  record Entry() implements Needs {}

  /**
   * Roles.
   *
   * @param known whether being a program of this machine is not enough
   */
  record Roles(List<Need> needs, boolean known) implements Needs {
    public Roles {
      needs = List.copyOf(needs);
    }

    /** One more. */
    public Roles and(Role role, Concern concern) {
      List<Need> all = new ArrayList<>(needs);
      all.add(new Need(role, concern));
      return new Roles(all, known);
    }

    /** The same for callers who are known. */
    public Roles ofKnown() {
      return new Roles(needs, true);
    }
  }

  /** A role for what a call is about. */
  record Need(Role role, Concern concern) {}

  static Needs nothing() {
    return new Nothing();
  }

  static Needs entry() {
    return new Entry();
  }

  static Roles role(Role role, Concern concern) {
    return new Roles(List.of(new Need(role, concern)), false);
  }

  /**
   * Whether somebody has what it takes.
   *
   * @param objects finds the objects of a concern; not asked where a role is had for everything
   */
  default boolean areMetBy(Rights rights, Function<Concern, Collection<Scope>> objects) {
    return switch (this) {
      case Nothing(), Entry() -> true;
      case Roles(List<Need> needs, boolean _) ->
          needs.stream().allMatch(need -> isMet(need, rights, objects));
    };
  }

  private static boolean isMet(
      Need need, Rights rights, Function<Concern, Collection<Scope>> objects) {
    if (rights.mayEverywhere(need.role())) {
      return true;
    }
    return !need.concern().equals(Concern.EVERYTHING)
        && objects.apply(need.concern()).stream().allMatch(it -> rights.may(need.role(), it));
  }
}
