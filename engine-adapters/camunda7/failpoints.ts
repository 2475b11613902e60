/** Places where tests kill the process or cut the answer off. */
export interface Failpoints {
  /** `name` is `engine.<start|complete|move|work-complete>.<before|after>`. */
  hit(name: string): Promise<void>;
}

/** Does `act` between the two failpoints of `name`. */
export async function at<T>(failpoints: Failpoints | undefined, name: string, act: () => Promise<T>): Promise<T> {
  await failpoints?.hit(`${name}.before`);
  const result = await act();
  await failpoints?.hit(`${name}.after`);
  return result;
}
