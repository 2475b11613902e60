import type { SampleLinks } from '../../../contracts/api/index.ts';
import { samplesOf, type FlowJson, type MaterialDecl } from '../../../contracts/flow.ts';

/** Where the files of a material are; they are those of the newest release. */
export function sampleLinks(flow: string, { sample, blank }: MaterialDecl): SampleLinks {
  const link = (name: string | undefined) => (name ? `/api/v1/public/guides/${flow}/files/${name}` : null);
  return { sample: link(sample), blank: link(blank) };
}

/** What the file is called when it is saved: 授权书（样表）.pdf */
export function sampleName({ materials }: FlowJson, file: string): string {
  const of = materials.find((one) => samplesOf(one).includes(file));
  if (!of) return file;
  return `${of.title.zh}（${of.sample === file ? '样表' : '空表'}）.${file.split('.').at(-1)}`;
}
