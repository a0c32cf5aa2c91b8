package reforest.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.home.Home;

/**
 * A ledger of small files, {@code ledger/<20 digits>.json}, each created only if absent: of two
 * processes that register at once each gets a number of its own.
 *
 * <p>While an entry cannot be read nothing but repeats may spend, because a try that is forgotten
 * would be spent twice.
 */
public final class StoreLedger implements Ledger {
  private static final int SCHEMA = 1;
  private static final int MOST_RACES = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Store store;

  /**
   * @param store the model's folder
   */
  public StoreLedger(Store store) {
    this.store = store;
  }

  /** An entry as it stands in the store; without a value it cannot be read. */
  private record Stored(long sequence, boolean spends, Optional<Entry> entry) {}

  @Override
  public Allowance register(Entry entry) {
    List<Stored> all = stored();
    if (all.stream().noneMatch(stored -> isRepeat(stored, entry))) {
      append(entry, true);
      // Every lower number was taken before this one, so looking again now sees all of them.
      all = stored(all);
    }
    // Not its own number: a twin that came a moment earlier has registered the very same try.
    long sequence =
        all.stream().filter(stored -> isRepeat(stored, entry)).findFirst().orElseThrow().sequence();
    return spent(all.stream().filter(stored -> stored.sequence() < sequence), entry);
  }

  @Override
  public Allowance allowance(Entry entry) {
    List<Stored> all = stored();
    Optional<Stored> begun = all.stream().filter(stored -> isOfTheRun(stored, entry)).findFirst();
    return spent(
        all.stream().filter(it -> begun.isEmpty() || it.sequence() < begun.get().sequence()),
        entry);
  }

  private static Allowance spent(Stream<Stored> before, Entry entry) {
    AlphaSpending spending = new AlphaSpending();
    List<Stored> spent = new ArrayList<>();
    for (Stored stored : before.filter(Stored::spends).toList()) {
      if (stored.entry().isEmpty()) {
        spending.spendUnknown(path(stored.sequence()) + ", which cannot be read,");
      } else if (spent.stream().noneMatch(it -> isRepeat(it, stored.entry().get()))) {
        spending.spend(wish(stored.entry().get()));
        spent.add(stored);
      }
    }
    return spending.allowed(wish(entry));
  }

  private static AlphaSpending.Wish wish(Entry entry) {
    return new AlphaSpending.Wish(
        entry.window(),
        entry.budget(),
        entry.champion().isEmpty(),
        entry.forced(),
        entry.scheduled(),
        entry.run());
  }

  @Override
  public void note(Entry entry) {
    append(entry, false);
  }

  @Override
  public List<Entry> all() {
    return stored().stream().flatMap(stored -> stored.entry().stream()).toList();
  }

  private static boolean isRepeat(Stored stored, Entry entry) {
    return stored.spends()
        && stored
            .entry()
            .filter(
                e ->
                    e.writeId().equals(entry.writeId())
                        || (!entry.forced() && judgesTheSame(e, entry)))
            .isPresent();
  }

  /** An entry that does not tell what it was judged by could have been judged by anything. */
  private static boolean judgesTheSame(Entry earlier, Entry entry) {
    return !earlier.configuration().isEmpty()
        && !earlier.data().isEmpty()
        && earlier.window().equals(entry.window())
        && earlier.challenger().equals(entry.challenger())
        && earlier.champion().equals(entry.champion())
        && earlier.configuration().equals(entry.configuration())
        && earlier.data().equals(entry.data());
  }

  private static boolean isOfTheRun(Stored stored, Entry entry) {
    return stored.spends()
        && !entry.forced()
        && stored
            .entry()
            .filter(e -> e.run().equals(entry.run()) && e.window().equals(entry.window()))
            .isPresent();
  }

  private void append(Entry entry, boolean spends) {
    byte[] content = write(entry, spends);
    List<Long> numbers = numbers();
    long sequence = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1;
    for (int race = 0; race < MOST_RACES; race++) {
      if (store.createIfAbsent(path(sequence), content)) {
        return;
      }
      sequence++;
    }
    throw new ReforestException(
        ReforestException.Kind.STORE,
        "cannot append to the ledger at %s: %d numbers in a row were taken by others"
            .formatted(store.root(), MOST_RACES),
        "Check that the store lists files that were just written, and try again.");
  }

  private List<Long> numbers() {
    return store.list(Home.ledger()).stream()
        .filter(name -> name.matches("00\\d{18}\\.json"))
        .map(name -> Long.valueOf(name.substring(0, 20)))
        .sorted()
        .toList();
  }

  private List<Stored> stored() {
    return stored(List.of());
  }

  /** All entries; those that are known are not read once more, since none ever changes. */
  private List<Stored> stored(List<Stored> known) {
    Map<Long, Stored> read = new HashMap<>();
    known.forEach(stored -> read.put(stored.sequence(), stored));
    List<Stored> all = new ArrayList<>();
    for (long sequence : numbers()) {
      Stored before = read.get(sequence);
      if (before != null) {
        all.add(before);
      } else {
        store.read(path(sequence)).ifPresent(bytes -> all.add(read(sequence, bytes)));
      }
    }
    return all;
  }

  private static String path(long sequence) {
    return String.format(Locale.ROOT, "%s/%020d.json", Home.ledger(), sequence);
  }

  private static byte[] write(Entry entry, boolean spends) {
    ObjectNode node = JSON.createObjectNode();
    node.put("schema", SCHEMA);
    node.put("spends", spends);
    entry.window().start().ifPresent(start -> node.put("start", start.toString()));
    entry.window().end().ifPresent(end -> node.put("end", end.toString()));
    entry.window().split().ifPresent(split -> node.put("split", split));
    entry.window().after().ifPresent(version -> node.put("after", version));
    entry.window().until().ifPresent(version -> node.put("until", version));
    node.put("challenger", entry.challenger());
    entry.champion().ifPresent(champion -> node.put("champion", champion));
    node.put("configuration", entry.configuration());
    node.put("data", entry.data());
    node.put("kind", entry.kind().key());
    entry
        .budget()
        .ifPresent(
            budget -> {
              node.put("longest", budget.longest().toString());
              node.put("least", budget.least().toString());
            });
    node.put("forced", entry.forced());
    node.put("scheduled", entry.scheduled());
    node.put("run", entry.run());
    node.put("at", entry.at().toString());
    node.put("writeId", entry.writeId());
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }

  private static Stored read(long sequence, byte[] bytes) {
    try {
      JsonNode node = JSON.readTree(bytes);
      if (node.path("schema").asInt() != SCHEMA) {
        return new Stored(sequence, true, Optional.empty());
      }
      Window window =
          new Window(
              text(node, "start").map(Instant::parse),
              text(node, "end").map(Instant::parse),
              text(node, "split"),
              number(node, "after"),
              number(node, "until"));
      Entry entry =
          new Entry(
              window,
              text(node, "challenger").orElseThrow(IllegalArgumentException::new),
              text(node, "champion"),
              text(node, "configuration").orElse(""),
              text(node, "data").orElse(""),
              kind(node),
              budget(node),
              node.path("forced").asBoolean(),
              node.path("scheduled").asBoolean(),
              text(node, "run").orElse(""),
              Instant.parse(text(node, "at").orElse("")),
              text(node, "writeId").orElse(""));
      return new Stored(sequence, node.path("spends").asBoolean(true), Optional.of(entry));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      return new Stored(sequence, true, Optional.empty());
    }
  }

  /** Entries of before there were kinds are tries where they spend, else backtests. */
  private static Kind kind(JsonNode node) {
    String key =
        text(node, "kind").orElse(node.path("spends").asBoolean(true) ? "try" : "backtest");
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.key().equals(key))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  private static Optional<AlphaSpending.Budget> budget(JsonNode node) {
    Optional<Duration> longest = text(node, "longest").map(Duration::parse);
    Optional<Duration> least = text(node, "least").map(Duration::parse);
    return longest.isPresent() && least.isPresent()
        ? Optional.of(new AlphaSpending.Budget(longest.get(), least.get()))
        : Optional.empty();
  }

  private static OptionalLong number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isIntegralNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.get(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }
}
