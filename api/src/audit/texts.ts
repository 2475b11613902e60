/** Sentences of the time line: what a lawyer reads about one line, in Chinese and English. */

/** What the sentences use of a line's detail; a place that is absent leaves its words out. */
export interface Told {
  /** Name of what was acted on: document, clock, material, register, office … */
  title?: string;
  number?: string;
  /** Outcome id and its names. */
  outcome?: string;
  outcomeTitle?: { zh: string; en: string };
  opinion?: string;
  reason?: string;
  /** Law and article, such as 《行政许可法》第三十二条. */
  article?: string;
  /** Step ids. */
  cancelled?: string[];
  kept?: string[];
  addressee?: string;
  /** Day on which something ends, `2026-12-04`. */
  dueOn?: string;
  /** Time of day at which something was asked for, `10:42:00`. */
  time?: string;
  /** Code of an incident, E-7F31. */
  incident?: string;
}

export interface Text {
  zh: string;
  en: string;
}

/** Action → what happened. `{x}` stands for a member of `Told`; words in `[…]` are left out where it is absent. */
const ACTIONS: Record<string, Text> = {
  'draft.sealed': { zh: '在申请书上盖章', en: 'sealed the application book' },
  'case.start': { zh: '提交申请[，办件编号 {number}]', en: 'submitted the application[, case {number}]' },
  'case.open': { zh: '发起[，办件编号 {number}]', en: 'opened the case[ {number}]' },
  'case.validated': { zh: '自动核验申请[，结论「{outcome}」]', en: 'checked the application[: “{outcome}”]' },
  'case.withdraw': { zh: '撤回申请', en: 'withdrew the application' },
  'case.terminate': { zh: '终止办理', en: 'terminated the case' },
  'task.return': { zh: '退回到「{title}」', en: 'sent the case back to “{title}”' },
  'decision.taken-back': { zh: '取回自己的决定', en: 'took the decision back' },
  'case.migrate': { zh: '换用新版流程：第 {from} 版改为第 {to} 版', en: 'moved to release {to} from release {from}' },
  'case.part': { zh: '启动「{title}」', en: 'started “{title}”' },
  'case.started-other': {
    zh: '发起关联办件[ {number}][「{title}」]',
    en: 'started the related case[ {number}][ “{title}”]',
  },
  'case.started-by': { zh: '由办件 {number} 发起[（{title}）]', en: 'started by case {number}[ ({title})]' },
  'case.told': {
    zh: '按关联办件 {number} 的要求，转入「{title}」',
    en: 'moved to “{title}” as the related case {number} asked',
  },
  'case.moved': { zh: '办件转到新的环节', en: 'the case moved to another step' },
  'case.end': { zh: '办结[，结果「{outcome}」]', en: 'the case was closed[: “{outcome}”]' },
  'task.claim': { zh: '签收待办', en: 'took the task' },
  'task.release': { zh: '退签，放回待办', en: 'gave the task back' },
  'task.transfer': { zh: '转办给{to}', en: 'transferred the task to {to}' },
  'task.hold': {
    zh: '批量办理，提交「{title}」，留待发出',
    en: 'asked for “{title}” in a batch, held before it is sent',
  },
  'task.hold-undone': {
    zh: '撤销 {time} 批量提交的「{title}」，没有发出',
    en: 'undid “{title}” that was asked for in a batch at {time}; it was not sent',
  },
  'task.hold-refused': {
    zh: '{time} 批量提交的「{title}」没有办成，意见留作草稿',
    en: '“{title}” that was asked for in a batch at {time} was not done; the opinion is kept as a draft',
  },
  'task.delegate': { zh: '委托{to}准备，由本人决定', en: 'delegated the task to {to} to prepare' },
  'task.give-back': { zh: '准备完毕，交还委托人', en: 'gave the prepared task back' },
  'task.delegation-ended': { zh: '收回委托', en: 'took the delegated task back' },
  'task.copy': { zh: '抄送{to}', en: 'sent a copy to {to}' },
  'task.urge': { zh: '催办', en: 'urged the task' },
  'task.sign-added': { zh: '{title}：请{to}提出意见', en: 'asked {to} for an opinion' },
  'task.sign-removed': { zh: '减签：不再请{to}提出意见', en: 'no longer asks {to} for an opinion' },
  'task.sign-given': { zh: '提出{title}意见', en: 'gave the opinion asked for' },
  'task.sign-agreed': { zh: '{title}：同意', en: 'agreed to the decision' },
  'task.sign-refused': { zh: '{title}：不同意，决定退回', en: 'did not agree; the decision goes back' },
  'task.submitted': { zh: '提交「{outcome}」，等{to}加签确认', en: 'submitted “{outcome}”; {to} confirm it' },
  'task.answer': { zh: '提出意见「{outcome}」', en: 'answered “{outcome}”' },
  'task.concluded': { zh: '各方意见齐备，结论「{outcome}」', en: 'the answers came to “{outcome}”' },
  'task.deemed': { zh: '期限届满未作出决定，视为「{outcome}」', en: 'the limit ran out; deemed “{outcome}”' },
  'task.decide': { zh: '作出「{outcome}」', en: 'decided “{outcome}”' },
  'decision.overtaken': {
    zh: '「{outcome}」没有执行：待办已先由别的操作结束，意见留作草稿',
    en: '“{outcome}” was not carried out: the task had ended otherwise; the opinion is kept as a draft',
  },
  'decision.blocked': {
    zh: '「{outcome}」没有办成[，已报运维 {incident}]，意见留作草稿',
    en: '“{outcome}” could not be carried out[, reported as {incident}]; the opinion is kept as a draft',
  },
  'move.overtaken': {
    zh: '上述变动没有执行：流程已先有变化',
    en: 'this move was not carried out: the case had moved on before',
  },
  'move.blocked': {
    zh: '上述变动没有办成[，已报运维 {incident}]',
    en: 'this move could not be carried out[, reported as {incident}]',
  },
  'clock.start': {
    zh: '「{title}」时限开始[，{dueOn} 到期]',
    en: 'the time limit “{title}” started[, due on {dueOn}]',
  },
  'clock.stop': {
    zh: '「{title}」时限停止，所停时间不计入',
    en: 'the time limit “{title}” stopped; this time is not counted',
  },
  'clock.resume': {
    zh: '「{title}」时限恢复[，{dueOn} 到期]',
    en: 'the time limit “{title}” resumed[, due on {dueOn}]',
  },
  'clock.end': { zh: '「{title}」时限结束', en: 'the time limit “{title}” ended' },
  'clock.extend': { zh: '「{title}」时限延长[至 {dueOn}]', en: 'the time limit “{title}” was extended[ to {dueOn}]' },
  'clock.warn': {
    zh: '提醒「{title}」时限[ {dueOn} 到期]',
    en: 'warned of the time limit “{title}”[, due on {dueOn}]',
  },
  'clock.escalate': {
    zh: '「{title}」时限已报上级[，{dueOn} 到期]',
    en: 'the time limit “{title}” was escalated[, due on {dueOn}]',
  },
  'clock.overdue': { zh: '「{title}」时限届满[（{dueOn}）]', en: 'the time limit “{title}” ran out[ on {dueOn}]' },
  'clock.recompute': {
    zh: '按新的日历重算「{title}」时限[，{dueOn} 到期]',
    en: 'the time limit “{title}” was computed anew from the calendar[, due on {dueOn}]',
  },
  'document.made': { zh: '制作《{title}》[ {number}]', en: 'made “{title}”[ {number}]' },
  'document.sealed': { zh: '在《{title}》[ {number}]上签章', en: 'signed and sealed “{title}”[ {number}]' },
  'document.sent': {
    zh: '送出《{title}》[ {number}][，收件人{addressee}]',
    en: 'sent “{title}”[ {number}][ to {addressee}]',
  },
  'document.served': {
    zh: '送达《{title}》[ {number}][，收件人{addressee}]',
    en: 'served “{title}”[ {number}][ on {addressee}]',
  },
  'document.opened': {
    zh: '打开《{title}》[ {number}]，即为送达',
    en: 'opened “{title}”[ {number}], which is its service',
  },
  'document.copied': {
    zh: '抄送《{title}》[ {number}][，抄送{addressee}]',
    en: 'sent a copy of “{title}”[ {number}][ to {addressee}]',
  },
  'document.returned': {
    zh: '《{title}》[ {number}]没有送到，被退回[，收件人{addressee}]',
    en: '“{title}”[ {number}] came back[ from {addressee}]',
  },
  'document.receipt': {
    zh: '存入《{title}》[ {number}]的签收凭证[，收件人{addressee}]',
    en: 'filed the receipt for “{title}”[ {number}][ from {addressee}]',
  },
  'document.sign-asked': {
    zh: '请{addressee}在《{title}》[ {number}]上签名',
    en: 'asked {addressee} to sign “{title}”[ {number}]',
  },
  'document.signed': {
    zh: '{addressee}在《{title}》[ {number}]上签名',
    en: '{addressee} signed “{title}”[ {number}]',
  },
  'document.superseded': { zh: '《{title}》[ {number}]由新版代替', en: '“{title}”[ {number}] was superseded' },
  'document.void': { zh: '《{title}》[ {number}]作废', en: '“{title}”[ {number}] was made void' },
  'number.void': { zh: '编号 {number} 作废', en: 'the number {number} was made void' },
  'certificate.issued': { zh: '颁发证书[ {number}]', en: 'issued the certificate[ {number}]' },
  'certificate.extended': { zh: '扩项换发证书[ {number}]', en: 'extended the certificate[ {number}]' },
  'certificate.proposed': {
    zh: '提出对证书[ {number} ]{title}，等待另一人确认',
    en: 'asked for a change of the certificate[ {number}]',
  },
  'certificate.proposal-refused': {
    zh: '不同意对证书[ {number} ]{title}',
    en: 'refused a change of the certificate[ {number}]',
  },
  'certificate.superseded': { zh: '证书[ {number}]由新版代替', en: 'the certificate[ {number}] was superseded' },
  'certificate.suspended': { zh: '暂停证书[ {number}]', en: 'suspended the certificate[ {number}]' },
  'certificate.resumed': { zh: '恢复证书[ {number}]', en: 'resumed the certificate[ {number}]' },
  'certificate.revoked': { zh: '撤销证书[ {number}]', en: 'revoked the certificate[ {number}]' },
  'certificate.forfeited': { zh: '吊销证书[ {number}]', en: 'forfeited the certificate[ {number}]' },
  'certificate.recalled': { zh: '撤回证书[ {number}]', en: 'recalled the certificate[ {number}]' },
  'certificate.cancelled': { zh: '注销证书[ {number}]', en: 'cancelled the certificate[ {number}]' },
  'publication.made': {
    zh: '公开「{title}」[，列入「{addressee}」][，公示期至 {dueOn}]',
    en: 'made “{title}” public[ under “{addressee}”][ until {dueOn}]',
  },
  'publication.withdrawn': { zh: '撤下公开的「{title}」', en: 'withdrew “{title}” from the public' },
  'case.archived': {
    zh: '归入{title}的电子档案[，档号 {number}]',
    en: 'archived the case in the file of {title}[ as {number}]',
  },
  'connector.queued': { zh: '把「{title}」发往「{addressee}」', en: 'sent “{title}” to “{addressee}”' },
  'draw.made': {
    zh: '从 {of} 个中随机抽取 {count} 个[（回避 {avoided} 个）][：{title}][，种子 {seed}]',
    en: 'drew {count} of {of} at random[ ({avoided} avoided)][: {title}][, seed {seed}]',
  },
  'score.made': {
    zh: '按「{title}」评分 {score} 分[，定为 {grade}]',
    en: 'scored {score} by “{title}”[, grade {grade}]',
  },
  'form.proposed': { zh: '按决策表拟定「{title}」', en: 'proposed “{title}” by a decision table' },
  'register.written': {
    zh: '把批准的内容写入登记库[「{title}」]',
    en: 'wrote what was approved into the register[ “{title}”]',
  },
  'rectification.open': { zh: '要求整改[，{dueOn} 截止]', en: 'asked for rectification[ by {dueOn}]' },
  'rectification.close': { zh: '整改结束', en: 'rectification was closed' },
  'material.added': { zh: '上传材料「{title}」', en: 'uploaded the material “{title}”' },
  'material.replaced': { zh: '更换材料「{title}」', en: 'replaced the material “{title}”' },
  'material.removed': { zh: '移除材料「{title}」', en: 'removed the material “{title}”' },
  'work.failed': {
    zh: '自动环节没有办成[，已报运维 {incident}]',
    en: 'an automatic step failed[, reported as {incident}]',
  },
  'work.retry': { zh: '重新执行自动环节[（{incident}）]', en: 'ran an automatic step again[ ({incident})]' },
  'session.start': { zh: '登录', en: 'signed in' },
  'session.end': { zh: '退出', en: 'signed out' },
  'session.refused': { zh: '登录没有通过', en: 'failed to sign in' },
  'account.created': { zh: '开通账号「{title}」', en: 'opened the account “{title}”' },
  'account.locked': {
    zh: '账号「{title}」因连续输错密码锁定',
    en: 'the account “{title}” was locked after wrong passwords',
  },
  'account.disabled': { zh: '停用账号「{title}」', en: 'disabled the account “{title}”' },
  'account.password': { zh: '重设账号「{title}」的密码', en: 'set a new password for the account “{title}”' },
  'office.created': { zh: '设立机关「{title}」', en: 'created the office “{title}”' },
  'office.changed': { zh: '修改机关「{title}」', en: 'changed the office “{title}”' },
  'office.ended': { zh: '撤销机关「{title}」', en: 'did away with the office “{title}”' },
  'office.reopened': { zh: '恢复机关「{title}」', en: 'opened the office “{title}” again' },
  'person.created': { zh: '登记人员「{title}」', en: 'registered the person “{title}”' },
  'person.changed': { zh: '修改人员「{title}」', en: 'changed the person “{title}”' },
  'person.left': { zh: '人员「{title}」离开，账号停用', en: 'the person “{title}” left, the account was disabled' },
  'grant.created': { zh: '授予「{addressee}」角色「{title}」', en: 'granted the role “{title}” to “{addressee}”' },
  'grant.ended': { zh: '收回「{addressee}」的角色「{title}」', en: 'took the role “{title}” from “{addressee}”' },
  'representative.created': {
    zh: '「{addressee}」开始代表「{title}」',
    en: '“{addressee}” began to act for “{title}”',
  },
  'representative.ended': { zh: '「{addressee}」不再代表「{title}」', en: '“{addressee}” ceased to act for “{title}”' },
  'avoidance.declared': {
    zh: '声明「{addressee}」回避「{title}」[，至 {dueOn}]',
    en: 'declared that “{addressee}” steps aside from “{title}”[ until {dueOn}]',
  },
  'avoidance.ended': {
    zh: '结束「{addressee}」对「{title}」的回避',
    en: 'ended that “{addressee}” steps aside from “{title}”',
  },
  'absence.declared': {
    zh: '登记「{title}」外出，{from} 至 {dueOn} 由「{addressee}」代理',
    en: 'declared “{title}” absent from {from} to {dueOn}; “{addressee}” acts meanwhile',
  },
  'absence.ended': {
    zh: '结束「{title}」的外出，「{addressee}」不再代理',
    en: 'ended the absence of “{title}”; “{addressee}” no longer acts',
  },
  'setting.changed': { zh: '更改设置「{title}」', en: 'changed the setting “{title}”' },
  'calendar.loaded': { zh: '载入日历「{title}」', en: 'loaded the calendar “{title}”' },
  'flow.released': { zh: '发布流程「{title}」[ {number}]', en: 'released the flow “{title}”[ {number}]' },
};

/** Everything that a sentence may say; names instead of ids. */
export interface Line {
  action: string;
  person: string | null;
  onBehalfOf: string | null;
  role: Text | null;
  office: string | null;
  step: string | null;
  visit: number | null;
  /** `2026-11-21 10:32`, where it differs from the moment of writing. */
  occurredAt: string | null;
  detail: Told;
}

/** One line as a sentence; the moment of writing stands beside it. An unknown action is named as it is. */
export function sentence(line: Line): Text {
  const { detail } = line;
  const what = ACTIONS[line.action] ?? { zh: `办理（${line.action}）`, en: `acted (${line.action})` };
  const outcome = { zh: detail.outcomeTitle?.zh ?? detail.outcome, en: detail.outcomeTitle?.en ?? detail.outcome };
  const zh = [
    `${actorZh(line)}${line.step ? `在「${line.step}」${nth(line.visit)}` : ''}${fill(what.zh, { ...detail, outcome: outcome.zh })}`,
    detail.opinion && `意见：${detail.opinion}`,
    detail.reason && `理由：${detail.reason}`,
    detail.article && `依据：${detail.article}`,
    detail.cancelled?.length && `取消：${detail.cancelled.join('、')}`,
    detail.kept?.length && `保留：${detail.kept.join('、')}`,
    line.occurredAt && `实际时间：${line.occurredAt}`,
  ];
  const en = [
    `${actorEn(line)}${fill(what.en, { ...detail, outcome: outcome.en })}${line.step ? ` at “${line.step}”` : ''}${visit(line.visit)}`,
    detail.opinion && `Opinion: ${detail.opinion}`,
    detail.reason && `Reason: ${detail.reason}`,
    detail.article && `Basis: ${detail.article}`,
    detail.cancelled?.length && `Cancelled: ${quoted(detail.cancelled)}`,
    detail.kept?.length && `Kept: ${quoted(detail.kept)}`,
    line.occurredAt && `Happened at ${line.occurredAt}`,
  ];
  return { zh: zh.filter(Boolean).map(ended('。')).join(''), en: en.filter(Boolean).map(ended('.')).join(' ') };
}

const quoted = (names: string[]): string => names.map((name) => `“${name}”`).join(', ');

function actorZh({ person, onBehalfOf, role, office }: Line): string {
  if (!person) return '按流程自动：';
  const as = [`${office ?? ''}${role?.zh ?? ''}`, onBehalfOf && `代${onBehalfOf}`].filter(Boolean).join('，');
  return as ? `${person}（${as}）` : person;
}

function actorEn({ person, onBehalfOf, role, office }: Line): string {
  if (!person) return 'Automatically: ';
  const as = [role?.en, office, onBehalfOf && `for ${onBehalfOf}`].filter(Boolean).join(', ');
  return as ? `${person} (${as}) ` : `${person} `;
}

const nth = (visit: number | null) => (visit && visit > 1 ? `（第 ${visit} 次）` : '');
const visit = (visit: number | null) => (visit && visit > 1 ? ` (visit ${visit})` : '');

function fill(template: string, values: Record<string, unknown>): string {
  const known = template.replace(/\[([^\]]*)\]/g, (_, part: string) =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, key]) => values[key!]) ? part : '',
  );
  return known.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? '…'));
}

const ended = (stop: string) => (part: unknown) =>
  /[。.！？!?]$/.test(String(part)) ? String(part) : `${part}${stop}`;
