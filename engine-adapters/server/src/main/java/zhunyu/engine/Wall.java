package zhunyu.engine;

import java.util.List;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParse;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParser;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;

/**
 * Models are untrusted input: an expression of a bare engine can run a shell command. The wall refuses at deployment
 * whatever is not on the positive lists, and gives expressions nothing dangerous to reach when they run.
 */
class Wall extends AbstractProcessEnginePlugin {
  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    configuration.setExpressionManager(new SafeExpressions());
    configuration.setBpmnParseFactory(SafeParse::new);
    configuration.setCmmnEnabled(false);
    configuration.setCustomPreDeployers(List.of(new SafeTables()));
  }

  /** Looks before the engine does: the engine's own parsing already makes objects of classes that a model names. */
  private static final class SafeParse extends BpmnParse {
    SafeParse(BpmnParser parser) {
      super(parser);
    }

    @Override
    protected void parseRootElement() {
      for (SafeModels.Refusal refusal : SafeModels.check(rootElement)) {
        Element at = refusal.element();
        addError("WALL: %s is not allowed (line %d)".formatted(refusal.what(), at.getLine()), at, refusal.id());
      }
      if (!hasErrors()) super.parseRootElement();
    }
  }
}
