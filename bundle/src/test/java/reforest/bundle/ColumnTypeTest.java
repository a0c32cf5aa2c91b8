package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ColumnType.Missing;
import reforest.bundle.ColumnType.Reading;
import reforest.bundle.ColumnType.Refused;
import reforest.bundle.ColumnType.Value;

class ColumnTypeTest {

  private static Reading read(String type, Object value) {
    return ColumnType.named(type).orElseThrow().read(value);
  }

  private static Object value(String type, Object value) {
    assertThat(read(type, value)).as(type + " " + value).isInstanceOf(Value.class);
    return ((Value) read(type, value)).value();
  }

  private static String refusal(String type, Object value) {
    assertThat(read(type, value)).as(type + " " + value).isInstanceOf(Refused.class);
    return ((Refused) read(type, value)).why();
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {"12,12", " 7 ,7", "+5,5", ".5,0.5", "5.,5", "1e3,1000", "-0.0,-0.0", "1E-2,0.01"})
  void readsDecimalNumbersWithBlanksAround(String text, double number) {
    assertThat(value("double", text)).isEqualTo(number);
    assertThat(value("float", text)).isEqualTo((float) number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12d", "12f", "12D", "5L", "0x1F", "0x1p3", "1_000", "１２", "١٢", "1,5", "1 000", "1e",
        "--5", "1.2.3", "½", "e5", ".", "-", "true", "1e5.5"
      })
  void refusesWhatOnlySomeLanguageTakesForANumber(String text) {
    for (String type : new String[] {"double", "float", "int", "bigint", "decimal(10,2)"}) {
      assertThat(refusal(type, text)).isEqualTo("is not of type " + type);
    }
  }

  @Test
  void refusesNumbersThatAreTooLarge() {
    assertThat(refusal("double", "1e309")).isEqualTo("is infinite");
    assertThat(refusal("double", Double.NEGATIVE_INFINITY)).isEqualTo("is infinite");
    assertThat(refusal("double", "-Infinity")).isEqualTo("is infinite");
    assertThat(refusal("double", "inf")).isEqualTo("is infinite");
    assertThat(refusal("float", "1e39")).isEqualTo("is infinite");
    assertThat(refusal("int", "2147483648")).isEqualTo("is not of type int");
    assertThat(refusal("int", "Infinity")).isEqualTo("is not of type int");
    assertThat(refusal("bigint", "1e19")).isEqualTo("is not of type bigint");
    assertThat(refusal("bigint", "1e999999999")).isEqualTo("is not of type bigint");
    assertThat(refusal("bigint", "1e99999999999")).isEqualTo("is not of type bigint");
    assertThat(refusal("decimal(4,2)", "100")).isEqualTo("is not of type decimal(4,2)");
    assertThat(value("decimal(4,2)", "1e-999999999")).isEqualTo(new BigDecimal("0.00"));
  }

  @Test
  void readsWholeNumbersHoweverTheyAreWritten() {
    assertThat(value("int", "3.0")).isEqualTo(3L);
    assertThat(value("int", 3.0)).isEqualTo(3L);
    assertThat(value("int", "3e0")).isEqualTo(3L);
    assertThat(value("bigint", "9007199254740993.0")).isEqualTo(9007199254740993L);
    assertThat(value("bigint", new BigInteger("-9223372036854775808"))).isEqualTo(Long.MIN_VALUE);
    assertThat(refusal("int", "1.5")).isEqualTo("is not of type int");
    assertThat(refusal("int", 1.5f)).isEqualTo("is not of type int");
    assertThat(refusal("tinyint", 128)).isEqualTo("is not of type tinyint");
    assertThat(value("decimal(6,2)", "1.005")).isEqualTo(new BigDecimal("1.01"));
    assertThat(value("decimal(6,2)", 2.0)).isEqualTo(new BigDecimal("2.00"));
  }

  @Test
  void takesEmptyTextsAndNanForMissingValues() {
    for (String type : new String[] {"double", "int", "boolean", "date", "timestamp"}) {
      assertThat(read(type, "")).isEqualTo(Missing.NULL);
      assertThat(read(type, " \t")).isEqualTo(Missing.NULL);
    }
    assertThat(read("double", "NaN")).isEqualTo(Missing.NAN);
    assertThat(read("int", "nan")).isEqualTo(Missing.NAN);
    assertThat(read("int", Double.NaN)).isEqualTo(Missing.NAN);
    assertThat(read("double", Float.NaN)).isEqualTo(Missing.NAN);
    assertThat(value("string", "")).isEqualTo("");
    assertThat(value("string", " NaN")).isEqualTo(" NaN");
  }

  @ParameterizedTest
  @CsvSource({"True,true", "FALSE,false", "t,true", "no,false", "1,true", "0,false", "1.0,true"})
  void readsFlags(String text, boolean flag) {
    assertThat(value("boolean", text)).isEqualTo(flag);
  }

  @Test
  void refusesOtherFlags() {
    assertThat(refusal("boolean", "wahr")).isEqualTo("is not of type boolean");
    assertThat(refusal("boolean", "2")).isEqualTo("is not of type boolean");
    assertThat(refusal("int", true)).isEqualTo("is not of type int");
  }

  @ParameterizedTest
  @CsvSource({
    "2011-03-01,2011-03-01T00:00:00Z",
    "2011-3-1 5:06,2011-03-01T05:06:00Z",
    "2011-03-01T05:06:07,2011-03-01T05:06:07Z",
    "2011-03-01T05:06:07.123456789Z,2011-03-01T05:06:07.123456Z",
    "2011-03-01 05:06:07.5+02:00,2011-03-01T03:06:07.500Z",
    "2011-03-01 05:06:07 UTC,2011-03-01T05:06:07Z",
    "2011-07-01 05:00:00 Europe/Berlin,2011-07-01T03:00:00Z"
  })
  void readsIsoTimes(String text, Instant instant) {
    assertThat(value("timestamp", text)).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00:00:00",
        "45000",
        "202301",
        "1700000000000",
        "2023",
        "2023-01",
        "55840-01-01",
        "9999-12-31 23:59:59-12:00",
        "0000-01-01",
        "2023-02-30",
        "2023-01-01 24:00:00",
        "01.02.2023",
        "2023/01/02",
        "2023-01-01 05:00:00 Nowhere/City",
        "today",
        "now"
      })
  void refusesTimesThatAreNone(String text) {
    assertThat(refusal("timestamp", text)).isEqualTo("is not of type timestamp");
  }

  @Test
  void refusesNumbersAsTimesSinceNobodyKnowsTheirUnit() {
    assertThat(refusal("timestamp", 1_700_000_000_000L)).isEqualTo("is not of type timestamp");
    assertThat(refusal("date", 45_000)).isEqualTo("is not of type date");
  }

  @Test
  void readsDates() {
    assertThat(value("date", "2011-03-01")).isEqualTo(LocalDate.of(2011, 3, 1));
    assertThat(value("date", "2011-03-01 05:00:00")).isEqualTo(LocalDate.of(2011, 3, 1));
    assertThat(value("date", Instant.parse("2011-03-01T23:00:00Z")))
        .isEqualTo(LocalDate.of(2011, 3, 1));
    assertThat(value("date", LocalDate.of(2011, 3, 1))).isEqualTo(LocalDate.of(2011, 3, 1));
    assertThat(value("timestamp", LocalDate.of(2011, 3, 1)))
        .isEqualTo(Instant.parse("2011-03-01T00:00:00Z"));
    assertThat(refusal("date", LocalDate.of(12_011, 3, 1))).isEqualTo("is not of type date");
    assertThat(refusal("date", "55840-01-01")).isEqualTo("is not of type date");
  }

  @Test
  void namesCategoriesTheSameHoweverTheyAreWritten() {
    assertThat(ColumnType.textOf(3L)).isEqualTo("3");
    assertThat(ColumnType.textOf(3.0)).isEqualTo("3");
    assertThat(ColumnType.textOf(2.5)).isEqualTo("2.5");
    assertThat(ColumnType.textOf(1e300)).isEqualTo("1.0E300");
    assertThat(ColumnType.textOf(new BigDecimal("3.10"))).isEqualTo("3.10");
    assertThat(ColumnType.textOf(true)).isEqualTo("true");
    assertThat(ColumnType.textOf(LocalDate.of(2011, 3, 1))).isEqualTo("2011-03-01");
    assertThat(ColumnType.textOf(Instant.parse("2011-03-01T05:00:00.5Z")))
        .isEqualTo("2011-03-01 05:00:00.5");
    assertThat(value("string", 3.0)).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"long", "decimal", "decimal(39,2)", "decimal(4,5)", "decimal(0,0)", "INT", ""})
  void knowsNoOtherTypes(String declared) {
    assertThat(ColumnType.named(declared)).isEmpty();
  }

  @Test
  void everyDoubleIsReadBackFromItsText() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        assertThat(value("double", Double.toString(number))).isEqualTo(number);
      }
    }
  }

  @Test
  void arbitraryTextsAreReadOrRefusedButNeverThrown() {
    SplittableRandom random = new SplittableRandom(6);
    String alphabet = "0123456789+-.eE:TZ nNaAiIfF/\u0000\u00a0１";
    String[] types = {"boolean", "int", "float", "double", "decimal(9,3)", "date", "timestamp"};
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = random.nextInt(24); c > 0; c--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(read(types[i % types.length], text.toString())).isNotNull();
    }
  }
}
