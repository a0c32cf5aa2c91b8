package reforest.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A PMML document's trees as they are written, whoever reads them. */
final class TreeElements {

  private TreeElements() {}

  /** The root node of each tree. */
  static List<Element> roots(byte[] pmml) {
    List<Element> roots = new ArrayList<>();
    NodeList trees = parse(pmml).getElementsByTagName("TreeModel");
    for (int i = 0; i < trees.getLength(); i++) {
      roots.addAll(children(trees.item(i)));
    }
    return roots;
  }

  /** The nodes right below an element: a root, two children, or none. */
  static List<Element> children(Node parent) {
    List<Element> children = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals("Node")) {
        children.add(element);
      }
    }
    return children;
  }

  private static Document parse(byte[] pmml) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(pmml));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
