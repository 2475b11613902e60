package zhunyu.engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Nobody without the shared token in {@code x-engine-token} gets past here, whatever the path. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class TokenFilter extends OncePerRequestFilter {
  private static final String HEADER = "x-engine-token";

  private final byte[] token;

  TokenFilter(@Value("${engine.token}") String token) {
    if (token.length() < 16) throw new IllegalArgumentException("ENGINE_TOKEN must have at least 16 characters");
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse answer, FilterChain chain)
      throws ServletException, IOException {
    String given = request.getHeader(HEADER);
    if (given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token)) {
      chain.doFilter(request, answer);
    } else {
      answer.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }
  }
}
