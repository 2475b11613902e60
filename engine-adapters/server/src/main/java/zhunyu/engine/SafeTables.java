package zhunyu.engine;

import java.util.Set;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnDecisionRequirementsGraph;
import org.camunda.bpm.dmn.engine.impl.DefaultDmnEngineConfiguration;
import org.camunda.bpm.dmn.engine.impl.DmnDecisionTableInputImpl;
import org.camunda.bpm.dmn.engine.impl.DmnDecisionTableOutputImpl;
import org.camunda.bpm.dmn.engine.impl.DmnDecisionTableRuleImpl;
import org.camunda.bpm.dmn.engine.impl.spi.transform.DmnTransformListener;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.model.dmn.instance.Decision;
import org.camunda.bpm.model.dmn.instance.Definitions;
import org.camunda.bpm.model.dmn.instance.Input;
import org.camunda.bpm.model.dmn.instance.Output;
import org.camunda.bpm.model.dmn.instance.Rule;
import org.camunda.bpm.model.xml.instance.DomElement;

/** Decision tables speak FEEL and nothing else. */
class SafeTables implements DmnTransformListener {
  private static final Set<String> FEEL = Set.of(
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_ALTERNATIVE,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN12,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN13,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN14,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN15);

  @Override
  public void transformDecisionRequirementsGraph(Definitions definitions, DmnDecisionRequirementsGraph graph) {
    check(definitions.getDomElement());
  }

  @Override
  public void transformDecision(Decision decision, DmnDecision made) {}

  @Override
  public void transformDecisionTableInput(Input input, DmnDecisionTableInputImpl made) {}

  @Override
  public void transformDecisionTableOutput(Output output, DmnDecisionTableOutputImpl made) {}

  @Override
  public void transformDecisionTableRule(Rule rule, DmnDecisionTableRuleImpl made) {}

  private void check(DomElement element) {
    String language = element.getAttribute("expressionLanguage");
    if (language != null && !FEEL.contains(language)) {
      String at = element.getLocalName() + " " + element.getAttribute("id");
      throw new ProcessEngineException("WALL: expression language " + language + " is not allowed (" + at + ")");
    }
    element.getChildElements().forEach(this::check);
  }
}
