package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PointListTest {
  private static List<Metric> metrics(PointList points) {
    var all = new ArrayList<Metric>();
    for (int i = 0; i < points.size(); i++) {
      all.add(points.metric("m", i));
    }
    return all;
  }

  @Test
  void when_written_and_read_then_every_bit_is_kept() {
    var points = new PointList(0);
    for (double value : new double[] {0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e-320}) {
      points.add(Long.MIN_VALUE, Long.MAX_VALUE, value);
    }
    var read = new PointList(1);
    read.addAll(points.bytes());
    assertThat(metrics(read)).isEqualTo(metrics(points));
    assertThatThrownBy(() -> read.addAll(new byte[] {2})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read.addAll(new byte[] {1, 0}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void when_sorted_then_it_is_in_order_and_copies_are_there_once() {
    var random = new Random(4);
    for (int round = 0; round < 200; round++) {
      var points = new PointList(2);
      for (int i = random.nextInt(20); i > 0; i--) {
        points.add(random.nextInt(3), random.nextInt(3), random.nextBoolean() ? Double.NaN : 0);
      }
      for (var order : PointList.Order.values()) {
        var sorted = metrics(points.sorted(order));
        assertThat(sorted).doesNotHaveDuplicates().containsAll(metrics(points));
        for (int i = 1; i < sorted.size(); i++) {
          var before = sorted.get(i - 1);
          var after = sorted.get(i);
          long a = order == PointList.Order.BY_TIME ? before.timestamp() : before.step();
          long b = order == PointList.Order.BY_TIME ? after.timestamp() : after.step();
          assertThat(a).isLessThanOrEqualTo(b);
        }
      }
    }
  }
}
