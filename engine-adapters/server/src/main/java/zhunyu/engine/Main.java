package zhunyu.engine;

import org.camunda.bpm.spring.boot.starter.CamundaBpmAutoConfiguration;
import org.camunda.bpm.spring.boot.starter.property.CamundaBpmProperties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/**
 * The engine behind its REST interface and nothing else. Engines are opened by {@link Engines} instead of Camunda's
 * auto-configuration, so that the one engine of production and the many of the sandbox have the same wall and settings.
 */
@SpringBootApplication(exclude = {CamundaBpmAutoConfiguration.class, DataSourceAutoConfiguration.class})
@EnableConfigurationProperties(CamundaBpmProperties.class)
public class Main {
  public static void main(String[] arguments) {
    SpringApplication.run(Main.class, arguments);
  }
}
