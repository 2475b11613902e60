import { problemKind, type Problem } from '../core/index.ts';
import type { Exclusion } from '../rights/index.ts';

export const notYours = problemKind('not-yours', 403, '这项待办不由您办理', 'This task is not yours');
export const heldByOther = problemKind(
  'held-by-other',
  409,
  '这项待办已由别人签收',
  'Somebody else has taken this task',
);
export const taskEnded = problemKind('task-ended', 409, '这项待办已经办结', 'This task has ended');
export const taskDeciding = problemKind(
  'task-deciding',
  409,
  '这项待办的决定正在执行',
  'A decision on this task is being carried out',
);
export const taskHeld = problemKind('task-held', 409, '别人正在批量办理', 'Somebody is deciding it in a batch');
export const delegated = problemKind(
  'delegated',
  409,
  '这项待办是委托给您准备的，写明意见交还，由委托人决定',
  'This task was delegated to you to prepare: give it back with your opinion',
);
export const outcomeUnknown = problemKind(
  'outcome-unknown',
  400,
  '这一步没有这个选项',
  'This step has no such outcome',
);
export const notNow = problemKind('not-now', 409, '现在不能办', 'Not possible now');
const fourEyes = problemKind(
  'four-eyes',
  403,
  '前面的环节由您办理，这一步须由他人办理',
  'You decided an earlier step; another person has to decide this one',
);
const avoidance = problemKind('avoidance', 403, '您应当回避', 'You have to step aside');

/** The problem of somebody who may not act although the role is theirs. */
export const excluded = ({ code, zh, en }: Exclusion): Problem =>
  (code === 'avoidance' ? avoidance : fourEyes)({ zh, en });

export const alreadyAnswered = problemKind(
  'already-answered',
  409,
  '您已提交意见，等其他方办理',
  'You have answered; the others are awaited',
);
