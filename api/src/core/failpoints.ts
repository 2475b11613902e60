/** Named places where tests cut, kill or delay; in production they do nothing. */
export interface Failpoints {
  hit(name: string): Promise<void>;
}

export const noFailpoints: Failpoints = { hit: () => Promise.resolve() };
