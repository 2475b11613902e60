import type { Knex } from 'knex';
import { pinyin } from 'pinyin-pro';

/**
 * A group row carries what lists filter and sort by, so that a list reads one index per group and joins nothing.
 * Triggers copy it from task and case, also in the engine's own transaction (lock order: task, group rows).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table "case"
      add column priority int not null default 50,   -- 0–100, higher is more urgent
      add column initials text not null default '';  -- of the subject's pinyin, letters and digits
  `);
  await fillInitials(knex);
  await knex.raw(`
    create index case_words on "case" using gin (bigrams(number || title || subject_name || initials));
    create index case_starter on "case" (starter, received_at desc, id desc);
    create index decision_held on decision (person_id) where state = 'held';

    drop index task_group_inbox, task_group_grp_due_on_task_id_idx;
    alter table task_group
      add column case_id uuid,
      add column flow text,
      add column step text,
      add column division text,                      -- of the office where the case has none
      add column rank int,                           -- 100 less the priority of the case
      add column free boolean default false;         -- open and held by nobody
    comment on column task_group.due_on is 'last day of the task, infinity where it has none';
    comment on column task_group.entered_at is 'legal moment of the arrival';

    update task_group g
      set case_id = t.case_id, flow = c.flow, step = t.step, division = coalesce(c.division, c.office), rank = 100 - c.priority,
          due_on = coalesce(t.due_on, 'infinity'), entered_at = coalesce(t.arrived_at, t.entered_at),
          free = t.state = 'open' and t.holder is null
      from task t left join "case" c on c.id = t.case_id where t.id = g.task_id;

    create index task_group_by_due on task_group (grp, due_on, task_id) where free;
    create index task_group_by_arrival on task_group (grp, entered_at, task_id) where free;
    create index task_group_by_priority on task_group (grp, rank, due_on, task_id) where free;

    create function on_group_insert() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      select t.case_id, c.flow, t.step, coalesce(c.division, c.office), 100 - c.priority, coalesce(t.due_on, 'infinity'),
          coalesce(t.arrived_at, t.entered_at), t.state = 'open' and t.holder is null
        into new.case_id, new.flow, new.step, new.division, new.rank, new.due_on, new.entered_at, new.free
        from app.task t left join app."case" c on c.id = t.case_id where t.id = new.task_id;
      return new;
    end $$;

    create function on_task_change() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      update app.task_group
        set due_on = coalesce(new.due_on, 'infinity'), entered_at = coalesce(new.arrived_at, new.entered_at),
            free = new.state = 'open' and new.holder is null
        where task_id = new.id;
      return null;
    end $$;

    create trigger group_of_task before insert on task_group for each row execute function on_group_insert();
    create trigger task_to_groups after update of state, holder, due_on, arrived_at on task for each row
      when ((old.state, old.holder, old.due_on, old.arrived_at) is distinct from (new.state, new.holder, new.due_on, new.arrived_at))
      execute function on_task_change();
  `);
}

async function fillInitials(knex: Knex): Promise<void> {
  const batch = (after: string): Promise<{ id: string; subject_name: string }[]> =>
    knex('case').where('id', '>', after).orderBy('id').limit(5000).select('id', 'subject_name');
  let rows = await batch('00000000-0000-0000-0000-000000000000');
  while (rows.length > 0) {
    const initials = rows.map(({ subject_name: name }) => initialsOf(name));
    await knex.raw(
      `update "case" c set initials = x.initials from unnest(?::uuid[], ?::text[]) as x(id, initials) where c.id = x.id`,
      [rows.map(({ id }) => id), initials],
    );
    rows = await batch(rows.at(-1)!.id);
  }
}

function initialsOf(text: string): string {
  return pinyin(text, { pattern: 'first', toneType: 'none', type: 'array' })
    .join('')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
