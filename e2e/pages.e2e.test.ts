/**
 * Every page of the product as its kind of person sees it: WCAG 2.2 AA by axe, in light, in dark and on a phone, with
 * nothing beyond the right edge. A page that is added stands in `VISITS`, or the first test fails.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import axe, { type RunOnly } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { RouteRecordRaw } from 'vue-router';
import { packagePlaces } from '../api/src/flows/index.ts';
import { createSandbox, type Sandbox, type World } from '../api/src/main/sandbox.ts';
import { createClients, readScenario, runScenario, type Ground } from '../api/src/scenarios/index.ts';
import { builtPages, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { countRequests, settled } from './settled.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 812 };
/** Rows of a table that look like those before them. */
const REPEATED = 'tbody > tr:nth-child(n + 9)';
/** The case that is open has come this far in its scenario. */
const FLOW = 'cma-extension';
const SCENARIO = 'rectified';

const workflows = fileURLToPath(new URL('../workflows', import.meta.url));
const templates = fileURLToPath(new URL('../templates', import.meta.url));
const areas = fileURLToPath(new URL('../web/src', import.meta.url));

/** What stands for the parameters of addresses. */
interface Places {
  running: string;
  ended: string;
  draft: string;
  task: string;
  /** Sent to the applicant, not opened where there is one. */
  document: string;
  certificate: string;
  number: string;
  scanned: string;
  institution: string;
}

/** An account of the demonstration by its title; `null` is somebody who isn't signed in. */
type Visitor = string | null;
type Visit = [route: string, visitor: Visitor, address: (places: Places) => string];

const VISITS: Visit[] = [
  ['sign-in', null, () => '/sign-in'],
  ['progress', null, () => '/progress'],
  ['verify', null, () => '/verify'],
  ['verified', null, ({ number }) => `/verify/${number}`],
  ['scanned', null, ({ scanned }) => scanned],
  ['announcements', null, () => '/public/announcements'],
  ['announcement', null, () => '/public/announcements/00000000-0000-4000-8000-000000000000'],
  ['manual', null, () => '/manuals/approver'],
  ['guides', null, () => '/guide'],
  ['guide', null, () => '/guide/cma-initial'],
  ['sign', null, () => '/sign/of-a-link-that-has-expired'],
  ['desk', '申请人', () => '/desk'],
  ['catalogue', '申请人', () => '/catalogue'],
  ['papers', '申请人', () => '/papers'],
  ['document', '申请人', ({ document }) => `/documents/${document}`],
  ['messages', '申请人', () => '/messages'],
  ['application', '申请人', ({ draft }) => `/applications/${draft}`],
  ['task-form', '申请人', ({ running, task }) => `/cases/${running}/tasks/${task}`],
  ['case', '申请人', ({ ended }) => `/cases/${ended}`],
  ['inbox', '受理岗', () => '/inbox'],
  ['done', '受理岗', () => '/done'],
  ['sent', '受理岗', () => '/sent'],
  ['copied', '受理岗', () => '/copied'],
  ['watched', '受理岗', () => '/watched'],
  ['absences', '受理岗', () => '/absences'],
  ['phrases', '受理岗', () => '/phrases'],
  ['batches', '受理岗', () => '/batches'],
  ['batch', '受理岗', () => '/batches/00000000-0000-4000-8000-000000000000'],
  ['leader', '省局领导', () => '/leader'],
  ['start', '南明区召回承办岗', () => '/start'],
  ['cases', '受理岗', () => '/cases'],
  ['case', '评审岗', ({ running }) => `/cases/${running}`],
  ['registers', '受理岗', () => '/registers'],
  ['register', '受理岗', () => '/registers/institution'],
  ['register-entry', '受理岗', ({ institution }) => `/registers/institution/${institution}`],
  ['register-draft', '申请人', ({ institution }) => `/registers/institution/${institution}/edit`],
  ['certificate', '决定岗', ({ certificate }) => `/certificates/${certificate}`],
  ['publications', '受理岗', () => '/publications'],
  ['evaluations', '受理岗', () => '/evaluations'],
  ['people', '管理员', () => '/people'],
  ['offices', '管理员', () => '/offices'],
  ['calendar', '管理员', () => '/calendar'],
  ['settings', '管理员', () => '/settings'],
  ['incidents', '运维', () => '/incidents'],
  ['migrations', '运维', () => '/migrations'],
  ['connector-calls', '运维', () => '/connector-calls'],
];

describe('every page [PLT-13.1]', function () {
  this.timeout(2 * STEP_MS);
  let sandbox: Sandbox;
  let world: World;
  let browser: Browser;
  let places: Places;
  const pages = new Map<Visitor, Page>();

  before(async () => {
    sandbox = await createSandbox();
    const { at, on } = await cutShort(sandbox);
    world = await sandbox.openWorld({ at, on, webDir: await builtPages() });
    places = await placesOf(world);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await sandbox?.close();
  });

  async function pageOf(visitor: Visitor): Promise<Page> {
    const open = pages.get(visitor) ?? (await openPage(browser, world.url, DESK));
    if (!pages.has(visitor)) {
      await countRequests(open.context());
      if (visitor) await signIn(open, world.people[visitor]!);
      pages.set(visitor, open);
    }
    return open;
  }

  it('has a visitor here', async () => {
    const routes = (await routeNames()).filter((name) => !VISITS.some(([visited]) => visited === name));
    assert.deepEqual(routes, []);
  });

  for (const [route, visitor, address] of VISITS)
    it(`${route}, seen by ${visitor ?? 'anybody'}`, async () => {
      const page = await pageOf(visitor);
      await page.setViewportSize(DESK);
      await page.goto(address(places));
      await settled(page);
      await page.evaluate(axe.source);
      const found: Record<string, string[]> = { light: await faults(page) };
      await dark(page, true);
      found.dark = await faults(page, ['color-contrast']);
      await dark(page, false);
      await page.setViewportSize(PHONE);
      await settled(page);
      found.phone = await faults(page);
      const beyond = await overflowOf(page);
      if (beyond > 0) found.phone.push(`${beyond} px beyond the right edge`);
      if (process.env.LOOKS) await page.screenshot({ path: `${process.env.LOOKS}/${route}-phone.png` });
      assert.deepEqual(found, { light: [], dark: [], phone: [] });
    });
});

/** Runs the scenario up to the applicant's rectification, after the grant that it stands on. */
async function cutShort(sandbox: Sandbox): Promise<{ at: Date; on: Ground }> {
  const place = (await packagePlaces({ workflows, templates })).find(({ id }) => id === FLOW)!;
  const whole = await readScenario(`${place.home}/scenarios/${SCENARIO}.scenario.yaml`, place);
  const end = whole.steps.findIndex((step) => step.kind === 'act' && step.act.at === 'rectification__rectify');
  let ended: { at: Date; on: Ground } | undefined;
  await runScenario({ ...whole, steps: whole.steps.slice(0, end) }, async (options) => {
    const world = await sandbox.openWorld(options);
    if (!options.on) return world;
    return { ...world, close: async () => void (ended = { at: world.time.now(), on: await world.keep() }) };
  });
  return ended!;
}

async function placesOf(world: World): Promise<Places> {
  const { db } = world.core;
  const running = await db('case').where({ state: 'running' }).first();
  const ended = await db('case').where({ state: 'closed' }).first();
  const task = await db('task').where({ case_id: running.id }).whereNull('ended_at').first();
  const certificate = await db('certificate').first();
  const sent = await db('service').where({ way: 'electronic' }).orderByRaw(`state <> 'sent'`).first();
  const applicant = await createClients(world)('申请人');
  const { id: draft } = await applicant.send<{ id: string }>('POST', '/drafts', { flow: 'cma-cancellation' });
  return {
    running: running.id,
    ended: ended.id,
    task: task.id,
    document: sent.document_id,
    draft,
    certificate: certificate.id,
    number: certificate.number,
    scanned: `/v/${certificate.number}/${certificate.version}/${certificate.token}`,
    institution: running.subject_id,
  };
}

async function routeNames(): Promise<string[]> {
  const names: string[] = [];
  for (const area of await readdir(areas)) {
    const files = await readdir(`${areas}/${area}`).catch((): string[] => []);
    if (!files.includes('routes.ts')) continue;
    const { default: routes } = (await import(`${areas}/${area}/routes.ts`)) as { default: RouteRecordRaw[] };
    names.push(...routes.map(({ name }) => String(name)));
  }
  return names;
}

/** Until the colours have changed: buttons fade from one to the other. */
async function dark(page: Page, on: boolean): Promise<void> {
  await page.evaluate(async (on) => {
    document.documentElement.classList.toggle('dark', on);
    const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(fading.map(({ finished }) => finished));
  }, on);
}

/** What axe, which the page has, finds by these rules, default all of WCAG 2.2 AA; each as rule, place and reason. */
async function faults(page: Page, only?: string[]): Promise<string[]> {
  const runOnly: RunOnly = only ? { type: 'rule', values: only } : { type: 'tag', values: RULES };
  const violations = await page.evaluate(
    async ([runOnly, left]) => {
      const { axe: loaded } = window as unknown as { axe: typeof axe };
      // Where each element stands that fails nothing would be most of the work.
      const { violations } = await loaded.run({ exclude: [left] }, { runOnly, resultTypes: ['violations'] });
      return violations;
    },
    [runOnly, REPEATED] as const,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} ${target.join(' ')}: ${failureSummary?.split('\n').slice(1).join(' ').trim()}`,
    ),
  );
}
