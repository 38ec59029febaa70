package io.headrace.tracking;

import java.util.List;

/**
 * Where a page of a list begins whose usual order is by time: after the last one seen, so that what
 * is added meanwhile moves nothing; in any other order after so many.
 *
 * @param id of the last one seen
 */
record PageStart(long started, String id, long offset) {

  /**
   * The kinds of token of one list, so that no other takes them.
   *
   * @param byTime of one that names the last seen
   * @param byCount of one that says how many were seen
   */
  record Kinds(String byTime, String byCount) {
    String after(long started, String id) {
      return PageToken.of(byTime, Long.toString(started), id);
    }

    String at(long offset) {
      return PageToken.of(byCount, Long.toString(offset));
    }

    PageStart parse(String token, boolean ordersByTime) {
      if (!ordersByTime) {
        return new PageStart(0, "", PageToken.offset(token, byCount));
      }
      List<String> parts = PageToken.parts(token, byTime, 2);
      try {
        return new PageStart(Long.parseLong(parts.getFirst()), parts.getLast(), 0);
      } catch (NumberFormatException e) {
        throw PageToken.bad();
      }
    }
  }
}
