package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.DataConfig.Column;

class ConfigReaderTest {

  private static final String MINIMAL =
      """
      model = trips
      task = regression
      data {
        columns = [
          { name = id, type = bigint }
          { name = at, type = timestamp }
          { name = day, type = date }
          { name = kind, type = string, values = [a, b] }
          { name = distance, type = double }
          { name = price, type = "decimal(10,2)" }
          { name = rainy, type = boolean }
          { name = tip, type = double }
          { name = seconds, type = int }
        ]
        key = [id]
        event-time = at
        label = seconds
        derived-from-label = [tip]
      }
      features { numeric = [distance, price], categorical = [kind, rainy] }
      gate { worthwhile-gain = 5 }
      """;

  @TempDir private Path folder;

  private Configuration read(String text, String... overrides) throws IOException {
    return new Written(folder).read(text, overrides);
  }

  private ReforestException refused(String text, String... overrides) {
    return new Written(folder).refused(text, overrides);
  }

  @Test
  void readsTheShortestConfigurationWithItsDefaults() throws IOException {
    ModelConfig model = read(MINIMAL).model();

    assertThat(model.train().metric()).isEqualTo(Metric.RMSE);
    assertThat(model.gate().primary()).isEqualTo(Metric.RMSE);
    assertThat(model.gate().alpha()).isEqualTo(0.05);
    assertThat(model.evaluate().clusterPeriod()).contains(Duration.ofDays(1));
    assertThat(model.train().gradientBoosting()).isPresent();
    assertThat(model.data().column("id")).get().extracting(Column::nullable).isEqualTo(false);
    assertThat(model.data().column("at")).get().extracting(Column::nullable).isEqualTo(false);
    assertThat(model.data().column("kind")).get().extracting(Column::nullable).isEqualTo(true);
    assertThat(model.gate().sliceMargin()).isNaN();
  }

  @Test
  void listsAllProblemsAtOnceInTheOrderOfTheFile() {
    String text =
        MINIMAL
            .replace("label = seconds", "label = second")
            .replace("worthwhile-gain = 5", "worthwhile-gain = -5, alhpa = 0.1")
            .replace("task = regression", "");

    assertThat(refused(text))
        .hasMessage(
            """
            4 configuration problems:
              trips.conf: 17: data.label names 'second', which is no declared column; did you mean 'seconds'?
              trips.conf: 21: gate.worthwhile-gain must be above 0.0, got -5
              trips.conf: 21: gate.alhpa is not a known key; did you mean alpha?
              task is missing: what the model predicts: regression, binary or multiclass""");
  }

  @Test
  void asksForEverythingThatHasNoDefault() {
    assertThat(refused("").getMessage())
        .contains(
            "model is missing: the model's name",
            "task is missing: what the model predicts",
            "data.columns is missing: the contract",
            "data.key is missing: the columns that name a row",
            "data.label is missing: the column that the model predicts",
            "gate.worthwhile-gain is missing: the gain of");
    assertThat(refused(MINIMAL + "slices = [{ name = rain, columns = [rainy] }]"))
        .hasMessage(
            "1 configuration problem:\n  gate.slice-margin is missing: how much worse the primary"
                + " metric may get on a slice");
    assertThat(refused(MINIMAL, "gate.mode=refresh").getMessage())
        .contains("gate.margin is missing: the loss of rmse that is still as good");
  }

  @Test
  void needsNoSliceMarginWhenEachSliceHasItsOwn() throws IOException {
    ModelConfig model =
        read(MINIMAL + "slices = [{ name = rain, where = \"rainy\", margin = 3 }]").model();

    assertThat(model.evaluate().slices().get(0).margin()).contains(3.0);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "model=Bike | model must be 1 to 64 characters of a-z, 0-9, _ and -, the first a letter or digit, got Bike",
        "task=regresion | task must be regression, binary or multiclass, got regresion; did you mean regression?",
        "home=s3a://me:key@bucket/x | home must hold no user name or password",
        "home=s3a://a b/x | home must be a URI or a path, got s3a://a b/x",
        "about.goal=[1] | about.goal must be a text, got [1]",
        "data.source.path=s3a://me:key@bucket/x | data.source.path must hold no user name or password",
        "data.max-quarantined=1.1 | data.max-quarantined must be from 0.0 to 1.0, got 1.1",
        "data.max-quarantined=NaN | data.max-quarantined must be a number from 0.0 to 1.0, got NaN",
        "data.history=400 | data.history must be a whole number and a unit, such as 90s, 15m, 36h, 28d or 4w, got 400",
        "data.history=1h | data.history must be from 1d to 36500d, got 1h",
        "data.key=[] | data.key must name at least one column",
        "data.key=[idd] | data.key names 'idd', which is no declared column; did you mean 'id'?",
        "data.key=[id, id] | data.key holds id twice",
        "data.key=id | data.key must be a list of texts [ ... ], got id",
        "data.event-time=distance | data.event-time must be a timestamp or date column, but 'distance' is double; declare it with from = \"to_timestamp(`distance`)\"",
        "data.label=kind | data.label must be a number for a regression, but 'kind' is string",
        "data.label=id | data.label 'id' is a key column, which names a row",
        "data.positive=a | data.positive is for binary tasks, but task is regression",
        "data.derived-from-label=[seconds] | data.derived-from-label names the label itself, 'seconds'",
        "data.columns=[] | data.columns must declare at least one column",
        "data.columns={} | data.columns must be a list of objects [{ ... }], got {}",
        "data.columns=[3] | data.columns must be a list of objects { ... }, got 3 in it",
        "windows.protected=5m | windows.protected must be from 1h to 3650d, got 5m",
        "windows.protected=null | windows.protected is missing: a duration such as 28d",
        "windows.protected-share=0 | windows.protected-share must be above 0.0 and below 1.0, got 0",
        "windows.protected-share=0.8 | windows.protected-share and windows.development-share must leave rows to train on, but add up to 1.0",
        "windows.groups=[kinds] | windows.groups names 'kinds', which is no declared column; did you mean 'kind'?",
        "features.numeric=[seconds] | features.numeric names 'seconds', the label: a model must not see what it predicts",
        "features.numeric=[tip] | features.numeric names 'tip', which data.derived-from-label says is known only with the label: it would not be there when the model predicts",
        "features.numeric=[\"probability(a)\"] | features.numeric names 'probability(a)', which is what a classifier's output is called in its bundle: declare it under another name, with from = \"`probability(a)`\"",
        "features.numeric=[at] | features.numeric names 'at', a timestamp: declare a column such as { name = hour, type = int, from = \"hour(`at`)\" } and name that",
        "features.categorical=[day] | features.categorical names 'day', a date: declare a column such as { name = hour, type = int, from = \"dayofweek(`day`)\" } and name that",
        "features.categorical=[price] | features.categorical names 'price', a decimal(10,2): list it in features.numeric, or declare a column of type string with from = \"cast(`price` as string)\"",
        "features.categorical=[distance] | features.categorical names 'distance', a double: list it in features.numeric",
        "features.numeric=[kind] | features.numeric names 'kind', a string: list it in features.categorical, or declare a column of type double with from = \"cast(`kind` as double)\"",
        "features.numeric=[rainy] | features.numeric names 'rainy', a boolean: list it in features.categorical, or declare a column of type int",
        "features.numeric=[distances] | features.numeric names 'distances', which is no declared column; did you mean 'distance'?",
        "features.acknowledged=[pric] | features.acknowledged names 'pric', which is no feature; did you mean 'price'?",
        "features.imputation=mode | features.imputation must be median or mean, got mode",
        "features.min-category-rows=0 | features.min-category-rows must be a whole number from 1 to 1000000000, got 0",
        "features.max-categories=31 | features.max-categories must be at most train.max-bins less 2 (one bin for missing, one for unseen values), got 31 with train.max-bins 32",
        "train.metric=bias | train.metric bias cannot rank candidates: a useless model can have none;"
            + " write one of rmse, mae, median-absolute-error, mape, smape, quantile-loss, r2",
        "evaluate.error-costs.false-positive=1 | evaluate.error-costs.false-positive is for binary tasks, whose decision has two errors, but task is regression",
        "train.metric=auc | train.metric auc does not fit task regression; write one of rmse, mae, median-absolute-error, mape, smape, quantile-loss, r2",
        "train.folds=2.5 | train.folds must be a whole number from 2 to 50, got 2.5",
        "train.seed=1.5 | train.seed must be a whole number from -9223372036854775808 to 9223372036854775807, got 1.5",
        "train.random-forest.trees=40 | train.random-forest.trees must be a list of whole numbers [ ... ], got 40",
        "train.random-forest.trees=[] | train.random-forest.trees must hold at least one value",
        "train.random-forest.trees=[0] | train.random-forest.trees must hold a whole number from 1 to 10000, got 0",
        "train.random-forest.features=[half] | train.random-forest.features must hold auto, all, sqrt, log2, onethird, a share such as 0.5 or a count such as 3, got half",
        "train.gradient-boosting.step-size=[1.5] | train.gradient-boosting.step-size must hold above 0.0 and at most 1.0, got 1.5",
        "features.missing=low | features.missing must be impute or highest, got low",
        "features.imputation=highest | features.imputation must be median or mean, got highest",
        "train.half-life=[all] | train.half-life must hold none, or a whole number and a unit, such as 90s, 15m, 36h, 28d or 4w, got all",
        "train.window=[30m] | train.window must hold all, or from 1h to 3650d, got 30m",
        "train.window=[] | train.window must hold at least one value",
        "train.search=rand | train.search must be grid or random, got rand; did you mean random?",
        "train.budget.fits=0 | train.budget.fits must be a whole number from 1 to 10000, got 0",
        "train.budget.time=5 | train.budget.time must be a whole number and a unit, such as 90s, 15m, 36h, 28d or 4w, got 5",
        "train.random-forest.trees={ from = 5, to = 50 } | train.random-forest.trees is a range, which train.search = random draws from: write a list [ ... ]",
        "train.choose=simple | train.choose must be best or simplest, got simple; did you mean simplest?",
        "train.limits.node-visits=0 | train.limits.node-visits must be above 0.0, got 0",
        "train.limits.bundle-bytes=0 | train.limits.bundle-bytes must be a whole number from 1 to 2147483647, got 0",
        "train.limits.bytes=1 | train.limits.bytes is not a known key; known here: bundle-bytes, node-visits",
        "train.random-forest=3 | train.random-forest must be an object { ... }, got 3",
        "evaluate.cluster.columns=[kin] | evaluate.cluster.columns names 'kin', which is no declared column; did you mean 'kind'?",
        "evaluate.clip=0.2 | evaluate.clip must be above 0.0 and at most 0.1, got 0.2",
        "evaluate.max-groups=1 | evaluate.max-groups must be a whole number from 2 to 1000, got 1",
        "gate.mode=fresh | gate.mode must be superior or refresh, got fresh; did you mean refresh?",
        "gate.primary=log-loss | gate.primary log-loss does not fit task regression",
        "gate.min-gain=6 | gate.worthwhile-gain must be above gate.min-gain 6.0, or no better model could ever win; got 5.0",
        "gate.alpha=0.6 | gate.alpha must be above 0.0 and at most 0.5, got 0.6",
        "gate.alpha=1e999 | gate.alpha must be",
        "gate.folds=3 | gate.folds is not a known key; did you mean train.folds?",
        "zzzzzzzzzz=3 | zzzzzzzzzz is not a known key; known here: about, behaviour, behaviour-file, behaviour-level, data, demo, evaluate, export, fairness, features, gate, home, model, slices, store, task, train, windows",
        "demo.retrain-after=[April] | demo.retrain-after must hold dates such as 2011-04-30, got April",
        "demo.retrain-after=[\"2011-04-30\", \"2011-04-01\"] | demo.retrain-after must increase, got 2011-04-01",
        "fs.s3a.secret.key=abc | fs.s3a.secret.key looks like a credential",
        "data.source.options.password=abc | data.source.options.password looks like a credential",
        "data.source.options.url=\"jdbc:x://me:key@host/x\" | data.source.options.url holds a key or a URI with a user name or password",
        "about.goal=AKIAABCDABCDABCDABCD | about.goal holds a key or a URI with a user name or password",
        "nothing | 'nothing' is not of the form key=value",
        "gate.slices=[1 | 'gate.slices' cannot be read",
        "a..b=1 | 'a..b' cannot be read",
      })
  void saysWhatIsWrongWithOneSetting(String override, String message) {
    ReforestException refused = refused(MINIMAL, override);

    assertThat(refused.getMessage())
        .contains(message.strip())
        .doesNotContain("me:key", "abc", "AKIA");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{ name = x, type = long } | data.columns[0].type must be one of string, boolean, int, bigint, float, double, timestamp, date or decimal(p,s), got long; did you mean bigint?",
        "{ name = x, type = 'decimal(40,2)' } | data.columns[0].type must be decimal(p,s) with 1 <= p <= 38 and s <= p, got decimal(40,2)",
        "{ type = int } | data.columns[0].name is missing: the column's name",
        "{ name = x } | data.columns[0].type is missing: one of",
        "{ name = x, type = int, nulable = true } | data.columns[0].nulable is not a known key; did you mean nullable?",
        "{ name = x, type = int, min = 3, max = 2 } | data.columns[0].min must be at most max, got 3.0 and 2.0",
        "{ name = \"my km\", type = double } | data.columns[0].name 'my km' holds ' ', which the table"
            + " cannot store; rename it on the way in: name = \"my_km\", from = \"`my km`\"",
        "{ name = t, type = date, min = noon } | data.columns[0].min must be a time such as 2011-03-01"
            + " or 2011-03-01T05:00:00Z, got noon",
        "{ name = x, type = string, min = 3 } | data.columns[0].min is for numbers and times, but 'x' is string",
        "{ name = x, type = double, values = [1] } | data.columns[0].values is for string, boolean, int and bigint, but 'x' is double; write min and max",
        "{ name = x, type = int, nullable = perhaps } | data.columns[0].nullable must be true or false, got perhaps",
        "{ name = x, type = int, values = [1, 1] } | data.columns[0].values holds 1 twice",
        "{ name = id, type = int } | data.columns[1].name declares 'id' twice",
        "{ name = ID, type = int } | data.columns[1].name 'id' differs from 'ID' only in upper and lower case",
        "{ name = \" \", type = int } | data.columns[0].name must be a text that is not blank, got \" \"",
        "{ name = \"a\\nb\", type = int } | data.columns[0].name must hold no control characters",
      })
  void saysWhatIsWrongWithAColumn(String column, String message) {
    String first = "columns = [\n" + column.replace('\'', '"');

    assertThat(refused(MINIMAL.replace("columns = [", first)).getMessage())
        .contains(message)
        .containsPattern("trips\\.conf: \\d+: data\\.columns");
  }

  @Test
  void refusesKeyColumnsAndEventTimesThatMayBeNull() {
    String text =
        MINIMAL
            .replace("type = bigint", "type = bigint, nullable = true")
            .replace("type = timestamp", "type = timestamp, nullable = true");

    assertThat(refused(text).getMessage())
        .contains(
            "trips.conf: 5: data.columns[0].nullable must be false for 'id'",
            "trips.conf: 6: data.columns[1].nullable must be false for 'at'");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{ name = r, operation = ratio, of = [price] } | features.derived[0].of must name 2 operands for ratio, got 1",
        "{ name = r, operation = log, of = [price] } | features.derived[0].floor is missing: smaller operands of the log count as this",
        "{ name = r, operation = log, of = [price], floor = 0 } | features.derived[0].floor must be above 0.0, got 0",
        "{ name = r, operation = bucket, of = [price] } | features.derived[0].at is missing: the increasing cut points",
        "{ name = r, operation = bucket, of = [price], at = [2, 1] } | features.derived[0].at must increase, got 1.0 after 2.0",
        "{ name = r, operation = maximum, of = [price] } | features.derived[0].of must name at least 2 operands for maximum, got 1",
        "{ name = r, operation = minimum } | features.derived[0].of is missing: at least 2 operands of the minimum",
        "{ name = r, operation = difference, of = [price, later] } | features.derived[0].of names 'later', which is neither in features.numeric nor derived before",
        "{ name = r, operation = difference, of = [price, kind] } | features.derived[0].of names 'kind', which is neither",
        "{ name = kind, operation = difference, of = [price, distance] } | features.derived[0].name 'kind' is taken by a column or another derived one",
        "{ name = \"probability(a)\", operation = difference, of = [price, distance] } | features.derived[0].name 'probability(a)' is what a classifier's output is called",
        "{ name = r, operation = difference, of = [price, distance], floor = 1 } | features.derived[0].floor is for operation log",
        "{ name = r, operation = difference, of = [price, distance], otherwise = 1 } | features.derived[0].otherwise is for operation ratio",
        "{ name = r, operation = difference, of = [price, distance], at = [1] } | features.derived[0].at is for operation bucket",
        "{ name = r, of = [price, distance] } | features.derived[0].operation is missing",
        "{ name = r, operation = sum, of = [price, distance] } | features.derived[0].operation must be ratio, difference, log, bucket, minimum or maximum, got sum",
      })
  void saysWhatIsWrongWithADerivedColumn(String derived, String message) {
    assertThat(refused(MINIMAL, "features.derived=[" + derived + "]").getMessage())
        .contains(message);
  }

  @Test
  void letsADerivedColumnStandOnAnEarlierOne() throws IOException {
    FeatureConfig features =
        read(
                MINIMAL,
                "features.derived=[{ name = a, operation = ratio, of = [price, distance] },"
                    + " { name = b, operation = log, of = [a], floor = 0.1 }]")
            .model()
            .features();

    assertThat(features.derived()).extracting("constant").containsExactly(0.0, 0.1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{ columns = [kind] } | slices[0].name is missing: the slice's name",
        "{ name = overall, columns = [kind] } | slices[0].name must not be 'overall', which stands for all rows",
        "{ name = overall, where = rainy } | slices[0].name must not be 'overall', which stands for all rows",
        "{ name = x } | slices[0].name needs columns or a predicate 'where' that says which rows",
        "{ name = x, columns = [kind], where = \"1 = 1\" } | slices[0].where and columns both say which rows; write one of them",
        "{ name = x, columns = [knd] } | slices[0].columns names 'knd', which is no declared column; did you mean 'kind'?",
        "{ name = x, columns = [kind], margin = -1 } | slices[0].margin must be above 0.0, got -1",
        "{ name = x, columns = [kind] }, { name = x, where = rainy } | slices[1].name declares 'x' twice",
      })
  void saysWhatIsWrongWithASlice(String slices, String message) {
    assertThat(refused(MINIMAL, "gate.slice-margin=1", "slices=[" + slices + "]").getMessage())
        .contains(message);
  }

  @Test
  void reservesOneNameForAllRowsAndTellsWhereItStands() throws IOException {
    String text =
        MINIMAL + "gate.slice-margin = 1\nslices = [\n  { name = %s, where = rainy }\n]\n";

    assertThat(refused(text.formatted("overall")))
        .hasMessage(
            "1 configuration problem:\n  trips.conf: 24: slices[0].name must not be 'overall', which"
                + " stands for all rows");
    assertThat(read(text.formatted("all")).model().evaluate().slices())
        .extracting(EvaluateConfig.Slice::name)
        .containsExactly("all");
  }

  @Test
  void refusesMoreSlicesThanAnybodyReads() {
    String slices =
        IntStream.rangeClosed(1, 201)
            .mapToObj("{ name = s%d, where = rainy }"::formatted)
            .collect(Collectors.joining(", "));

    assertThat(refused(MINIMAL, "gate.slice-margin=1", "slices=[" + slices + "]"))
        .hasMessageContaining("command line: slices must be at most 200, got 201");
  }

  @Test
  void checksGuardrails() {
    assertThat(
            refused(
                    MINIMAL,
                    "gate.guardrails=[{ metric = mae, margin = 1 }, { metric = mae, margin = 1 },"
                        + " { metric = f1, margin = 2 }, { metric = bias }]")
                .getMessage())
        .contains(
            "gate.guardrails[1].metric mae has a guardrail already",
            "gate.guardrails[2].metric f1 does not fit task regression",
            "gate.guardrails[2].margin must be above 0.0 and below 1.0, got 2",
            "gate.guardrails[3].margin is missing: how much worse bias may get");
  }

  @Test
  void readsWhatAChallengerMustKeepTo() throws IOException {
    GateLimits limits =
        read(
                MINIMAL,
                "gate.baseline=block",
                "gate.floors=[{ metric = r2, at-least = 0.5 }, { metric = rmse, at-most = 90 },"
                    + " { metric = bias, at-least = -5 }, { metric = bias, at-most = 5 }]",
                "gate.churn={ tolerance = 5, most = 0.2, most-worse = 0 }",
                "gate.budget={ size = 48MiB, node-visits = 2000 }",
                "gate.weak-slices=block")
            .model()
            .gate()
            .limits();

    assertThat(limits)
        .isEqualTo(
            new GateLimits(
                GateLimits.Baseline.BLOCK,
                List.of(
                    new GateLimits.Floor(Metric.R2, 0.5, true),
                    new GateLimits.Floor(Metric.RMSE, 90, false),
                    new GateLimits.Floor(Metric.BIAS, -5, true),
                    new GateLimits.Floor(Metric.BIAS, 5, false)),
                new GateLimits.Churn(Optional.of(5.0), Optional.of(0.2), Optional.of(0.0)),
                new GateLimits.Budget(Optional.of(48L << 20), Optional.of(2000.0)),
                GateLimits.Response.BLOCK));
    assertThat(read(MINIMAL).model().gate().limits()).isEqualTo(GateLimits.NONE);
  }

  @Test
  void checksWhatAChallengerMustKeepTo() {
    assertThat(
            refused(
                    MINIMAL,
                    "gate.baseline=ignore",
                    "gate.floors=[{ metric = rmse, at-least = 5 }, { metric = r2 },"
                        + " { metric = mae, at-most = 5 }, { metric = mae, at-most = 6 },"
                        + " { metric = bias, at-most = 5, at-least = -5 }]",
                    "gate.churn={ most = 1.2, most-worse = 0.1 }",
                    "gate.budget={ size = 50Mb, node-visits = 0 }")
                .getMessage())
        .contains(
            "gate.baseline must be warn or block, got ignore",
            "gate.floors[0].at-least asks for a bad model, since of rmse lower is better; write"
                + " at-most",
            "gate.floors[1].metric needs at-least or at-most, what the challenger must reach",
            "gate.floors[3].metric mae has such a floor already",
            "gate.floors[4].at-most and at-least are both there; write one floor for each",
            "gate.churn.most must be from 0.0 to 1.0, got 1.2",
            "gate.churn.tolerance is missing: by how much a prediction must move to count as moved",
            "gate.budget.size must be a whole number of bytes above 0, such as 50000000, 50MB or"
                + " 48MiB, got 50Mb",
            "gate.budget.node-visits must be above 0.0, got 0");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "20kB, 20000", "3 MB, 3000000", "2GB, 2000000000", "1KiB, 1024"})
  void readsBytesWithTheirUnits(String size, long bytes) throws IOException {
    assertThat(read(MINIMAL, "gate.budget.size=\"" + size + "\"").model().gate().limits().budget())
        .isEqualTo(new GateLimits.Budget(Optional.of(bytes), Optional.empty()));
  }

  @Test
  void asksForThePositiveClassOfABinaryTask() throws IOException {
    String text = MINIMAL.replace("task = regression", "task = binary");
    String[] label = {
      "data.label=kind", "features.categorical=[rainy]", "gate.worthwhile-gain=0.1"
    };

    assertThat(refused(text, label).getMessage())
        .contains("data.positive is missing: the class of 'kind' whose probability is predicted");
    assertThat(refused(text + "data.positive = c", label).getMessage())
        .contains("data.positive must be one of the label's values a, b, got c");
    assertThat(refused(text, "data.label=price").getMessage())
        .contains(
            "data.label must be a string, boolean, int or bigint for classes, but 'price' is"
                + " decimal(10,2)");
    ModelConfig model = read(text + "data.positive = b", label).model();
    assertThat(model.task()).isEqualTo(Task.BINARY);
    assertThat(model.gate().primary()).isEqualTo(Metric.LOG_LOSS);
  }

  @Test
  void judgesByWhatAPredictionCostsOrIsWorth() throws IOException {
    String cost =
        "evaluate.business={ name = delay, sql = \"abs(prediction - label)\", better = lower,"
            + " unit = min }";
    String value = cost.replace("lower", "higher");
    String primary = "gate.primary=business";
    String guard = "gate.guardrails=[{ metric = business, margin = 2 }]";
    String floor = "gate.floors=[{ metric = business, at-least = 5 }]";

    ModelConfig model = read(MINIMAL, primary, guard, cost).model();
    assertThat(model.gate().primary()).isEqualTo(Metric.BUSINESS_COST);
    assertThat(model.gate().guardrails().get(0).metric()).isEqualTo(Metric.BUSINESS_COST);
    assertThat(model.evaluate().metrics().business())
        .isEqualTo(
            new MetricSettings.BusinessMetric("delay", "abs(prediction - label)", true, "min"));
    assertThat(read(MINIMAL, primary, floor, value).model().gate().primary())
        .isEqualTo(Metric.BUSINESS_VALUE);
    assertThat(model.digest()).isNotEqualTo(read(MINIMAL, primary, guard, value).model().digest());

    assertThat(refused(MINIMAL, primary).getMessage())
        .contains(
            "gate.primary holds business-cost, which needs evaluate.business with better = lower");
    assertThat(refused(MINIMAL, floor, cost).getMessage()).contains("asks for a bad model");
    assertThat(refused(MINIMAL, "train.metric=business", cost).getMessage())
        .contains(
            "train.metric business-cost cannot rank candidates: the folds keep no columns to"
                + " compute its expression of; write one of rmse, mae, median-absolute-error, mape,"
                + " smape, quantile-loss, r2");
    assertThat(refused(MINIMAL, cost.replace("better = lower,", "")).getMessage())
        .contains("evaluate.business.better is missing: lower for a cost, higher for a gain");
    assertThat(refused(MINIMAL, cost.replace("lower", "less")).getMessage())
        .contains("evaluate.business.better must be lower or higher, got less");
    assertThat(refused(MINIMAL.replace("rainy", "prediction"), cost).getMessage())
        .contains(
            "evaluate.business.sql cannot tell the column prediction from what the expression calls"
                + " so; give the column another name");
  }

  @Test
  void asksForTheQuantileWhereItsLossJudges() throws IOException {
    String needs = " holds quantile-loss, which needs evaluate.quantile";

    assertThat(refused(MINIMAL, "train.metric=quantile-loss").getMessage())
        .contains("train.metric" + needs);
    assertThat(refused(MINIMAL, "gate.primary=quantile-loss").getMessage())
        .contains("gate.primary" + needs);
    assertThat(
            read(MINIMAL, "train.metric=quantile-loss", "evaluate.quantile=0.9")
                .model()
                .evaluate()
                .metrics()
                .quantile())
        .isEqualTo(0.9);
    assertThat(refused(MINIMAL, "evaluate.quantile=1").getMessage())
        .contains("evaluate.quantile must be");
    assertThat(refused(MINIMAL, "evaluate.lift-share=0").getMessage())
        .contains("evaluate.lift-share must be");
  }

  @Test
  void asksForTheCostsOfErrorsWhereTheyJudge() throws IOException {
    String text =
        MINIMAL
            .replace("task = regression", "task = binary, data.positive = b")
            .replace("label = seconds", "label = kind")
            .replace("categorical = [kind, rainy]", "categorical = [rainy]")
            .replace("worthwhile-gain = 5", "worthwhile-gain = 0.1");
    String primary = "gate.primary=cost";
    String guardrail = "gate.guardrails=[{ metric = cost, margin = 0.1 }]";
    String needs =
        " holds cost, which needs evaluate.error-costs.false-positive and false-negative";

    assertThat(refused(text, primary).getMessage()).contains("gate.primary" + needs);
    assertThat(refused(text, guardrail).getMessage()).contains("gate.guardrails" + needs);
    assertThat(refused(text, "gate.floors=[{ metric = cost, at-most = 1 }]").getMessage())
        .contains("gate.floors" + needs);
    String costs = "evaluate.error-costs={ false-positive = 1, false-negative = 4 }";
    assertThat(read(text, primary, costs).model().gate().primary()).isEqualTo(Metric.COST);
    assertThat(read(text, guardrail, costs).model().evaluate().errorCosts())
        .contains(new ErrorCosts(1, 4));
  }

  @Test
  void refusesBoostingAndBaselinesForManyClassesWhereTheyAreAskedFor() throws IOException {
    String text = MINIMAL.replace("task = regression", "task = multiclass");

    assertThat(
            refused(text, "evaluate.baseline=1", "train.gradient-boosting.enabled=true")
                .getMessage())
        .contains(
            "train.gradient-boosting.enabled must be false for a multiclass task: MLlib boosts"
                + " trees for numbers and two classes only",
            "evaluate.baseline is for regression and binary tasks, but task is multiclass");
    for (String off : List.of("=null", ".enabled=false", ".enabled=null", ".depth=[3]")) {
      TrainConfig train = read(text, "train.gradient-boosting" + off).model().train();
      assertThat(train.gradientBoosting()).as(off).isEmpty();
      assertThat(train.randomForest()).as(off).isPresent();
    }
  }

  @Test
  void searchesBothFamiliesForNumbersAndTwoClasses() throws IOException {
    String two =
        MINIMAL
            .replace("task = regression", "task = binary")
            .replace("label = seconds", "positive = 1, label = seconds");
    for (String text : List.of(MINIMAL, two)) {
      TrainConfig train = read(text).model().train();
      assertThat(train.gradientBoosting()).isPresent();
      assertThat(train.randomForest()).isPresent();
    }
  }

  @Test
  void needsOneFamilyOfForests() {
    assertThat(
            refused(MINIMAL, "train.random-forest=null", "train.gradient-boosting.enabled=false")
                .getMessage())
        .contains("train.random-forest and train.gradient-boosting are both off");
  }

  @Test
  void needsAFeatureAndAllowsEachInOnePlace() {
    assertThat(refused(MINIMAL, "features.numeric=[]", "features.categorical=[]").getMessage())
        .contains("features.numeric and features.categorical are both empty");
    assertThat(refused(MINIMAL, "features.numeric=[id]", "features.categorical=[id]").getMessage())
        .contains("features.categorical names 'id', which is numeric, too");
  }

  @Test
  void marksClustersByColumnsByPeriodOrByBoth() throws IOException {
    assertThat(refused(MINIMAL, "evaluate.cluster { columns = [kind], period = 1d }=").getMessage())
        .contains("cannot be read");
    assertThat(refused(MINIMAL, "data.event-time=null", "evaluate.cluster.period=1d").getMessage())
        .contains("evaluate.cluster.period needs data.event-time, which is not set");
    EvaluateConfig byColumn = read(MINIMAL, "evaluate.cluster.columns=[kind]").model().evaluate();
    assertThat(byColumn.clusterPeriod()).isEmpty();
    EvaluateConfig byBoth =
        read(MINIMAL, "evaluate.cluster.columns=[kind]", "evaluate.cluster.period=7d")
            .model()
            .evaluate();
    assertThat(byBoth.clusterColumns()).containsExactly("kind");
    assertThat(byBoth.clusterPeriod()).contains(Duration.ofDays(7));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "include \"other.conf\"",
        "include required(\"other.conf\")",
        "include file(\"/etc/passwd.conf\")",
        "include required(file(\"/etc/passwd.conf\"))",
        "include url(\"http://localhost:1/x.conf\")",
        "include classpath(\"reforest-reference.conf\")"
      })
  void refusesEveryKindOfInclude(String include) {
    String text = "# include \"nothing\"\n" + MINIMAL + include + "\n";
    int line = (int) text.lines().count();

    assertThat(refused(text).getMessage())
        .startsWith("1 configuration problem:\n  trips.conf: " + line + ": include of \"")
        .contains("is refused: a configuration is one file; write its settings here");
  }

  @Test
  void refusesAnIncludeInAnOverride() {
    assertThat(refused(MINIMAL, "about={ include \"x.conf\" }").getMessage())
        .contains("command line: 'about' cannot be read");
  }

  @Test
  void refusesCredentialsWhereverTheyStandAndNeverShowsThem() {
    String text =
        MINIMAL
            + "fs { s3a { access.key = AKIA1, secret.key = hunter2 } }\n"
            + "about.token = hunter2\n"
            + "slices = [{ name = x, where = rainy, margin = 1, password = hunter2 }]\n";

    assertThat(refused(text))
        .hasMessage(
            """
            4 configuration problems:
              trips.conf: 22: fs.s3a.access.key looks like a credential, and configurations are recorded: leave it to the environment or the cluster's credential provider chain
              trips.conf: 22: fs.s3a.secret.key looks like a credential, and configurations are recorded: leave it to the environment or the cluster's credential provider chain
              trips.conf: 23: about.token looks like a credential, and configurations are recorded: leave it to the environment or the cluster's credential provider chain
              trips.conf: 24: slices[0].password looks like a credential, and configurations are recorded: leave it to the environment or the cluster's credential provider chain""");
  }

  @Test
  void saysWhereTheSyntaxBreaks() {
    assertThat(refused(MINIMAL + "gate { alpha = ").getMessage())
        .startsWith("1 configuration problem:\n  trips.conf: ");
    assertThat(refused(MINIMAL + "about.goal = ${nowhere}").getMessage())
        .contains("trips.conf: 22: ", "${nowhere}");
    assertThat(refused("[".repeat(100_000)).getMessage()).contains("nested too deeply");
  }

  @Test
  void substitutesOnlyVariablesOfItsOwn() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("env.conf"),
            MINIMAL + "about.goal = ${?SHELL}\nabout.owner = ${?REFOREST_OWNER}");

    ModelConfig model =
        ConfigReader.read(
                List.of(file), List.of(), Map.of("SHELL", "/bin/sh", "REFOREST_OWNER", "ops"))
            .model();

    assertThat(model.about()).containsExactly(Map.entry("owner", "ops"));
  }

  @Test
  void keepsOddColumnNamesAsTheyAre() throws IOException {
    List<String> names = List.of("a.b", "tick`ed", "two–words", "🚲", "ключ", "$x", "a\"b", "a+b");
    StringBuilder columns = new StringBuilder("columns = [\n");
    StringBuilder features = new StringBuilder();
    for (String name : names) {
      String quoted = "\"" + name.replace("\"", "\\\"") + "\"";
      columns.append("{ name = ").append(quoted).append(", type = double }\n");
      features.append(features.isEmpty() ? "" : ", ").append(quoted);
    }
    String text =
        MINIMAL
            .replace("columns = [", columns)
            .replace("numeric = [", "numeric = [" + features + ", ");

    ModelConfig model = read(text).model();

    assertThat(model.features().numeric()).startsWith(names.toArray(String[]::new));
    assertThat(model.data().columns()).extracting(Column::name).containsAll(names);
  }

  @Test
  void saysWhichFileCannotBeRead() throws IOException {
    Files.writeString(folder.resolve("trips.conf"), MINIMAL);
    Path missing = folder.resolve("trip.conf");
    Path binary = Files.write(folder.resolve("binary.conf"), new byte[] {(byte) 0xff, 0});

    assertThat(
            catchThrowableOfType(
                ReforestException.class,
                () -> ConfigReader.read(List.of(missing), List.of(), Map.of())))
        .hasMessage("configuration " + missing + " does not exist")
        .extracting(ReforestException::hint)
        .isEqualTo("name a model's file with --conf; beside it: binary.conf, trips.conf");
    assertThat(
            catchThrowableOfType(
                ReforestException.class,
                () -> ConfigReader.read(List.of(binary), List.of(), Map.of())))
        .hasMessage("configuration " + binary + " is not UTF-8");
  }

  @Test
  void letsALaterFileGoBeforeAnEarlierOne() throws IOException {
    Path first = Files.writeString(folder.resolve("a.conf"), MINIMAL);
    Path second = Files.writeString(folder.resolve("b.conf"), "train.folds = 7");

    Configuration read = ConfigReader.read(List.of(first, second), List.of(), Map.of());

    assertThat(read.model().train().folds()).isEqualTo(7);
    assertThat(read.effective().text()).contains("train.folds = 7  # b.conf: 1");
  }
}
