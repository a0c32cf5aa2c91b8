package reforest.table;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.catalyst.analysis.LiteralFunctionResolution;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.UnresolvedNamedLambdaVariable;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.internal.SQLConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.config.Nearest;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads SQL expressions with Spark's own parser, which needs no session.
 *
 * <p>Only what is surely wrong is told. Types, functions and what stands in subqueries are left to
 * Spark's analysis: a session may have functions of its own.
 */
public final class ExpressionCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ExpressionCheck.class);
  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA = "io.delta.sql.DeltaSparkSessionExtension";

  /** A column that each table of files has beside its own. */
  private static final String OF_FILES = "_metadata";

  private final Map<String, String> settings;

  private ExpressionCheck(Map<String, String> settings) {
    this.settings = settings;
  }

  /**
   * The check for a session with such settings; empty when it may have a parser of its own.
   *
   * @param settings Spark's settings, of which those of its SQL can change how a text is read
   */
  public static Optional<ExpressionCheck> with(Map<String, String> settings) {
    return settings.getOrDefault(EXTENSIONS, DELTA).equals(DELTA)
        ? Optional.of(new ExpressionCheck(Map.copyOf(settings)))
        : Optional.empty();
  }

  /**
   * What is wrong with how an expression is written.
   *
   * @return words that follow the expression; empty when it can be read
   */
  public List<String> ofSyntax(String sql) {
    return problems(sql, expression -> List.of());
  }

  /**
   * What is wrong with how an expression is written and with the columns that it names.
   *
   * @param columns all that it may name; upper and lower case make no difference
   * @return words that follow the expression, each naming one problem; empty when there is none
   */
  public List<String> of(String sql, Collection<String> columns) {
    return problems(
        sql,
        expression -> {
          Names names = new Names(columns);
          names.collect(expression, Set.of());
          return List.copyOf(names.problems);
        });
  }

  private interface Look {
    List<String> at(Expression expression);
  }

  private List<String> problems(String sql, Look look) {
    try {
      return look.at(parsed(sql));
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      if (e instanceof SparkThrowable) {
        return List.of("is no Spark SQL expression: " + SparkErrors.firstLine(e));
      }
      throw e;
    }
  }

  private Expression parsed(String sql) {
    SQLConf conf = new SQLConf();
    settings.forEach((key, value) -> set(conf, key, value));
    return SQLConf.withExistingConf(conf, () -> new CatalystSqlParser().parseExpression(sql));
  }

  private static void set(SQLConf conf, String key, String value) {
    if (key.startsWith("spark.sql.")) {
      try {
        conf.setConfString(key, value);
      } catch (IllegalArgumentException e) {
        // Spark tells of it when it opens.
        LOG.debug("{} is ignored", key, e);
      }
    }
  }

  /** The columns that one expression names. */
  private static final class Names {

    private final Collection<String> declared;
    private final Set<String> lower = new HashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();

    Names(Collection<String> declared) {
      this.declared = declared;
      declared.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
      lower.add(OF_FILES);
    }

    /**
     * @param variables what lambdas around it call their arguments
     */
    void collect(Expression at, Set<String> variables) {
      Set<String> within = variables;
      if (at instanceof LambdaFunction lambda) {
        within = new TreeSet<>(variables);
        for (var argument : CollectionConverters.asJava(lambda.arguments())) {
          within.add(argument.name().toLowerCase(Locale.ROOT));
        }
      }
      // Whatever stands in a lambda is taken for a variable by the parser.
      if (at instanceof UnresolvedNamedLambdaVariable named) {
        look(named.nameParts(), within);
      } else if (at instanceof UnresolvedAttribute named) {
        look(named.nameParts(), within);
      }
      for (Expression child : CollectionConverters.asJava(at.children())) {
        collect(child, within);
      }
    }

    private void look(Seq<String> parts, Set<String> variables) {
      String first = parts.head().toLowerCase(Locale.ROOT);
      if (lower.contains(first)
          || variables.contains(first)
          || LiteralFunctionResolution.resolve(parts).isDefined()) {
        return;
      }
      String name = String.join(".", CollectionConverters.asJava(parts));
      if (lower.contains(name.toLowerCase(Locale.ROOT))) {
        problems.add(
            "names '"
                + name
                + "', which without backticks is a field of '"
                + parts.head()
                + "'; write "
                + Columns.quote(name));
        return;
      }
      problems.add(
          "names '"
              + name
              + "', which is no declared column"
              + Nearest.to(name, declared)
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(""));
    }
  }
}
