package reforest.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds a module to the public API that its {@code src/signature/public-api.txt} records, so that
 * code which was compiled against it keeps running.
 *
 * <p>A line is a public or protected type, or one of its supertypes, permitted subtypes,
 * constructors, methods and fields, with the value of a constant, or a record's components. A line
 * that is gone or changed counts as incompatible, also where Java would forgive it, such as a final
 * class that is final no longer. A new line is compatible, but for an abstract method of a type
 * that callers implement and a permitted subtype. Behaviour, annotations such as nullness, and the
 * names of parameters are not compared.
 */
class PublicApiTest {

  private static final Path CLASSES = Path.of("target", "classes");
  private static final Path RECORDED = Path.of("src", "signature", "public-api.txt");
  private static final String RECORD =
      "record it by mvn -pl bundle,bundle-s3 test -Dtest=PublicApiTest -Dreforest.api=record";

  private static List<String> recorded = List.of();
  private static List<String> present = List.of();

  @BeforeAll
  static void readBoth() throws Exception {
    present = present();
    if ("record".equals(System.getProperty("reforest.api"))) {
      Files.createDirectories(RECORDED.getParent());
      Files.write(RECORDED, present);
      System.out.println("recorded " + present.size() + " lines in " + RECORDED.toAbsolutePath());
    }
    recorded = Files.readAllLines(RECORDED);
  }

  @Test
  void keepsWhatIsRecorded() {
    assertThat(without(recorded, present))
        .as("gone or changed, which breaks callers: restore it, or where that is meant %s", RECORD)
        .isEmpty();
  }

  @Test
  void recordsWhatIsNew() {
    assertThat(without(present, recorded))
        .as("new, and to be kept once it is recorded: hide it from callers, or %s", RECORD)
        .isEmpty();
  }

  private static List<String> without(List<String> lines, List<String> known) {
    return lines.stream().filter(line -> !known.contains(line)).toList();
  }

  private static List<String> present() throws Exception {
    Map<String, Set<String>> byType = new TreeMap<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String path = CLASSES.relativize(file).toString().replaceFirst("[.]class$", "");
        Class<?> type = Class.forName(path.replace(File.separatorChar, '.'));
        if (isOpen(type)) {
          byType.put(type.toGenericString(), members(type));
        }
      }
    }
    List<String> lines = new ArrayList<>();
    byType.forEach(
        (type, members) -> {
          lines.add(type);
          members.forEach(member -> lines.add("  " + member));
        });
    return lines;
  }

  private static boolean isOpen(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return isOpen(type.getModifiers()) && (outer == null || isOpen(outer));
  }

  private static boolean isOpen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static Set<String> members(Class<?> type) throws IllegalAccessException {
    Set<String> lines = new TreeSet<>();
    Stream.ofNullable(type.getGenericSuperclass())
        .forEach(parent -> lines.add(type.getName() + " extends " + parent.getTypeName()));
    for (Type parent : type.getGenericInterfaces()) {
      lines.add(type.getName() + " extends " + parent.getTypeName());
    }
    if (type.isSealed()) {
      Stream.of(type.getPermittedSubclasses())
          .forEach(child -> lines.add(type.getName() + " permits " + child.getName()));
    }
    if (type.isRecord()) {
      lines.add(type.getName() + Arrays.toString(type.getRecordComponents()));
    }
    Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods())
        .flatMap(Stream::of)
        .filter(called -> isOpen(called.getModifiers()))
        .forEach(called -> lines.add(called.toGenericString().replace(" synchronized ", " ")));
    for (Field field : type.getDeclaredFields()) {
      if (isOpen(field.getModifiers())) {
        lines.add(field.toGenericString() + constant(field));
      }
    }
    return lines;
  }

  /** The value that callers are compiled with, if it is one. */
  private static String constant(Field field) throws IllegalAccessException {
    boolean isFixed =
        Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
    if (!isFixed || !(field.getType().isPrimitive() || field.getType() == String.class)) {
      return "";
    }
    field.setAccessible(true);
    return " = " + field.get(null);
  }
}
