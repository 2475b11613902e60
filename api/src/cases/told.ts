/** Whom a part of the model tells, and what it serves: read from the steps that it leads to. */
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { reachable } from '../flows/index.ts';

interface Title {
  zh: string;
  en: string;
}

const OF_THE_CASE: Record<string, Title> = {
  applicant: { zh: '申请人', en: 'the applicant' },
  starter: { zh: '发起人', en: 'the starter' },
};

/** Undefined where nobody is told and nothing is served. `roles` are those of the product, for their names. */
export function toldFrom(
  { graph, steps, documents }: Pick<CompiledFlow, 'graph' | 'steps' | 'documents'>,
  step: string,
  roles: ({ id: string } & Title)[],
): Title | undefined {
  const work = [...reachable(graph, [step])].flatMap((id) => (steps[id]?.type === 'work' ? steps[id] : []));
  const idsOf = (topic: string, input: string) =>
    work.filter((one) => one.topic === topic).flatMap((one) => (one.input[input] ?? '').split(/\s*,\s*/));
  const closing = work.some(({ topic }) => topic === 'close-case') ? ['applicant'] : [];
  const people = [...new Set([...closing, ...idsOf('notify', 'to')])].flatMap(
    (to) => OF_THE_CASE[to] ?? roles.find(({ id }) => id === to.split('@')[0]) ?? [],
  );
  const served = [...new Set(idsOf('serve-document', 'document'))].flatMap((id) => documents[id]?.title ?? []);
  if (people.length + served.length === 0) return undefined;
  const zh = [people.map((one) => one.zh).join('、'), served.map((title) => `《${title.zh}》`).join('')];
  const en = [people.map((one) => one.en).join(', '), served.map((title) => `“${title.en}”`).join(', ')];
  return {
    zh: [zh[0] && `告知${zh[0]}`, zh[1] && `送达${zh[1]}`].filter(Boolean).join('；'),
    en: [en[0] && `tells ${en[0]}`, en[1] && `serves ${en[1]}`].filter(Boolean).join('; '),
  };
}
