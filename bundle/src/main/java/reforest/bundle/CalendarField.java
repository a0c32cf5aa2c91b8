package reforest.bundle;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A number that is read off a calendar or a clock, so that a model needs nothing but the time
 * itself.
 *
 * @param of column of the raw row that holds the time
 * @param part what is read off
 * @param zone where the clock hangs; a date belongs to no zone and is taken as it is
 * @param since the day from which {@link Part#DAYS_SINCE} counts; empty for all others
 */
public record CalendarField(String of, Part part, ZoneId zone, Optional<LocalDate> since) {

  /**
   * @throws IllegalArgumentException when {@code since} is there for another part than the one that
   *     needs it, or missing there
   */
  public CalendarField {
    if (since.isPresent() != (part == Part.DAYS_SINCE)) {
      throw new IllegalArgumentException("since goes with days-since alone, got " + part);
    }
  }

  /** What can be read off. */
  public enum Part {
    /** 0 to 23. */
    HOUR,
    /** 1 for Monday to 7 for Sunday, as ISO-8601 counts. */
    WEEKDAY,
    /** 1 to 12. */
    MONTH,
    /** 1 to 366. */
    DAY_OF_YEAR,
    /** 1 on Saturday and Sunday, else 0. */
    IS_WEEKEND,
    /** Whole days since a day, negative before it. */
    DAYS_SINCE
  }

  /**
   * The number for a time.
   *
   * @param time an {@link Instant} or {@link LocalDate}
   */
  public long at(Object time) {
    LocalDateTime local =
        time instanceof LocalDate date
            ? date.atStartOfDay()
            : LocalDateTime.ofInstant((Instant) time, zone);
    return switch (part) {
      case HOUR -> local.getHour();
      case WEEKDAY -> local.getDayOfWeek().getValue();
      case MONTH -> local.getMonthValue();
      case DAY_OF_YEAR -> local.getDayOfYear();
      case IS_WEEKEND -> local.getDayOfWeek().getValue() >= 6 ? 1 : 0;
      case DAYS_SINCE -> ChronoUnit.DAYS.between(since.orElseThrow(), local.toLocalDate());
    };
  }
}
