/**
 * The independent checker: reads nothing but the tables, knows nothing of how the product works, and says what is lost,
 * doubled or out of place.
 */
import type { Knex } from 'knex';

export interface Acknowledged {
  decisionId: string;
  taskId: string;
  caseId: string;
}

/** Everything that is wrong, one line each; empty when all is well. */
export async function check(
  db: Knex,
  promised: { cases: { caseId: string; number: string }[]; decisions: Acknowledged[] },
): Promise<string[]> {
  const found: string[] = [];
  const rows = async (sql: string, values: Knex.Value[] = []): Promise<Record<string, string>[]> =>
    (await db.raw(sql, values)).rows;
  const all = async (what: string, sql: string, values: Knex.Value[] = []) => {
    for (const row of await rows(sql, values)) found.push(`${what}: ${JSON.stringify(row)}`);
  };

  // Cases: every acknowledged one is there once, started once in the engine, and stands at a legal place.
  for (const { caseId, number } of promised.cases) {
    const [row] = await rows(`select number from app."case" where id = ?`, [caseId]);
    if (row?.number !== number) found.push(`case ${number} was promised and is not there`);
  }
  await all(
    'started twice',
    `select business_key_ from engine.act_hi_procinst where super_process_instance_id_ is null group by 1 having count(*) > 1`,
  );
  await all(
    'never started',
    `select number from app."case" c where not exists (select from engine.act_hi_procinst p where p.business_key_ = c.number)`,
  );
  await all(
    'neither closed nor at an open task',
    `select c.number, c.state, c.stage from app."case" c where c.state <> 'closed'
       and not exists (select from app.task t join engine.act_ru_task r on r.id_ = t.id where t.case_id = c.id and t.ended_at is null and t.state = 'open')`,
  );
  await all(
    'closed here, running in the engine',
    `select c.number from app."case" c join engine.act_ru_execution e on e.business_key_ = c.number where c.state = 'closed'`,
  );
  await all(
    'running here, ended in the engine',
    `select c.number from app."case" c join engine.act_hi_procinst p on p.business_key_ = c.number where c.state <> 'closed' and p.end_time_ is not null`,
  );
  await all('closed without a result', `select number from app."case" where state = 'closed' and result is null`);

  // Decisions: each acknowledged one exactly once, and done means that the engine completed that task.
  for (const { decisionId, taskId } of promised.decisions) {
    const of = await rows(`select id, state from app.decision where task_id = ? and state <> 'blocked'`, [taskId]);
    if (of.length !== 1 || of[0]!.id !== decisionId)
      found.push(`decision ${decisionId} on ${taskId}: found ${JSON.stringify(of)}`);
    else if (!['done', 'overtaken'].includes(of[0]!.state!))
      found.push(`decision ${decisionId} is still ${of[0]!.state}`);
  }
  await all(
    'done without completion, or the other way round',
    `select d.id, d.state, h.delete_reason_ from app.decision d left join engine.act_hi_taskinst h on h.id_ = d.task_id
     where (d.state = 'done') <> (h.delete_reason_ is not distinct from 'completed')`,
  );
  await all(
    'completed by nobody',
    `select h.id_ from engine.act_hi_taskinst h where h.delete_reason_ = 'completed' and not exists (select from app.decision d where d.task_id = h.id_ and d.state = 'done')`,
  );
  await all(
    'task rows differ from the engine',
    `select t.id from app.task t full join engine.act_hi_taskinst h on h.id_ = t.id where t.id is null or h.id_ is null or (t.ended_at is null) <> (h.end_time_ is null)`,
  );
  await all(
    'group rows of an ended task',
    `select g.task_id from app.task_group g join app.task t on t.id = g.task_id where t.ended_at is not null`,
  );

  // Work: each finished visit has one finished receipt.
  await all(
    'work without a receipt, or a receipt without work',
    `select coalesce(v.step, r.step) as step, v.n as visits, r.n as receipts from
       (select c.id, a.act_id_ as step, count(*) as n from engine.act_hi_actinst a join app."case" c on c.engine_instance_id = a.proc_inst_id_
        where a.act_type_ = 'serviceTask' and a.end_time_ is not null and a.act_inst_state_ <> 2 group by 1, 2) v
       full join (select case_id as id, step, count(*) as n from app.work_receipt where finished_at is not null group by 1, 2) r using (id, step)
     where v.n is distinct from r.n`,
  );

  // Numbers: every serial of every sequence is accounted for, and none is used twice.
  await all(
    'a serial is missing',
    `select k.rule, k.scope, s.serial from app.number_counter k, generate_series(1, k.next - 1) as s(serial)
     where not exists (select from app.number n where n.rule = k.rule and n.scope = k.scope and n.serial = s.serial)`,
  );
  await all(
    'a number stands for two things',
    `select rule, text, count(*) from app.number where state <> 'void' group by 1, 2 having count(*) > 1`,
  );
  await all(
    'two numbers for one thing',
    `select rule, ref, count(*) from app.number where state <> 'void' group by 1, 2 having count(*) > 1`,
  );
  await all(
    'a finished work has no number in force',
    `select r.case_id, r.step from app.work_receipt r where r.topic = 'assign-number' and r.finished_at is not null and not exists (select from app.number n where n.case_id = r.case_id and n.state = 'used' and n.text = r.output->>(r.step || '_number'))`,
  );

  // Nothing is left lying.
  await all('an event is left', `select root, act_id from app.engine_event limit 5`);
  await all(
    'a command is left',
    `select id, kind, state, last_error from app.command where state not in ('done', 'dropped') limit 5`,
  );
  await all('an incident', `select kind, message from app.incident where state = 'open' limit 5`);
  return found;
}
