package reforest.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which bundle is champion: an append-only sequence of small files, each created only if absent.
 *
 * <p>The highest valid entry counts. An entry that cannot be read as one, or that does not carry
 * its own number, is void and is stepped past; its number stays in use.
 */
public final class PromotionLog {

  private static final String FOLDER = "promotions";
  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.json");

  private final Store store;

  /**
   * @param store the model's own store
   */
  public PromotionLog(Store store) {
    this.store = store;
  }

  /**
   * The newest valid entry; empty before the first.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public Optional<Promotion> champion() {
    List<Long> numbers = numbers();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      Optional<Promotion> promotion = read(numbers.get(i)).valid();
      if (promotion.isPresent()) {
        return promotion;
      }
    }
    return Optional.empty();
  }

  /**
   * The entry of a number, with one read; empty when there is none or it is void.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public Optional<Promotion> entry(long number) {
    return read(number).valid();
  }

  /**
   * All valid entries, oldest first.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public List<Promotion> all() {
    List<Promotion> all = new ArrayList<>();
    for (long number : numbers()) {
      read(number).valid().ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  /**
   * A number at which no promotion can be read.
   *
   * @param sequence the number
   * @param what {@code missing} where a later one is there, {@code torn} where the file is no JSON,
   *     {@code void} where it is none of this log's entries
   */
  public record Flaw(long sequence, String what) {}

  /**
   * Whatever is not as it was written, oldest first.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public List<Flaw> flaws() {
    List<Flaw> flaws = new ArrayList<>();
    long next = 1;
    for (long number : numbers()) {
      for (; next < number; next++) {
        flaws.add(new Flaw(next, "missing"));
      }
      next = number + 1;
      store
          .read(path(number))
          .filter(bytes -> parse(bytes, number).isEmpty())
          .ifPresent(bytes -> flaws.add(new Flaw(number, isJson(bytes) ? "void" : "torn")));
    }
    return List.copyOf(flaws);
  }

  private static boolean isJson(byte[] bytes) {
    try {
      JsonFields.parse(bytes, "the promotion");
      return true;
    } catch (ReforestException e) {
      return false;
    }
  }

  /**
   * The highest number in use, also by a void entry; 0 when there is none.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public long lastSequence() {
    List<Long> numbers = numbers();
    return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
  }

  /**
   * Adds an entry under its own number, unless another stands there.
   *
   * @param promotion its number is 1, or follows one that is in use
   * @return whether it is in the log now; false when the number was taken
   * @throws IllegalArgumentException when the number before it is not in use, which would hide it
   *     from {@link PromotionTail}
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public boolean append(Promotion promotion) {
    long before = promotion.sequence() - 1;
    if (before > 0 && !read(before).exists()) {
      throw new IllegalArgumentException(
          "promotion " + promotion.sequence() + " would leave a gap: there is no " + before);
    }
    return store.createIfAbsent(path(promotion.sequence()), promotion.toJson());
  }

  Entry read(long number) {
    return store
        .read(path(number))
        .map(bytes -> new Entry(true, parse(bytes, number)))
        .orElse(new Entry(false, Optional.empty()));
  }

  private static Optional<Promotion> parse(byte[] bytes, long number) {
    try {
      return Optional.of(Promotion.parse(bytes)).filter(p -> p.sequence() == number);
    } catch (ReforestException e) {
      if (Promotion.isNewer(bytes)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    for (String name : store.list(FOLDER)) {
      // The store sorts by name, and names of equal length sort like their numbers. Eighteen digits
      // fit into a long.
      if (NAME.matcher(name).matches() && name.startsWith("00")) {
        numbers.add(Long.parseLong(name.substring(0, 20)));
      }
    }
    return numbers;
  }

  private static String path(long number) {
    return FOLDER + "/" + String.format(Locale.ROOT, "%020d", number) + ".json";
  }

  /** What stands under a number: nothing, a void file, or a promotion. */
  record Entry(boolean exists, Optional<Promotion> valid) {}
}
