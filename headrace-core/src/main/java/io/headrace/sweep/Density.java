package io.headrace.sweep;

import io.headrace.sweep.Space.Dimension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mixture of kernels over the unit cube: one around each point and one, of the same weight, that
 * is even everywhere. Where a point has no coordinate, because another branch was chosen, its
 * kernel is even.
 */
final class Density {
  private final List<Kernel> kernels = new ArrayList<>();

  /**
   * @param points by dimension
   * @param dimensions of the whole tree
   */
  Density(List<Map<Integer, Cell>> points, int dimensions) {
    double width = width(points.size() + 1, dimensions);
    double shared = 1.0 / (points.size() + 2);
    points.forEach(point -> kernels.add(Kernel.around(point, width, shared)));
    kernels.add(new Kernel(Map.of()));
  }

  /** By Scott's rule for so many points, and not so narrow that the search would freeze. */
  private static double width(int points, int dimensions) {
    double scott = 0.2 * StrictMath.pow(points, -1.0 / (dimensions + 4));
    return Math.max(scott, 1.0 / Math.min(100, 2 * points));
  }

  /** The one of its kernels at this part of the whole. */
  Kernel kernel(double probability) {
    return kernels.get(Math.min(kernels.size() - 1, (int) (probability * kernels.size())));
  }

  /** The logarithm of the density at a point, against an even density. */
  double log(Map<Integer, Cell> point) {
    double[] logs = kernels.stream().mapToDouble(kernel -> kernel.log(point)).toArray();
    double highest = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      highest = Math.max(highest, log);
    }
    double sum = 0;
    for (double log : logs) {
      sum += StrictMath.exp(log - highest);
    }
    return highest + StrictMath.log(sum / logs.length);
  }

  /** One point, smeared along each of its dimensions; even along the others. */
  record Kernel(Map<Integer, Smear> smears) {
    static Kernel around(Map<Integer, Cell> point, double width, double shared) {
      var smears = new HashMap<Integer, Smear>();
      point.forEach((dimension, cell) ->
          smears.put(
              dimension,
              cell.isOption() ? new Preference(cell, shared) : Bell.around(cell.middle(), width)));
      return new Kernel(smears);
    }

    /** A draw by a probability, as a probability of the hyperparameter's own distribution. */
    double draw(Dimension dimension, double probability) {
      var smear = smears.get(dimension.index());
      return smear == null ? probability : smear.draw(probability);
    }

    double log(Map<Integer, Cell> point) {
      double sum = 0;
      for (var coordinate : point.entrySet()) {
        var smear = smears.get(coordinate.getKey());
        if (smear != null) {
          double ratio = smear.ratio(coordinate.getValue());
          sum += StrictMath.log(Math.max(ratio, Double.MIN_NORMAL));
        }
      }
      return sum;
    }
  }

  /** A kernel along one dimension. */
  sealed interface Smear {
    double draw(double probability);

    /** The density over a cell, against an even one. */
    double ratio(Cell cell);
  }

  /**
   * A normal distribution cut off at 0 and 1.
   *
   * @param below of the whole distribution, what lies below 0
   * @param within what lies between 0 and 1
   */
  record Bell(double centre, double width, double below, double within) implements Smear {
    /** The nearest to 0 and, from 1, to 1 that a draw comes. */
    private static final double EDGE = 0x1p-53;

    static Bell around(double centre, double width) {
      double below = Gaussian.cumulative(-centre / width);
      return new Bell(centre, width, below, Gaussian.cumulative((1 - centre) / width) - below);
    }

    @Override
    public double draw(double probability) {
      double of = Math.clamp(below + probability * within, EDGE, 1 - EDGE);
      return Math.clamp(centre + width * Gaussian.quantile(of), EDGE, 1 - EDGE);
    }

    @Override
    public double ratio(Cell cell) {
      if (cell.isPoint()) {
        return Gaussian.density((cell.low() - centre) / width) / width / within;
      }
      double part = cumulative(cell.high()) - cumulative(cell.low());
      return part / cell.size() / within;
    }

    private double cumulative(double at) {
      return Gaussian.cumulative((at - centre) / width);
    }
  }

  /**
   * One option of a choice.
   *
   * @param shared how much of the weight all options share evenly
   */
  record Preference(Cell own, double shared) implements Smear {
    @Override
    public double draw(double probability) {
      return probability < shared ? probability / shared : own.middle();
    }

    @Override
    public double ratio(Cell cell) {
      return cell.equals(own) ? (1 - shared) / own.size() + shared : shared;
    }
  }
}
