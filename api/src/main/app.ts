/**
 * Puts the areas together. Everything is made here, and nothing is shared between two apps. It is long because it names
 * every part once, in the order in which they need each other.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import type { EnglishJson, PublicationList } from '../../../contracts/flow.ts';
import type { EngineWorker } from '../../../engine-adapters/port/index.ts';
import { createAbsence } from '../absence/index.ts';
import { createArchive } from '../archive/index.ts';
import { createAudit } from '../audit/index.ts';
import { createBatch, UNDO_SECONDS } from '../batch/index.ts';
import { createCalendar, type Calendar } from '../calendar/index.ts';
import {
  caseRoutes,
  createAccess,
  createAcknowledge,
  createCaseList,
  createCorrections,
  createLapsedCorrections,
  createFileCorrected,
  createExits,
  createMoveEffects,
  createParts,
  createLinks,
  createMigrations,
  createOpenCase,
  createReturns,
  createSubmit,
  createSummarise,
  createTakeBack,
  createView,
} from '../cases/index.ts';
import { catalogueRoutes } from '../catalogue/index.ts';
import { createCertificateLife, createCertificates, FOUR_EYES } from '../certificates/index.ts';
import { clockSettings, createClocks, STOP_REASONS, type Clocks } from '../clocks/index.ts';
import { createConnectors, systems } from '../connectors/index.ts';
import type { AnyRoute, Core } from '../core/index.ts';
import { deskRoutes } from '../desk/index.ts';
import { createDocuments, createFonts, serviceSettings, type WordToPdf } from '../documents/index.ts';
import { createDrafts, createKeeping, createNewerForms, KEPT_DAYS, toSeal } from '../drafts/index.ts';
import { createCommands, createEvents, createIncidents, startWork, type Events } from '../engine/index.ts';
import { evaluationRoutes } from '../evaluations/index.ts';
import { createUploads } from '../files/index.ts';
import { createFlows, type Flows } from '../flows/index.ts';
import { createForms, createFormSessions } from '../forms/index.ts';
import { createIdentity } from '../identity/index.ts';
import { createIncidentRoutes } from '../insight/index.ts';
import { createListRoutes } from '../lists/index.ts';
import { createLive } from '../live/index.ts';
import { createManuals, manualRoutes } from '../manuals/index.ts';
import { createMaterials } from '../materials/index.ts';
import { createMessages, messageSettings } from '../messages/index.ts';
import { createMoves, takeOver } from '../moves/index.ts';
import { createNumbers } from '../numbers/index.ts';
import { createOrganisation, type Organisation, type Role } from '../organisation/index.ts';
import { paperRoutes } from '../papers/index.ts';
import { createPreviews } from '../previews/index.ts';
import { phraseRoutes } from '../phrases/index.ts';
import { createPublication } from '../publication/index.ts';
import { createPublic } from '../public/index.ts';
import { createRegisters, type Registers } from '../registers/index.ts';
import { avoidanceRoutes, createExclusions, createRights } from '../rights/index.ts';
import { createKeyFile, createVault } from '../signatures/index.ts';
import { settingRoutes } from '../settings/index.ts';
import { createSigning, signingSettings } from '../signing/index.ts';
import {
  createAdoptTasks,
  createDecide,
  createFate,
  createFixAnswerers,
  createGiveBack,
  createHandOver,
  createHold,
  createAwaitSigns,
  createInbox,
  createSigns,
  createTellNews,
  createLists,
  createMayDecide,
  createOfferTask,
  taskRoutes,
  URGE_AFTER,
} from '../tasks/index.ts';
import { createTopics, createValidation } from '../workers/topics/index.ts';
import { blocked, clockReader, failedWork, readiness, retryIncident } from './glue.ts';
import { keyFileOf } from './data-dir.ts';
import { createHttpApp } from './http-app.ts';
import { createPrinter } from './printer.ts';
import { createQuiet } from './quiet.ts';
import { createSeals } from './seals.ts';
import { createWaker, type Waker } from './wake.ts';

export interface AppOptions {
  /** URL of the database as role app_run: for sessions, the public pages and LISTEN, which have connections of their own. */
  databaseUrl: string;
  webDir?: string;
  /** The roles that flows name; default `workflows/shared/roles.json`. */
  rolesFile?: string | URL;
  /** Shared by several apps of one process; it is not stopped with the app then. */
  words?: WordToPdf;
  /** Milliseconds for which a command belongs to whoever sends it. */
  leaseMs?: number;
}

export interface App {
  http: Express;
  routes: AnyRoute[];
  organisation: Organisation;
  calendar: Calendar;
  registers: Registers;
  flows: Flows;
  clocks: Clocks;
  events: Events;
  /** Fetches work, handles events, sends what waits, lets the clocks tick; until `close`. */
  startWorkers(): Promise<void>;
  /** Waits until nothing is left to do by itself. Starts the work if this app does not do it yet. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const DOCS = new URL('../../../docs/', import.meta.url);
const ROLES = new URL('../../../workflows/shared/roles.json', import.meta.url);
const LISTS = new URL('../../../workflows/shared/lists.json', import.meta.url);
const TICK_MS = 60_000;
/** A batch that was held goes out within this time of its end. */
const BATCH_MS = 1_000;

export async function createApp(core: Core, options: AppOptions): Promise<App> {
  const { databaseUrl } = options;
  const publicLists: PublicationList[] = JSON.parse(await readFile(LISTS, 'utf8'));
  const roles: Role[] = JSON.parse(await readFile(options.rolesFile ?? ROLES, 'utf8'));

  const audit = createAudit(core);
  const incidents = createIncidents(core);
  const messages = createMessages(core);
  const rights = createRights(core);
  const reasons = Object.values(STOP_REASONS).map(({ zh, en }) => [zh, en]);
  const flows = createFlows(core, Object.fromEntries(reasons) as EnglishJson);
  const numbers = await createNumbers(core);
  const release = (id: string) => flows.get(id);
  const { calendar, routes: calendarRoutes } = createCalendar(core, {
    audit,
    incidents,
    loaded: () => clocks.recompute(),
  });
  const identity = createIdentity(core, { databaseUrl, audit, calendar });
  const exclusions = createExclusions(core);
  const hold = createHold(core, { audit, exclusions, release });
  const organisation = createOrganisation(core, {
    audit,
    rightsEnded: createGiveBack({ audit }),
    accounts: identity.accounts,
    roles,
  });
  const vault = createVault(await createKeyFile(keyFileOf(core.settings.dataDir)));
  const uploads = createUploads(core, { vault });
  const registers = createRegisters(core, { registerScope: rights.registerScope, uploads });

  const access = createAccess(core, { release, mayRead: rights.mayReadCase });
  const sessions = createFormSessions(core, { access });
  const fonts = createFonts();
  const printer = createPrinter({ fonts, dataDir: core.settings.dataDir, words: options.words });
  const previews = createPreviews(core, { pdf: printer.pdf });
  const materials = createMaterials(core, { sessions, uploads, previews });
  const {
    forms,
    imports,
    routes: formRoutes,
  } = createForms(core, { sessions, registers, materials, flows, uploads, whoIs: identity.whoIs });

  const moves = createMoves(core, {
    commands: () => commands,
    audit,
    release,
    async adopt(trx, row, from, to) {
      await adoptTasks(trx, row, from, to);
      await clocks.adopt(trx, row.id, to);
    },
  });
  const commands = createCommands(core, {
    incidents,
    moves,
    onBlocked: blocked(core, audit, moves),
    leaseMs: options.leaseMs,
  });
  const clocks = createClocks(core, {
    calendar,
    audit,
    messages,
    commands,
    incidents,
    release,
    forms,
    decideBySystem: (deemed) => decideBySystem(deemed),
  });

  const seals = await createSeals(core, fonts);
  const certificates = await createCertificates(core, {
    audit,
    numbers,
    forms,
    template: flows.template,
    render: printer.certificate,
    seal: seals.seal,
  });
  const {
    documents,
    list: listDocuments,
    mayServe,
    serving,
    routes: documentRoutes,
  } = createDocuments(core, {
    audit,
    incidents,
    numbers,
    forms,
    messages,
    clocks,
    release,
    uploads,
    mayReadCase: rights.mayReadCase,
    template: flows.template,
    fill: printer.fill,
    lettersLacking: printer.lettersLacking,
    pdf: printer.pdf,
    seal: seals.seal,
    detached: seals.detached,
  });

  const { changes: certificateChanges, routes: certificateRoutes } = createCertificateLife(core, {
    audit,
    messages,
    documents,
    serving,
    current: flows.current,
    template: flows.template,
    mayReadCase: rights.mayReadCase,
    registerScope: rights.registerScope,
  });

  const validation = createValidation(core, { forms, materials });
  const publication = createPublication(core, { audit, lists: publicLists, databaseUrl });
  const open = createOpenCase(core, {
    commands,
    numbers,
    subject: async (register, id) => {
      const found = await registers.find(register, id);
      return (
        found && { name: String(found.fields.name), division: (found.fields.division as string | undefined) ?? null }
      );
    },
  });
  const archive = createArchive(core, { release, visible: registers.visible });
  const connectors = createConnectors(core, { commands, incidents, release });
  const signing = createSigning(core, {
    audit,
    messages,
    commands,
    release,
    mayReadCase: rights.mayReadCase,
    mayServe: async (who, row) => mayServe(who, row, (await release(row.release_id)).package),
    assertOpen: archive.assertOpen,
    sign: seals.sign,
  });
  const topics = createTopics(core, {
    signing,
    archive,
    connectors,
    links: createLinks(core, { open, moves, audit, release, forms }),
    flows,
    publications: publication.publications,
    calendar,
    validation,
    numbers,
    documents,
    serving,
    certificates,
    certificateChanges,
    registers,
    forms,
    audit,
    messages,
  });
  const fixAnswerers = createFixAnswerers(exclusions);
  const offerTask = createOfferTask(core, { incidents, exclusions, fixAnswerers });
  const adoptTasks = createAdoptTasks({ offerTask, messages });
  const events = createEvents(core, {
    offerTask,
    takeOver,
    release,
    incidents,
    readers: [clockReader(clocks), createLapsedCorrections(), connectors.reader, signing.reader],
    acknowledgeMove: moves.acknowledge,
  });
  const work = { topics, release, incidents, onFailed: failedWork(audit) };

  const may = createMayDecide(core, { exclusions, release, mayRead: rights.mayReadCase, forms });
  const { decide, decideBySystem } = createDecide(core, {
    correct: createCorrections(core, { moves }),
    fileCorrected: createFileCorrected({ toSeal, documents, forms }),
    commands,
    audit,
    may,
    fixAnswerers,
    awaitSigns: createAwaitSigns({ audit, messages }),
    release,
    forms,
  });
  const migrations = createMigrations(core, {
    commands,
    moves,
    audit,
    release,
    current: flows.current,
    newest: flows.all,
  });
  const effects = createMoveEffects(core, { clocks });
  const takeBack = createTakeBack(core, { commands, moves, effects, audit, release });
  const lists = createLists(core, {
    inbox: createInbox(core, { exclusions }),
    release,
    calendar,
    clocks,
    offerTakeBack: (done, of) => takeBack.offer(done, of),
  });
  const handOver = createHandOver(core, { audit, messages, exclusions, release, mayRead: rights.mayReadCase });
  const news = createTellNews(core, audit);
  const signs = createSigns(core, {
    audit,
    messages,
    exclusions,
    decide,
    release,
    mayRead: rights.mayReadCase,
    whoIs: identity.whoIs,
  });
  const batch = createBatch(core, { audit, incidents, may, decide, handOver, release, whoIs: identity.whoIs });
  const absence = createAbsence(core, { audit, messages, flows });
  const exits = createExits(core, { commands, moves, audit, roles, release, mayRead: rights.mayReadCase });
  const parts = createParts(core, { commands, moves, clocks, release, mayRead: rights.mayReadCase });
  const returns = createReturns(core, {
    commands,
    moves,
    audit,
    messages,
    effects,
    release,
    mayRead: rights.mayReadCase,
  });
  const newer = createNewerForms(core, { flows, forms });
  const keepDrafts = createKeeping(core, { messages, flows });
  const submit = createSubmit(core, {
    commands,
    audit,
    releaseOf: newer.toSubmit,
    forms,
    open,
    messages,
    validation,
    toSeal,
    documents,
  });
  const { view, viewTask } = createView(core, {
    release,
    mayRead: rights.mayReadCase,
    exits,
    exclusions,
    urgeFrom: handOver.urgeFrom,
    parts,
    clocks,
    documents: { list: listDocuments },
    materials: { list: (owner, of) => materials.list(owner, of) },
    warnings: validation.warnings,
    certificates: certificates.list,
    outside: systems,
  });
  const publicPages = createPublic(core, {
    databaseUrl,
    authorityPem: () => Promise.resolve(seals.signatures.ca()),
    release,
  });
  const settings = [
    ...clockSettings(roles),
    ...serviceSettings,
    KEPT_DAYS,
    URGE_AFTER,
    UNDO_SECONDS,
    ...signingSettings,
    FOUR_EYES,
    ...messageSettings,
    ...numbers.settings,
  ];
  const live = createLive(core, {
    databaseUrl,
    detachSession: identity.detachSession,
    mayReadCase: rights.mayReadCase,
  });
  const routes: AnyRoute[] = [
    ...identity.routes,
    ...live.routes,
    ...deskRoutes(core, { calendar, mayReadCase: rights.mayReadCase, viewTask }),
    ...manualRoutes(createManuals({ docs: fileURLToPath(DOCS), pictures: '/api/v1/manual-pictures' })),
    ...messages.routes,
    ...organisation.routes,
    ...calendarRoutes,
    ...registers.routes,
    ...avoidanceRoutes(core, { audit, registers }),
    ...absence.routes,
    ...flows.routes,
    ...catalogueRoutes(core, { flows, registers }),
    ...paperRoutes(core),
    ...createDrafts(core, { newer, flows, forms, sessions, registers, documents, audit }).routes,
    ...formRoutes,
    ...materials.routes,
    ...uploads.routes,
    ...taskRoutes(core, {
      lists,
      decide,
      hold,
      handOver,
      signs,
      news,
      fate: createFate(core, { release, mayRead: rights.mayReadCase }),
    }),
    ...batch.routes,
    ...phraseRoutes(core, { flows }),
    ...caseRoutes(core, {
      summarise: createSummarise(core, {
        fonts,
        view,
        timeline: audit.timeline.all,
        release,
        forms,
      }),
      acknowledge: createAcknowledge(core, { fonts, release, materials: materials.list }),
      submit,
      view,
      effects,
      exits,
      parts,
      returns,
      news,
      takeBack,
      migrations,
      list: createCaseList(core, { release, caseScope: rights.caseScope, clocks }),
      timeline: audit.timeline.page,
      clocks,
      changes: forms.changes,
      release,
      mayRead: rights.mayReadCase,
    }),
    ...createListRoutes(core, {
      release,
      days: lists.days,
      mayRead: rights.mayReadCase,
      caseScope: rights.caseScope,
    }),
    ...documentRoutes,
    ...signing.routes,
    ...certificateRoutes,
    ...evaluationRoutes(core, {
      release,
      current: flows.current,
      mayRead: rights.mayReadCase,
      caseScope: rights.caseScope,
    }),
    ...createIncidentRoutes(core, {
      retry: retryIncident(core, { incidents, audit, commands, offerTask, connectors, release }),
    }),
    ...publicPages.routes,
    ...publication.routes,
    ...archive.routes,
    ...connectors.routes,
    ...settingRoutes(core, { audit, settings }),
  ];
  const http = createHttpApp(core, {
    routes,
    identify: identity.identify,
    middleware: identity.middleware,
    webDir: options.webDir,
    ready: readiness(core),
  });

  const running: { worker: EngineWorker | null; waker: Waker | null; timers: NodeJS.Timeout[] } = {
    worker: null,
    waker: null,
    timers: [],
  };
  async function tick(): Promise<void> {
    await clocks.tick();
    await serving.tick();
    await messages.tick();
    await absence.tick();
    await keepDrafts();
    await batch.pump();
    await audit.anchor();
  }
  const quiet = createQuiet(core, {
    connectors,
    events,
    commands,
    imports,
    previews,
    worker: () => running.worker,
    runJobs: true,
    tick,
  });
  const startWorker = () => (running.worker ??= startWork(core, work, `workers-${randomUUID()}`));

  await organisation.start();
  await core.db.transaction((trx) => calendar.seed(trx));
  return {
    http,
    routes,
    organisation,
    calendar,
    registers,
    flows,
    clocks,
    events,
    startWorkers() {
      const worker = startWorker();
      running.waker = createWaker(databaseUrl, core.log, {
        engine_event: events.drain,
        command: () => commands.pump(),
        form_import: imports.pump,
        file_preview: previews.pump,
        connector_call: () => connectors.pump(),
        work: async () => worker.wake(),
      });
      const every = (ms: number, name: string, act: () => Promise<void>) =>
        running.timers.push(
          setInterval(() => void act().catch((error: Error) => core.log.error({ error: error.message }, name)), ms),
        );
      every(TICK_MS, 'tick', tick);
      every(BATCH_MS, 'batches', batch.pump);
      return Promise.resolve();
    },
    async quiet() {
      startWorker();
      await quiet();
    },
    async close() {
      for (const timer of running.timers) clearInterval(timer);
      await live.close();
      await running.waker?.stop();
      await running.worker?.stop();
      await printer.close();
      await publicPages.close();
      await publication.close();
      await identity.close();
    },
  };
}
