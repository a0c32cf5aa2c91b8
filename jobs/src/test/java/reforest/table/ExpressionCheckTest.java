package reforest.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark's parser tells of an expression while no session is open. */
class ExpressionCheckTest {

  private static final List<String> COLUMNS =
      List.of("ts", "hr", "bikers", "net.price", "two words");

  private final ExpressionCheck check = ExpressionCheck.with(Map.of()).orElseThrow();

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "hr < 6",
        "HR < 6 AND Ts > timestamp'2024-01-01'",
        "`net.price` > 1 and `two words` is null",
        "max(bikers) over (order by unix_timestamp(ts) range between 604800 preceding and current row)",
        "ts > current_timestamp and ts < current_date",
        "exists(array(1, 2), h -> h > hr)",
        "aggregate(array(1), 0, (sum, one) -> sum + ONE, total -> total * hr) > 3",
        "transform(array(1), a -> transform(array(2), b -> a + b + hr)[0])[0] > 2",
        "hr in (select anything from anywhere)",
        "count(*) over (partition by hr) > 3",
        "_metadata.file_modification_time > ts",
        "a_function_of_the_session(hr)",
        "case when hr then 1 end",
      })
  void findsNothingInWhatMayBeRight(String sql) {
    assertThat(check.of(sql, COLUMNS)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "hrr < 6 | names 'hrr', which is no declared column; did you mean 'hr'?",
        "temperature < 6 | names 'temperature', which is no declared column",
        "avg(biker) over (partition by hr) | names 'biker', which is no declared column; did you mean 'bikers'?",
        "bikers > lag(bikers) over (order by t) | names 't', which is no declared column; did you mean 'ts'?",
        "net.price > 1 | names 'net.price', which without backticks is a field of 'net'; write `net.price`",
        "t.hr > 1 | names 't.hr', which is no declared column; did you mean 'hr'?",
        "exists(array(1), h -> h > hour) | names 'hour', which is no declared column; did you mean 'hr'?",
        "exists(array(1), h -> h > 1) and h < 2 | names 'h', which is no declared column; did you mean 'hr'?",
      })
  void namesAColumnThatIsNotDeclaredAndTheNearestOne(String sql, String problem) {
    assertThat(check.of(sql, COLUMNS)).containsExactly(problem);
  }

  @Test
  void tellsAllProblemsOfAnExpressionAndEachOnce() {
    assertThat(check.of("hrr < 6 or hrr > 20 or biker is null", COLUMNS))
        .containsExactly(
            "names 'hrr', which is no declared column; did you mean 'hr'?",
            "names 'biker', which is no declared column; did you mean 'bikers'?");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "hr < | [PARSE_SYNTAX_ERROR] Syntax error at or near end of input. SQLSTATE: 42601 (line 1, pos 4)",
        "hr, ts | [PARSE_SYNTAX_ERROR] Syntax error at or near ','.",
        "cast(hr as number) | [UNSUPPORTED_DATATYPE] Unsupported data type \"NUMBER\".",
        "ts > date '2024-13-01' | [INVALID_TYPED_LITERAL] The value of the typed literal \"DATE\" is invalid",
        "hr = 1234567890123456789012345678901234567890 | [DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION]",
      })
  void tellsInOneLineWhatIsNoSql(String sql, String problem) {
    assertThat(check.ofSyntax(sql))
        .singleElement()
        .asString()
        .startsWith("is no Spark SQL expression: " + problem)
        .doesNotContain("\n");
    assertThat(check.of(sql, COLUMNS)).isEqualTo(check.ofSyntax(sql));
  }

  @Test
  void leavesTheColumnsOfASourceOpen() {
    assertThat(check.ofSyntax("hour(`whatever the source has`)")).isEmpty();
  }

  @Test
  void readsAsTheSessionWill() {
    ExpressionCheck quoted =
        ExpressionCheck.with(
                Map.of(
                    "spark.sql.ansi.enabled", "true",
                    "spark.sql.ansi.doubleQuotedIdentifiers", "true",
                    "spark.sql.ansi.enforceReservedKeywords", "no boolean",
                    "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension"))
            .orElseThrow();

    assertThat(check.of("\"hrr\" = 'x'", COLUMNS)).isEmpty();
    assertThat(quoted.of("\"hrr\" = 'x'", COLUMNS)).hasSize(1);
    assertThat(ExpressionCheck.with(Map.of("spark.sql.extensions", "org.example.Dialect")))
        .isEmpty();
  }
}
