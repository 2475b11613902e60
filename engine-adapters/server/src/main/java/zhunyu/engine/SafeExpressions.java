package zhunyu.engine;

import java.beans.FeatureDescriptor;
import java.util.Iterator;
import java.util.Set;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.el.JuelExpressionManager;
import org.camunda.bpm.engine.impl.el.VariableContextElResolver;
import org.camunda.bpm.engine.impl.el.VariableScopeElResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ArrayELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.BeanELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.CompositeELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ELContext;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ListELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.MapELResolver;

/** Expressions that see process variables, three properties of the execution, lists and maps: no beans, no methods. */
class SafeExpressions extends JuelExpressionManager {
  private static final Set<String> PROPERTIES = Set.of("processBusinessKey", "processInstanceId", "currentActivityId");

  SafeExpressions() {
    try {
      addFunction("list", Functions.class.getMethod("list", Object.class));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected ELResolver createElResolver() {
    CompositeELResolver all = new CompositeELResolver();
    all.add(new VariableScopeElResolver());
    all.add(new VariableContextElResolver());
    all.add(new ExecutionProperties());
    all.add(new ArrayELResolver(true));
    all.add(new ListELResolver(true));
    all.add(new MapELResolver(true));
    return all;
  }

  private static final class ExecutionProperties extends BeanELResolver {
    ExecutionProperties() {
      super(true);
    }

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
      boolean allowed = base instanceof DelegateExecution && PROPERTIES.contains(String.valueOf(property));
      return allowed ? super.getValue(context, base, property) : null;
    }

    @Override
    public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
      return null;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
      return null;
    }
  }
}
