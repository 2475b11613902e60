/** Does something with each of many, begun in their order, so many at once. */
export async function inTurn<T>(all: T[], atOnce: number, run: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const lane = async () => {
    for (const one of rest) await run(one);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
