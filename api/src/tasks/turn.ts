/** In whose name a person acts on a task: their own, or that of somebody absent whose deputy they are (RULES, Absence). */
import type { Knex } from 'knex';
import { covers, type Place, type Who } from '../core/index.ts';
import type { ActOfStep, Exclusion, Exclusions } from '../rights/index.ts';
import { delegated, heldByOther, notYours } from './problems.ts';
import { groupsOfTask, mayTake, type Taker, type TaskRow } from './rows.ts';

export interface Turn {
  /** Whose rights are used, and whose name stands as holder. */
  as: Taker;
  /** The absent person; null where one acts in one's own name. */
  for: { id: string; name: string } | null;
  /** Whom the rules about who may not act concern: whoever acts, and for whom. */
  people: string[];
}

/** Everybody in whose name a person may act in a case, oneself first. */
export function turnsOf(who: Who, place: Place): Turn[] {
  const own: Turn = { as: who, for: null, people: [who.personId] };
  const others = (who.standsIn ?? [])
    .filter((standIn) => covers(standIn, place))
    .map(({ person, grants }): Turn => ({
      as: { personId: person.id, grants, institutions: [] },
      for: person,
      people: [who.personId, person.id],
    }));
  return [own, ...others];
}

/** Whether a task with these group rows is offered to a person, or to somebody in whose place the person stands. */
export function mayAct(who: Who, place: Place, groups: string[]): boolean {
  return turnsOf(who, place).some((turn) => mayTake(turn.as, groups));
}

/** In whose name a person acts on a task: that of who has it, else one's own, if need be an absent person's. */
export function turnOn(
  who: Who,
  place: Place,
  task: Pick<TaskRow, 'holder' | 'owner'>,
  groups: string[],
): Turn | undefined {
  const turns = turnsOf(who, place).filter((turn) => mayTake(turn.as, groups));
  const of = (id: string | null) => turns.find((turn) => turn.as.personId === id);
  return of(task.holder) ?? of(task.owner) ?? turns[0];
}

/**
 * In whose name a person may decide or hand on a task now.
 *
 * @throws Problem `not-yours`, `held-by-other`, `delegated`
 */
export async function checkTurn(on: Knex, who: Who, place: Place, task: TaskRow): Promise<Turn> {
  const turn = turnOn(who, place, task, await groupsOfTask(on, task.id));
  if (!turn) throw notYours();
  if (task.holder && task.holder !== turn.as.personId) throw heldByOther();
  if (task.owner) throw delegated();
  return turn;
}

/** Why whoever acts, or the absent person in whose name, may not. */
export async function exclusionOf(
  exclusions: Pick<Exclusions, 'of'>,
  on: Knex,
  act: ActOfStep,
  { people, for: absent }: Pick<Turn, 'people' | 'for'>,
): Promise<Exclusion | undefined> {
  const found = await exclusions.of(on, act, people);
  const [own = ''] = people;
  const theirs = absent && found.get(absent.id);
  return (
    found.get(own) ??
    (theirs && { ...theirs, zh: `您代${absent.name}：${theirs.zh}`, en: `You act for ${absent.name}. ${theirs.en}` }) ??
    undefined
  );
}
