package zhunyu.engine;

import java.util.Arrays;
import java.util.List;

/** What an expression may call. */
public final class Functions {
  private Functions() {}

  /** The parts of a comma list; none for null. Only {@code camunda:collection} may call it. */
  public static List<String> list(Object commaList) {
    if (commaList == null) return List.of();
    return Arrays.stream(commaList.toString().split(",")).map(String::trim).filter(part -> !part.isEmpty()).toList();
  }
}
