package zhunyu.engine;

import java.io.ByteArrayInputStream;
import java.util.Set;
import java.util.stream.Stream;
import org.camunda.bpm.dmn.engine.impl.DefaultDmnEngineConfiguration;
import org.camunda.bpm.engine.impl.dmn.deployer.DecisionDefinitionDeployer;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.entity.DeploymentEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ResourceEntity;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.impl.util.xml.Parse;
import org.camunda.bpm.engine.impl.util.xml.Parser;

/** Decision tables speak FEEL and nothing else. Looks before the engine's own deployers do. */
class SafeTables extends Parser implements Deployer {
  private static final Set<String> FEEL = Set.of(
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_ALTERNATIVE,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN12,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN13,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN14,
      DefaultDmnEngineConfiguration.FEEL_EXPRESSION_LANGUAGE_DMN15);

  @Override
  public void deploy(DeploymentEntity deployment) {
    for (ResourceEntity resource : deployment.getResources().values()) {
      String name = resource.getName();
      if (Stream.of(DecisionDefinitionDeployer.DMN_RESOURCE_SUFFIXES).anyMatch(name::endsWith))
        createParse().name(name).sourceInputStream(new ByteArrayInputStream(resource.getBytes())).execute();
    }
  }

  @Override
  public Parse createParse() {
    return new TableParse(this);
  }

  private static final class TableParse extends Parse {
    TableParse(Parser parser) {
      super(parser);
      setSchemaResource(null);
    }

    @Override
    public Parse execute() {
      super.execute();
      check(rootElement);
      if (hasErrors()) throwExceptionForErrors();
      return this;
    }

    private void check(Element element) {
      String language = element.attribute("expressionLanguage");
      if (language != null && !FEEL.contains(language)) {
        String message = "WALL: expression language %s is not allowed (line %d)";
        addError(message.formatted(language, element.getLine()), element, element.attribute("id"));
      }
      element.elements().forEach(this::check);
    }
  }
}
