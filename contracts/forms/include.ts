/** Form parts that several flows share: `{ "type": "include", "form": "institution-part" }` stands for its components. */

type Json = Record<string, unknown>;

export interface Included {
  json: unknown;
  /** Parts that there are none of, or that include themselves. */
  unknown: string[];
}

/** The form with the parts put in; their rules are added to its own. `parts` are files of forms by name. */
export function includeParts(json: unknown, parts: Record<string, unknown>): Included {
  const unknown: string[] = [];
  const rules: unknown[] = [];

  function put(components: unknown, inside: string[]): unknown {
    if (!Array.isArray(components)) return components;
    return components.flatMap((one): unknown[] => {
      if (!isObject(one)) return [one];
      if (one.type !== 'include')
        return [{ ...one, ...(one.components !== undefined && { components: put(one.components, inside) }) }];
      const name = String(one.form);
      const part = parts[name];
      if (!isObject(part) || inside.includes(name)) {
        unknown.push(name);
        return [];
      }
      if (Array.isArray(part.rules)) rules.push(...part.rules);
      const included = put(part.components, [...inside, name]);
      return Array.isArray(included) ? included : [];
    });
  }

  if (!isObject(json)) return { json, unknown };
  const components = put(json.components, []);
  const own = Array.isArray(json.rules) ? json.rules : [];
  return { json: { ...json, components, ...(rules.length > 0 && { rules: [...own, ...rules] }) }, unknown };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
