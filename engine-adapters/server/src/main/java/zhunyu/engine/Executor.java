package zhunyu.engine;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@code POST /executor} lets the one engine run its jobs from now on, where it was opened without. */
@Configuration
@ConditionalOnProperty(name = "engine.sandbox", havingValue = "false")
class Executor {
  @Bean
  ServletRegistrationBean<HttpServlet> startOfExecutor(Engines engines) {
    return new ServletRegistrationBean<>(
        new HttpServlet() {
          @Override
          protected void doPost(HttpServletRequest request, HttpServletResponse answer) {
            engines.startExecutor("default");
            answer.setStatus(HttpServletResponse.SC_NO_CONTENT);
          }
        },
        "/executor");
  }
}
