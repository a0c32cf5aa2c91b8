package reforest.bundle.pmml;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import reforest.bundle.DecimalText;
import reforest.bundle.ReforestException;

/**
 * A cursor over the tags of a PMML document, which refuses what it was not told to expect.
 *
 * <p>It always stands on a start tag, an end tag or the document's end. Attributes are read on the
 * start tag, between {@link #open} and {@link #enter}.
 */
final class Xml {

  /** Largest document; a model of this size has some ten million nodes. */
  static final int LARGEST_BYTES = 256 << 20;

  /** Deepest nesting; MLlib's trees have at most 30 levels. Keeps recursion off the stack's end. */
  static final int DEEPEST = 512;

  private static final String NOT_UTF8 = "the document is not UTF-8";

  private static final String NAMESPACE = "http://www.dmg.org/PMML-4_4";

  private final XMLStreamReader reader;
  private int event;
  private int depth;

  /** The name of the tag that it stands on, and of its attributes, which are asked for often. */
  private String tag = "";

  private String[] names = new String[8];
  private int attributes;

  /** Stands on the document's first start tag. */
  Xml(byte[] document) {
    if (document.length > LARGEST_BYTES) {
      throw refusal(
          "the document has " + document.length + " bytes, more than " + LARGEST_BYTES, "", null);
    }
    try {
      reader = factory().createXMLStreamReader(characters(document));
    } catch (XMLStreamException e) {
      throw refusal(isNotUtf8(e) ? NOT_UTF8 : "the document is not XML: " + firstLine(e), "", e);
    }
    String encoding = reader.getCharacterEncodingScheme();
    if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
      throw refusal("the document says that its encoding is " + encoding + ", not UTF-8");
    }
    advance();
  }

  /**
   * Decoded here, since the JDK's parser prints bytes that are no text to standard error; as it
   * asks for them, since a large document's characters at once would be cold when it does.
   */
  private static Reader characters(byte[] document) {
    // A new decoder refuses what is no text.
    return new InputStreamReader(
        new ByteArrayInputStream(document), StandardCharsets.UTF_8.newDecoder());
  }

  private static XMLInputFactory factory() {
    // The JDK's own, since whichever parser lies on a service's class path knows other properties.
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("external content is not read: " + systemId);
        });
    return factory;
  }

  /** Whether it stands on the start tag of such an element. */
  boolean on(String element) {
    return event == XMLStreamConstants.START_ELEMENT && tag.equals(element);
  }

  /** Whether it stands on any start tag. */
  boolean onStart() {
    return event == XMLStreamConstants.START_ELEMENT;
  }

  /** Requires the start tag of such an element, with none but these attributes. */
  void open(String element, List<String> known) {
    if (!on(element)) {
      throw refusal("expected <" + element + ">, found " + here());
    }
    if (!NAMESPACE.equals(reader.getNamespaceURI())) {
      throw refusal(
          "<"
              + element
              + "> is not in the namespace "
              + NAMESPACE
              + " of PMML 4.4, but in "
              + reader.getNamespaceURI());
    }
    refuseOtherAttributes(known);
  }

  /** Requires a start tag without attributes, whatever its name and namespace; gives its name. */
  String openCell() {
    if (!onStart()) {
      throw refusal("expected a cell, found " + here());
    }
    refuseOtherAttributes(List.of());
    return tag;
  }

  private void refuseOtherAttributes(List<String> known) {
    for (int i = 0; i < attributes; i++) {
      String namespace = reader.getAttributeNamespace(i);
      if (!isAmong(known, names[i]) || (namespace != null && !namespace.isEmpty())) {
        throw refusal("<" + tag + "> has the unknown attribute " + names[i]);
      }
    }
  }

  /** The list's own search takes longer than reading the attribute. */
  private static boolean isAmong(List<String> known, String name) {
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** From a start tag to the first tag inside. */
  void enter() {
    advance();
  }

  /** Requires the end tag of the element, and goes on to the next tag. */
  void close(String element) {
    if (event != XMLStreamConstants.END_ELEMENT || !tag.equals(element)) {
      throw refusal(here() + " is unknown or misplaced inside <" + element + ">");
    }
    advance();
  }

  /** From a start tag without content, whose attributes were read, to the tag after it. */
  void closeEmpty(String element) {
    enter();
    close(element);
  }

  /** The text of the element whose start tag it stands on; goes on to the tag after it. */
  String text() {
    String text;
    try {
      text = reader.getElementText();
    } catch (XMLStreamException | RuntimeException e) {
      throw malformed(e);
    }
    depth--;
    advance();
    return text;
  }

  /** Requires the document's end. */
  void end() {
    if (event != XMLStreamConstants.END_DOCUMENT) {
      throw refusal(here() + " stands after the end");
    }
  }

  /** An attribute of the start tag, or null. */
  @Nullable String optional(String attribute) {
    for (int i = 0; i < attributes; i++) {
      if (names[i].equals(attribute)) {
        return reader.getAttributeValue(i);
      }
    }
    return null;
  }

  /** An attribute of the start tag that must be there. */
  String required(String attribute) {
    String value = optional(attribute);
    if (value == null) {
      throw refusal(here() + " needs the attribute " + attribute);
    }
    return value;
  }

  /** A finite number that must be there. */
  double number(String attribute) {
    return number(attribute, required(attribute));
  }

  /** A finite number, or {@code otherwise} when the attribute is absent. */
  double number(String attribute, double otherwise) {
    String value = optional(attribute);
    return value == null ? otherwise : number(attribute, value);
  }

  private double number(String attribute, String value) {
    double number = DecimalText.parse(value);
    if (Double.isNaN(number)) {
      throw refusal(here() + " needs a finite number as " + attribute + ", got '" + value + "'");
    }
    return number;
  }

  /** Requires one of these values of an attribute, which may be absent if they include null. */
  void oneOf(String attribute, @Nullable String... values) {
    String value = optional(attribute);
    for (String allowed : values) {
      if (Objects.equals(allowed, value)) {
        return;
      }
    }
    throw refusal(
        value == null
            ? here() + " needs the attribute " + attribute
            : here() + " has the unknown " + attribute + " '" + value + "'");
  }

  /** A refusal of what stands here. */
  ReforestException refusal(String problem) {
    return refusal(problem, " line " + reader.getLocation().getLineNumber() + ":", null);
  }

  /** A refusal of the document as a whole. */
  static ReforestException refusal(String problem, String where, @Nullable Throwable cause) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "the PMML is refused:" + where + " " + problem,
        "use a bundle that Reforest exported, and a reforest-bundle at least as new",
        cause);
  }

  private ReforestException malformed(Exception e) {
    return refusal(
        isNotUtf8(e) ? NOT_UTF8 : "the document is not well-formed XML: " + firstLine(e),
        " line " + reader.getLocation().getLineNumber() + ":",
        e);
  }

  private static boolean isNotUtf8(Exception e) {
    return e instanceof XMLStreamException parsing
        && parsing.getNestedException() instanceof CharacterCodingException;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().skip(1).findFirst().orElse(String.valueOf(e));
  }

  private String here() {
    return switch (event) {
      case XMLStreamConstants.START_ELEMENT -> "<" + tag + ">";
      case XMLStreamConstants.END_ELEMENT -> "</" + tag + ">";
      default -> "the document's end";
    };
  }

  private void advance() {
    attributes = 0;
    while (true) {
      event = next();
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> {
          nameTag();
          if (++depth > DEEPEST) {
            throw refusal("elements are nested deeper than " + DEEPEST);
          }
          return;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          tag = reader.getLocalName();
          depth--;
          return;
        }
        case XMLStreamConstants.END_DOCUMENT -> {
          return;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!reader.isWhiteSpace()) {
            throw refusal("there is text where none belongs");
          }
        }
        case XMLStreamConstants.SPACE,
            XMLStreamConstants.COMMENT,
            XMLStreamConstants.PROCESSING_INSTRUCTION -> {}
        case XMLStreamConstants.DTD -> throw refusal("a DOCTYPE is not allowed");
        default -> throw refusal("entities are not allowed");
      }
    }
  }

  private void nameTag() {
    tag = reader.getLocalName();
    attributes = reader.getAttributeCount();
    if (attributes > names.length) {
      names = new String[attributes];
    }
    for (int i = 0; i < attributes; i++) {
      names[i] = reader.getAttributeLocalName(i);
    }
  }

  private int next() {
    try {
      return reader.next();
    } catch (XMLStreamException | RuntimeException e) {
      // The JDK's parser answers some malformed bytes with unchecked exceptions of its own.
      throw malformed(e);
    }
  }
}
