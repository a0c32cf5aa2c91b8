package reforest.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import reforest.table.VersionChoice;

/** Which version of the table; the options exclude each other. */
final class VersionOptions {

  @Option(
      names = "--data-version",
      paramLabel = "N",
      description = "Version of the table, from 0; the newest by default.")
  private @Nullable Long dataVersion;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      converter = Utc.class,
      description =
          "The version that was the newest at that time, by when it was committed and not by the"
              + " times of its rows: 2026-05-04T06:00:00Z, or 2026-05-04 for its first instant.")
  private @Nullable Instant asOf;

  static VersionChoice version(@Nullable VersionOptions options) {
    return options == null
        ? VersionChoice.newest()
        : new VersionChoice(
            Optional.ofNullable(options.dataVersion), Optional.ofNullable(options.asOf));
  }

  /** Reads an instant, or a date as its first instant in UTC. */
  static final class Utc implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String typed) {
      try {
        return typed.contains("T")
            ? Instant.parse(typed)
            : LocalDate.parse(typed).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'"
                + typed
                + "' is neither a date such as 2026-05-04 nor a time such as 2026-05-04T06:00:00Z");
      }
    }
  }
}
