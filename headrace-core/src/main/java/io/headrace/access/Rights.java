package io.headrace.access;

import io.headrace.name.Visible;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that somebody may do: rules as data.
 *
 * @param everywhere a role for everything
 * @param experiments further roles by an experiment's id
 * @param models further roles by a registered model's name
 */
public record Rights(
    Optional<Role> everywhere, Map<String, Role> experiments, Map<String, Role> models) {
  public static final Rights NONE = new Rights(Optional.empty(), Map.of(), Map.of());
  public static final Rights ALL = new Rights(Optional.of(Role.ADMIN), Map.of(), Map.of());

  public Rights {
    experiments = Map.copyOf(experiments);
    models = Map.copyOf(models);
  }

  /** What grants come to; of two for the same thing the greater counts. */
  public static Rights of(List<Grant> grants) {
    Optional<Role> everywhere = Optional.empty();
    Map<String, Role> experiments = new HashMap<>();
    Map<String, Role> models = new HashMap<>();
    for (Grant grant : grants) {
      Role role = grant.role();
      switch (grant.scope()) {
        case Scope.Everywhere() ->
            everywhere = everywhere.filter(it -> it.includes(role)).or(() -> Optional.of(role));
        case Scope.Experiment(String id) -> experiments.merge(id, role, Rights::greater);
        case Scope.Model(String name) -> models.merge(name, role, Rights::greater);
      }
    }
    return new Rights(everywhere, experiments, models);
  }

  private static Role greater(Role one, Role other) {
    return one.includes(other) ? one : other;
  }

  /** Whether nothing need be known of an object: the role is had for all. */
  public boolean mayEverywhere(Role needed) {
    return everywhere.filter(it -> it.includes(needed)).isPresent();
  }

  public boolean may(Role needed, Scope scope) {
    if (mayEverywhere(needed)) {
      return true;
    }
    return switch (scope) {
      case Scope.Everywhere() -> false;
      case Scope.Experiment(String id) -> includes(experiments.get(id), needed);
      case Scope.Model(String name) -> includes(models.get(name), needed);
    };
  }

  private static boolean includes(@Nullable Role had, Role needed) {
    return had != null && had.includes(needed);
  }

  /** The experiments whose contents may be seen. */
  public Visible visibleExperiments() {
    return everywhere.isPresent() ? Visible.all() : new Visible.Only(experiments.keySet());
  }

  /** The registered models that may be seen. */
  public Visible visibleModels() {
    return everywhere.isPresent() ? Visible.all() : new Visible.Only(models.keySet());
  }
}
