/** Extension of a clock with approval, once where the law says so (Licensing Law 42). Pure. */
import { clockOfPart, type CompiledFlow } from '../../../contracts/flow.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import { reachable } from '../flows/index.ts';
import { stateOf, type Clock } from './clock.ts';

/** The clock that this outcome of a step extends: that of the part in which the step lies. */
export function extendedBy({ steps, graph }: CompiledFlow, step: string, outcome: string): string | undefined {
  if (!steps[step]?.outcomes.some((one) => one.id === outcome && one.extends)) return undefined;
  const part = Object.values(steps).find(
    ({ id, onDemand }) => clockOfPart(onDemand) && reachable(graph, [id]).has(step),
  );
  return clockOfPart(part?.onDemand);
}

/** Why a clock cannot be extended now; undefined where it can. */
export function whyNotExtend(
  { flow }: Pick<CompiledFlow, 'flow'>,
  id: string,
  clock: Clock | undefined,
): { zh: string; en: string } | undefined {
  const decl = flow.clocks.find((one) => one.id === id);
  if (!decl?.extend) return { zh: '这一时限不能延长', en: 'This limit cannot be extended' };
  const title = decl.title.zh;
  const state = clock && stateOf(clock);
  if (!clock || !state) return { zh: `「${title}」还没有起算`, en: `“${decl.title.en}” has not begun` };
  if (state === 'ended') return { zh: `「${title}」已经结束`, en: `“${decl.title.en}” has ended` };
  const begun = clock.events.findLastIndex(({ kind }) => kind === 'start');
  if (decl.extend.once && clock.events.slice(begun).some(({ kind }) => kind === 'extend'))
    return {
      zh: `「${title}」已延长过${limitText(parseLimit(decl.extend.by)).zh}，只能延长一次（${decl.extend.basis}）`,
      en: `“${decl.title.en}” was extended before; only once (${decl.extend.basis})`,
    };
  return undefined;
}
