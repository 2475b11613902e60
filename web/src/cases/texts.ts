/** Texts about cases, by subject; all named `cases.<key>`. */
import list from './texts/list.ts';
import view from './texts/view.ts';
import progress from './texts/progress.ts';
import flow from './texts/flow.ts';
import changes from './texts/changes.ts';
import materials from './texts/materials.ts';
import around from './texts/around.ts';
import timeline from './texts/timeline.ts';
import answers from './texts/answers.ts';
import deciding from './texts/deciding.ts';
import pinning from './texts/pinning.ts';
import moves from './texts/moves.ts';

const parts = [list, view, progress, flow, changes, materials, around, timeline, answers, deciding, pinning, moves];

export default {
  zh: Object.assign({}, ...parts.map(({ zh }) => zh)),
  en: Object.assign({}, ...parts.map(({ en }) => en)),
};
