package zhunyu.engine;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Outside the sandbox there is exactly one engine, open before the first request is taken. */
@Component
@ConditionalOnProperty(name = "engine.sandbox", havingValue = "false")
class OneEngine implements InitializingBean {
  private final Engines engines;
  private final Database database;
  private final boolean executor;

  OneEngine(
      Engines engines,
      @Value("${engine.database.jdbc-url}") String jdbcUrl,
      @Value("${engine.database.user}") String user,
      @Value("${engine.database.password}") String password,
      @Value("${engine.executor}") boolean executor) {
    this.engines = engines;
    this.database = new Database(jdbcUrl, user, password, 20);
    this.executor = executor;
  }

  @Override
  public void afterPropertiesSet() {
    engines.open("default", database, executor);
  }
}
