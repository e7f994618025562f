// JSON pointers (RFC 6901), as far as the catalogue needs them: fields of plain objects, and items that a list has.

/** What a pointer leads to, or undefined. */
export function at(value: unknown, path: string): unknown {
  return keys(path).reduce((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
}

/** The value with something else where a pointer leads; all beside the way there is shared with the old one. */
export function withAt<T>(value: T, path: string, to: unknown): T {
  const put = (inner: unknown, [key, ...rest]: string[]): unknown => {
    if (key === undefined) return to;
    const next = put((inner as Record<string, unknown> | null)?.[key], rest);
    return Array.isArray(inner) ? inner.with(Number(key), next) : { ...(inner as object), [key]: next };
  };
  return put(value, keys(path)) as T;
}

function keys(path: string): string[] {
  return path.split('/').slice(1);
}
