package zhunyu.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Engines made and closed on request, each on a database of its own: {@code POST} and {@code DELETE /sandbox/engines}. */
@Configuration
@ConditionalOnProperty(name = "engine.sandbox", havingValue = "true")
class Sandbox {
  private static final int POOL = 8;

  private record Wanted(String name, String jdbcUrl, String user, String password, boolean executor) {}

  @Bean
  ServletRegistrationBean<HttpServlet> sandboxEngines(Engines engines, ObjectMapper json) {
    return new ServletRegistrationBean<>(
        new HttpServlet() {
          @Override
          protected void doPost(HttpServletRequest request, HttpServletResponse answer) throws IOException {
            Wanted wanted = json.readValue(request.getInputStream(), Wanted.class);
            Database database = new Database(wanted.jdbcUrl, wanted.user, wanted.password, POOL);
            engines.open(wanted.name, database, wanted.executor);
            answer.setStatus(HttpServletResponse.SC_CREATED);
          }

          @Override
          protected void doDelete(HttpServletRequest request, HttpServletResponse answer) {
            boolean found = engines.close(request.getPathInfo().substring(1));
            answer.setStatus(found ? HttpServletResponse.SC_NO_CONTENT : HttpServletResponse.SC_NOT_FOUND);
          }
        },
        "/sandbox/engines",
        "/sandbox/engines/*");
  }
}
