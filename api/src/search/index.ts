/** Finding cases and tasks: by words, by initials, by what lists are narrowed by. */
export {
  after,
  and,
  between,
  casesFitting,
  dueWithin,
  equal,
  findsWords,
  inDivision,
  none,
  noPlace,
  type ListDays,
  type Piece,
} from './filter.ts';
export { caseWords, initialsOf } from './words.ts';
