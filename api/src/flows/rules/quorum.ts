import type { Step } from '../../../../contracts/flow.ts';
import type { PackageRule, Reported } from '../check.ts';

/** Where several answer, there is an end for when they don't agree; no other step knows such outcomes. */
export const quorum: PackageRule = {
  code: 'quorum',
  check: ({ compiled }) => Object.values(compiled.steps).flatMap(ofStep),
};

function ofStep({ id: element, outcomes, quorum: asked, groups }: Step): Reported[] {
  const otherwise = outcomes.filter((outcome) => outcome.otherwise).length;
  const stops = outcomes.filter((outcome) => outcome.stops).length;
  const found: Reported[] = [];
  const report = (zh: string, en: string) => found.push({ element, zh, en });
  if (asked && asked.rule !== 'any' && otherwise !== 1)
    report(
      '意见不一致时怎么办：恰有一个办理结果写明 otherwise',
      'Exactly one outcome says otherwise: when they disagree',
    );
  if ((!asked || asked.rule === 'any') && otherwise > 0)
    report('otherwise 只用于 quorum 为 all 或 share 的环节', 'otherwise is for a quorum of all or a share');
  if (asked?.rule !== 'all' && stops > 0) report('stops 只用于 quorum 为 all 的环节', 'stops is for a quorum of all');
  if (asked?.people && groups.length > 0)
    report('由指定人员提出意见的环节不写 candidateGroups', 'A step of named people has no candidate groups');
  return found;
}
