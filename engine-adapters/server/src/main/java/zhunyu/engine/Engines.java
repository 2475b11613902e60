package zhunyu.engine;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ibatis.session.Configuration;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.jobexecutor.DefaultJobExecutor;
import org.camunda.bpm.engine.impl.persistence.StrongUuidGenerator;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Opens and closes process engines. Each has the wall, a connection pool of its own and the settings of application.yaml. */
@Component
class Engines implements DisposableBean {
  private record Open(ProcessEngine engine, HikariDataSource pool) {
    void close() {
      engine.close();
      pool.close();
    }
  }

  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final Environment settings;
  /** Null until the first engine has read them. */
  private volatile Configuration statements;

  Engines(Environment settings) {
    this.settings = settings;
  }

  /** REST reaches the engine as {@code /engine-rest/engine/{name}}, the one named "default" also as {@code /engine-rest}. */
  void open(String name, Database database, boolean executor) {
    HikariDataSource pool = pool(name, database);
    try {
      StandaloneProcessEngineConfiguration configuration = configuration(name, pool, executor);
      Open previous = open.put(name, new Open(configuration.buildProcessEngine(), pool));
      statements = configuration.getSqlSessionFactory().getConfiguration();
      if (previous != null) previous.close();
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /** Answers whether there was such an engine. */
  boolean close(String name) {
    Open found = open.remove(name);
    if (found != null) found.close();
    return found != null;
  }

  void startExecutor(String name) {
    ProcessEngineConfiguration configuration = open.get(name).engine().getProcessEngineConfiguration();
    ((ProcessEngineConfigurationImpl) configuration).getJobExecutor().start();
  }

  @Override
  public void destroy() {
    open.keySet().forEach(this::close);
  }

  private StandaloneProcessEngineConfiguration configuration(String name, HikariDataSource pool, boolean executor) {
    StandaloneProcessEngineConfiguration configuration = new StandaloneProcessEngineConfiguration();
    bind("engine.settings", configuration);
    configuration.setProcessEngineName(name);
    configuration.setDataSource(pool);
    if (statements != null) configuration.setSqlSessionFactory(new Sessions(statements, pool));
    configuration.setIdGenerator(new StrongUuidGenerator());
    DefaultJobExecutor jobs = new DefaultJobExecutor();
    bind("engine.job-executor", jobs);
    configuration.setJobExecutor(jobs);
    configuration.setJobExecutorActivate(executor);
    configuration.getProcessEnginePlugins().add(new Wall());
    return configuration;
  }

  private HikariDataSource pool(String name, Database database) {
    HikariDataSource pool = new HikariDataSource();
    bind("engine.pool", pool);
    pool.setPoolName(name);
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.user());
    pool.setPassword(database.password());
    pool.setMaximumPoolSize(database.pool());
    return pool;
  }

  /** A setting that the object doesn't know stops the start instead of being silently without effect. */
  private <T> void bind(String prefix, T object) {
    Binder.get(settings).bind(prefix, Bindable.ofInstance(object), new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
  }
}
