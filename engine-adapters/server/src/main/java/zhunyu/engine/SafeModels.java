package zhunyu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.impl.util.xml.Namespace;

/**
 * The positive lists of what a model may hold. A definition is read again by every later start of the engine: an entry
 * that was released may never be taken off, or running cases could not be loaded.
 */
final class SafeModels {
  /** {@code id} is that of the element or of the nearest one around it that has one. */
  record Refusal(String what, Element element, String id) {}

  private static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
  private static final String DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI";
  private static final String CAMUNDA = "http://camunda.org/schema/1.0/bpmn";
  /** The engine reads its older namespace too. */
  private static final List<String> EXTENSIONS = List.of(CAMUNDA, "http://activiti.org/bpmn");

  private static final Set<String> ELEMENTS = Set.of(
      "definitions", "collaboration", "participant", "process", "laneSet", "lane", "childLaneSet", "flowNodeRef",
      "documentation", "extensionElements", "textAnnotation", "text", "association", "message", "error",
      "startEvent", "endEvent", "terminateEventDefinition", "errorEventDefinition", "boundaryEvent",
      "intermediateCatchEvent", "timerEventDefinition", "timeDate", "timeDuration",
      "userTask", "serviceTask", "receiveTask", "subProcess",
      "multiInstanceLoopCharacteristics", "loopCardinality", "completionCondition",
      "exclusiveGateway", "parallelGateway", "inclusiveGateway",
      "sequenceFlow", "conditionExpression", "incoming", "outgoing");

  private static final Set<String> EXTENSION_ELEMENTS = Set.of("properties", "property", "inputOutput", "inputParameter", "outputParameter");

  private static final Set<String> EXTENSION_ATTRIBUTES = Set.of(
      "asyncAfter", "asyncBefore", "candidateGroups", "candidateStarterGroups", "collection", "elementVariable",
      "errorCodeVariable", "errorMessageVariable", "exclusive", "formKey", "formRef", "formRefBinding", "historyTimeToLive",
      "isStartableInTasklist", "jobPriority", "taskPriority", "topic", "type", "versionTag");

  private static final Map<String, Set<String>> PARENTS = Map.of(
      "timerEventDefinition", Set.of("boundaryEvent", "intermediateCatchEvent"),
      "errorEventDefinition", Set.of("boundaryEvent", "endEvent"),
      "terminateEventDefinition", Set.of("endEvent"));

  private static final Pattern EXPRESSION = Pattern.compile("[$#]\\{((?:'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\"|[^}'\"])*)}");
  private static final Pattern LITERAL = Pattern.compile("'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\"");
  private static final Pattern CALL = Pattern.compile("([\\w$.:]+|[\\])'])\\s*\\(");
  private static final Set<String> OPERATORS =
      Set.of("and", "or", "not", "empty", "eq", "ne", "lt", "le", "gt", "ge", "div", "mod");

  private final List<Refusal> refusals = new ArrayList<>();

  private SafeModels() {}

  static List<Refusal> check(Element root) {
    SafeModels models = new SafeModels();
    models.check(root, null, null);
    return models.refusals;
  }

  private void check(Element element, Element parent, String idAround) {
    if (DIAGRAM.equals(element.getUri()) && element.getTagName().equals("BPMNDiagram")) return;
    String id = element.attribute("id") == null ? idAround : element.attribute("id");
    for (String what : List.of(element(element, parent), attributes(element), calls(element))) {
      if (!what.isEmpty()) refusals.add(new Refusal(what, element, id));
    }
    element.elements().forEach(child -> check(child, element, id));
  }

  /** What is wrong with the element itself, or nothing. */
  private static String element(Element element, Element parent) {
    String name = element.getTagName();
    boolean known = BPMN.equals(element.getUri())
        ? ELEMENTS.contains(name)
        : EXTENSIONS.contains(element.getUri()) && EXTENSION_ELEMENTS.contains(name);
    if (!known) return name;
    if (parent != null && !PARENTS.getOrDefault(name, Set.of(parent.getTagName())).contains(parent.getTagName()))
      return name + " in " + parent.getTagName();
    if (name.equals("serviceTask") && !"external".equals(element.attributeNS(new Namespace(CAMUNDA), "type")))
      return "serviceTask that is no external task";
    if (name.equals("intermediateCatchEvent") && element.elements("timerEventDefinition").isEmpty())
      return "intermediateCatchEvent without a timer";
    if (name.equals("subProcess") && "true".equals(element.attribute("triggeredByEvent"))) return "event sub-process";
    return "";
  }

  private static String attributes(Element element) {
    if (element.attribute("language") != null) return "language";
    if ("true".equals(element.attribute("isForCompensation"))) return "isForCompensation";
    for (String key : element.attributes()) {
      for (String uri : EXTENSIONS) {
        String name = key.startsWith(uri + ":") ? key.substring(uri.length() + 1) : null;
        if (name != null && !EXTENSION_ATTRIBUTES.contains(name)) return name;
      }
    }
    return "";
  }

  private static String calls(Element element) {
    String collection = element.attributeNS(new Namespace(CAMUNDA), "collection");
    for (String key : element.attributes()) {
      String value = value(element, key);
      String call = call(value, value != null && value.equals(collection) && key.endsWith(":collection"));
      if (!call.isEmpty()) return call;
    }
    return call(element.getText(), false);
  }

  private static String value(Element element, String key) {
    int end = key.lastIndexOf(':');
    return end < 0 ? element.attribute(key) : element.attributeNS(new Namespace(key.substring(0, end)), key.substring(end + 1));
  }

  /** Names the first function or method that an expression in the text calls. */
  private static String call(String text, boolean collection) {
    if (text == null) return "";
    Matcher expression = EXPRESSION.matcher(text);
    while (expression.find()) {
      Matcher call = CALL.matcher(LITERAL.matcher(expression.group(1)).replaceAll("''"));
      while (call.find()) {
        String name = call.group(1);
        if (!OPERATORS.contains(name) && !(collection && name.equals("list"))) return "call of " + name + "()";
      }
    }
    return "";
  }
}
