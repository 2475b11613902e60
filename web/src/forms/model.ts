/** One form while somebody works on it: values, what is hidden, what is wrong, and its saving. */
import { useQueryClient } from '@tanstack/vue-query';
import { computed, inject, onScopeDispose, provide, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue';
import { useI18n } from 'vue-i18n';
import {
  checkFields,
  compileForm,
  computeFields,
  hiddenKeys,
  reasonKey,
  type CheckContext,
  type CompiledForm,
  type FormSchema,
} from '../../../contracts/forms/index.ts';
import { isEmpty, type Lang } from '../../../contracts/kinds/index.ts';
import {
  useApi,
  type CaseView,
  type Finding,
  type FormView,
  type MaterialItem,
  type Pin,
  type Said,
} from '../api/index.ts';
import { useMe } from '../identity/session.ts';
import { useUnsaved } from '../shell/unsaved.ts';
import { createSaver, keptFor, type Data, type Saved, type Saver } from './saver.ts';
import { inOrder, partsOf, withFindings } from './sections.ts';

export interface Typed extends Said {
  text: string;
}

/** Where a finding leads inside a table; the table takes it and opens the row. */
export interface RowTarget {
  table: string;
  row: string | null;
  column: string | null;
}

/** Changes follow one another; the whole check is asked for after this pause, in ms. */
const CHECK_MS = 800;

export type FormModel = ReturnType<typeof useFormModel>;
const formKey: InjectionKey<FormModel> = Symbol('form');

/** The form that the caller stands in. */
export function useForm(): FormModel {
  const model = inject(formKey);
  if (!model) throw new Error('outside a form');
  return model;
}

export function useFormModel(owner: string, form: string) {
  const api = useApi();
  const me = useMe();
  const client = useQueryClient();
  const { locale } = useI18n();
  const lang = computed<Lang>(() => (locale.value === 'en' ? 'en' : 'zh'));
  const base = `/forms/${owner}/${form}`;
  const storedAs = `zhunyu.form.${me.personId}.${owner}.${form}`;

  const view = shallowRef<FormView>();
  const problem = ref<unknown>(null);
  const compiled = shallowRef<CompiledForm>();
  const saver = shallowRef<Saver>();
  const data = reactive<Data>({});
  const typed = reactive<Record<string, Typed>>({});
  const pins = ref<Pin[]>([]);
  const materials = ref<MaterialItem[]>([]);
  const server = shallowRef<Finding[]>([]);
  const checkedOnce = ref(false);
  const touched = reactive(new Set<string>());
  /** Missing fields are marked from the first time somebody asks what is missing. */
  const asked = ref(false);
  const target = ref<RowTarget | null>(null);
  /** Counts changes of rows, so that tables know when to look again. */
  const rowsChanged = ref(0);

  const context = computed<CheckContext>(() => ({ today: me.today.date, step: view.value?.step ?? null }));
  const isPinned = computed(() => Array.isArray(view.value?.open));
  const hidden = computed(() => (compiled.value ? hiddenKeys(compiled.value, data, context.value) : new Set<string>()));

  /** Rules that need the rows or the answer are known to the server only. */
  const serverRules = computed(() => {
    const known = compiled.value;
    const far = known?.rules.filter((rule) =>
      rule.when.names.some((name) => known.tables.has(name) || name === 'outcome'),
    );
    return new Set(far?.map((rule) => rule.id));
  });
  /** Materials that a field shows at its own place. */
  const placedMaterials = computed(
    () => new Set([...(compiled.value?.fields.values() ?? [])].flatMap(({ field }) => field.material ?? [])),
  );
  const parts = computed(() => {
    const others = materials.value.filter(({ item }) => !placedMaterials.value.has(item));
    return compiled.value ? partsOf(compiled.value, hidden.value, others, lang.value) : [];
  });
  const findings = computed<Finding[]>(() => {
    const known = compiled.value;
    if (!known || view.value?.mode !== 'edit') return [];
    const near = checkFields(known, data, context.value).filter((one) => !serverRules.value.has(one.code));
    const unreadable = Object.entries(typed).map(([key, said]) => unread(known, key, said));
    const far = server.value.filter((one) => !known.fields.has(one.path) || serverRules.value.has(one.code));
    const all = [...unreadable, ...near.filter((one) => !(one.path in typed)), ...far];
    return inOrder(
      parts.value,
      all.filter((one) => isOpen(one.path)),
    );
  });
  const errors = computed(() => findings.value.filter((one) => one.severity === 'error'));
  const sections = computed(() => withFindings(parts.value, errors.value));

  function isOpen(path: string): boolean {
    const open = view.value?.open;
    if (!Array.isArray(open)) return true;
    return open.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
  }

  /** Whether a place differs from what was handed in last: a field, a table, a row of one, a material. */
  function isChanged(path: string): boolean {
    const now = view.value;
    if (!now) return false;
    const [head = '', rest] = path.split('/');
    if (head === 'materials') {
      const files = materials.value.find(({ item }) => item === rest)?.files.filter(({ replaced }) => !replaced) ?? [];
      return !isSame(
        files.map(({ id }) => id),
        now.filesBefore[rest!] ?? [],
      );
    }
    if (compiled.value?.tables.has(head)) return (now.tables[head]?.changed ?? 0) > 0;
    return !isSame(data[head] ?? null, (head in now.changed ? now.changed[head] : now.data[head]) ?? null);
  }
  /** Where each file that is on its way goes: `materials/<item>`, a field, or the table that it stands in. */
  const arriving = ref<string[]>([]);
  const isArriving = (path: string) => arriving.value.some((place) => place === path || place === path.split('/')[0]);
  /** Sends a file to a place; it is on its way until the form shows it. */
  async function whileArriving(place: string, send: () => Promise<void>): Promise<void> {
    arriving.value.push(place);
    try {
      await send();
    } finally {
      arriving.value.splice(arriving.value.indexOf(place), 1);
    }
  }
  /** What a notice names and nobody has changed yet, or is just changing. */
  const untouched = computed(() => pins.value.filter(({ path }) => !isChanged(path) && !isArriving(path)));

  async function load(): Promise<void> {
    problem.value = null;
    try {
      const answer = await api.get<FormView>(base);
      await take(answer);
    } catch (error) {
      problem.value = error;
    }
  }
  async function take(answer: FormView): Promise<void> {
    if (Array.isArray(answer.open) && answer.caseId && pins.value.length === 0) {
      const { tasks } = await api.get<CaseView>(`/cases/${answer.caseId}`);
      pins.value = (tasks.find((task) => task.id === answer.taskId) ?? tasks.find((task) => task.mine))?.pins ?? [];
    }
    compiled.value ??= compileForm(answer.schema as FormSchema);
    Object.assign(data, answer.data, answer.mode === 'edit' ? keptFor(localStorage, storedAs)?.set : {});
    materials.value = answer.materials;
    view.value = answer;
    if (answer.mode !== 'edit') return;
    saver.value ??= createSaver({
      edits: answer.edits,
      savedAt: answer.savedAt,
      data: answer.data,
      storage: localStorage,
      storedAs,
      events: window,
      send: (set, edits) => api.patch<Saved>(base, { edits, set }),
      saved: (answer) => {
        Object.assign(data, answer.computed);
        if (view.value) view.value = { ...view.value, sources: answer.sources };
        checkSoon();
      },
      stale: () => void refresh(),
      take: (key, value) => (data[key] = value),
    });
    void check();
  }
  /** One after the other, so that an older answer never arrives last. */
  let refreshing = Promise.resolve();
  function refresh(): Promise<void> {
    const read = refreshing.then(readAnew);
    refreshing = read.catch(() => undefined);
    return read;
  }
  /** What others changed, without touching what this person is about to save or has saved meanwhile. */
  async function readAnew(): Promise<void> {
    const before = saver.value?.savedAt.value;
    const answer = await api.get<FormView>(base);
    if (saver.value?.savedAt.value !== before) return readAnew();
    saver.value?.seen(answer.data, answer.savedAt);
    for (const key of new Set([...Object.keys(data), ...Object.keys(answer.data)]))
      if (!saver.value?.isWaiting(key)) data[key] = answer.data[key] ?? null;
    materials.value = answer.materials;
    view.value = answer;
  }

  let checking: ReturnType<typeof setTimeout> | undefined;
  let checks = 0;
  function checkSoon() {
    clearTimeout(checking);
    checking = setTimeout(() => void check(), CHECK_MS);
  }
  async function check(): Promise<void> {
    clearTimeout(checking);
    const mine = ++checks;
    // Without an answer the last list stands; the saving says that the server is away.
    const answer = await api.get<{ findings: Finding[] }>(`${base}/check`).catch(() => null);
    if (!answer || mine !== checks) return;
    server.value = answer.findings;
    checkedOnce.value = true;
  }

  function set(key: string, value: unknown) {
    delete typed[key];
    data[key] = value;
    touched.add(key);
    if (compiled.value) Object.assign(data, computeFields(compiled.value, data, context.value));
    saver.value?.change(key, value);
  }
  function setTyped(key: string, said: Typed) {
    typed[key] = said;
    touched.add(key);
  }
  /** After rows or materials changed on the server; a seal that was put on them no longer counts. */
  async function changedOnServer(): Promise<void> {
    await Promise.all([refresh(), check()]);
    rowsChanged.value += 1;
  }

  /** Scrolls to what a finding is about and puts the focus there. */
  function goTo(path: string): void {
    asked.value = true;
    const [head, row, column] = path.split('/');
    if (compiled.value?.tables.has(head!) && row) target.value = { table: head!, row, column: column ?? null };
    const place = document.getElementById(placeId(path)) ?? document.getElementById(placeId(head!));
    place?.scrollIntoView({ block: 'center' });
    place?.focus({ preventScroll: true });
  }

  const unsaved = computed(() => !['saved', undefined].includes(saver.value?.status.value));
  useUnsaved(
    () => unsaved.value || arriving.value.length > 0,
    () => arriving.value.length > 0 || ['refused', 'conflict'].includes(saver.value?.status.value ?? 'saved'),
  );
  onScopeDispose(() => {
    clearTimeout(checking);
    saver.value?.stop();
    void client.invalidateQueries({ queryKey: ['form', owner, form] });
  });
  watch(findings, (now) => {
    if (target.value && !now.some((one) => one.path.startsWith(target.value!.table))) target.value = null;
  });
  void load();

  const model = {
    owner,
    form,
    base,
    lang,
    view,
    problem,
    compiled,
    saver,
    data,
    typed,
    pins,
    materials,
    placedMaterials,
    context,
    hidden,
    isPinned,
    isOpen,
    isChanged,
    arriving,
    isArriving,
    whileArriving,
    untouched,
    findings,
    errors,
    checkedOnce,
    sections,
    touched,
    asked,
    target,
    rowsChanged,
    load,
    check,
    set,
    setTyped,
    changedOnServer,
    goTo,
  };
  provide(formKey, model);
  return model;
}

/** Id of the element that stands for a field, a table or a material. */
export const placeId = (path: string) => `at-${path.replaceAll('/', '-')}`;

function unread(form: CompiledForm, key: string, said: Said): Finding {
  const entry = form.fields.get(key);
  const label = entry?.field.label ?? key;
  return {
    path: key,
    code: 'unreadable',
    severity: 'error',
    zh: `${label}：${said.zh}`,
    en: `${entry?.field.labelEn ?? label}: ${said.en}`,
    basis: null,
    where: {
      zh: entry?.group?.label ?? '',
      en: entry?.group?.labelEn ?? '',
      group: entry?.group?.id ?? null,
      row: null,
    },
    repair: null,
  };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** A reason is kept only beside a value. */
export const hasReason = (data: Data, key: string) => !isEmpty(data[reasonKey(key)]);
