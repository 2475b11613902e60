import type { Knex } from 'knex';

/** Open pages of a person hear how their batches go on; what is held is found by the batch, not by a decision. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index decision_held;

    create function live_batch() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('batches', 'person:' || new.person_id);
      return null;
    end $$;
    create trigger live after update of state on batch for each row execute function live_batch();

    create function live_batch_item() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('batches', 'person:' || b.person_id) from app.batch b where b.id = new.batch_id;
      return null;
    end $$;
    create trigger live after update of state on batch_item for each row execute function live_batch_item();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
