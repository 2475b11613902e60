/** Settings: what each area declares, in one list that administrators of the whole installation see and change. */
import { z } from 'zod';
import { SettingBody, SettingHistory, SettingsView, SettingView } from '../../../contracts/api/index.ts';
import type { Audit } from '../audit/index.ts';
import {
  defineRoute,
  notAllowed,
  notFound,
  parseInput,
  staleWrite,
  type AnyRoute,
  type Core,
  type Setting,
  type Who,
} from '../core/index.ts';

export interface SettingDeps {
  audit: Pick<Audit, 'write'>;
  /** All that the product has, in the order of the page. */
  settings: Setting[];
}

const Key = z.object({ setting: z.string().max(100) });

interface Row {
  value: unknown;
  changed_at: Date;
  name: string | null;
}

export function settingRoutes(core: Core, { audit, settings }: SettingDeps): AnyRoute[] {
  const { db, time } = core;

  const changes = (table: 'setting' | 'setting_history', key: string) =>
    db(`${table} as s`)
      .leftJoin('person as p', 'p.id', 's.changed_by')
      .where('s.key', key)
      .orderBy('s.changed_at', 'desc')
      .select('s.value', 's.changed_at', 'p.name');

  function find(key: string): Setting {
    const setting = settings.find((one) => one.key === key);
    if (!setting) throw notFound();
    return setting;
  }

  async function view({ key, title, help, unit, words, schema, fallback }: Setting): Promise<SettingView> {
    const [row]: Row[] = await changes('setting', key);
    return {
      key,
      title,
      help,
      ...(unit && { unit }),
      ...(words && { words }),
      schema: z.toJSONSchema(schema, { io: 'input' }),
      value: row ? row.value : fallback,
      default: fallback,
      ...(row && { changed: { at: row.changed_at.toISOString(), by: row.name ?? '' } }),
    };
  }

  /** They hold for every office: who administers a part of them only may not change them. */
  function checkReach(who: Who): void {
    const { rootOffice } = core.settings;
    const all = who.grants.some(
      ({ role, office, reach }) => role === 'admin' && office === rootOffice && reach === 'tree',
    );
    if (!all) throw notAllowed();
  }

  return [
    defineRoute({
      method: 'get',
      path: '/settings',
      title: { zh: '设置', en: 'Settings' },
      rights: { kind: 'role', roles: ['admin'] },
      answer: SettingsView,
      handle: async () => ({ settings: await Promise.all(settings.map(view)) }),
    }),
    defineRoute({
      method: 'get',
      path: '/settings/:setting/history',
      title: { zh: '设置的变更记录', en: 'Changes of a setting' },
      rights: { kind: 'role', roles: ['admin'] },
      params: Key,
      answer: SettingHistory,
      async handle({ params }) {
        const rows: Row[] = await changes('setting_history', find(params.setting).key);
        return {
          changes: rows.map(({ value, changed_at: at, name }) => ({ value, at: at.toISOString(), by: name ?? '' })),
        };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/settings/:setting',
      title: { zh: '更改设置', en: 'Change a setting' },
      rights: { kind: 'role', roles: ['admin'] },
      params: Key,
      body: SettingBody,
      answer: SettingView,
      async handle({ who, params, body }) {
        checkReach(who);
        const setting = find(params.setting);
        const value = JSON.stringify(parseInput(setting.schema, body.value, 'value'));
        const changed = { key: setting.key, value, changed_at: time.now(), changed_by: who.personId };
        await db.transaction(async (trx) => {
          const written = await trx('setting')
            .insert(changed)
            .onConflict('key')
            .merge()
            .whereRaw('setting.changed_at = ?::timestamptz', [body.seen])
            .returning('key');
          if (written.length === 0) {
            const { changed: now, value: theirs } = await view(setting);
            throw staleWrite({ seen: now!.at, by: now!.by, theirs, yours: body.value });
          }
          await trx('setting_history').insert(changed);
          const detail = { key: setting.key, title: setting.title.zh, value };
          await audit.write(trx, { action: 'setting.changed', personId: who.personId, detail });
        });
        return view(setting);
      },
    }),
  ];
}
