import { SAMPLE_MAX, samplesOf } from '../../../../contracts/flow.ts';
import { Problem } from '../../core/index.ts';
import { acceptFile, type TakenType } from '../../files/index.ts';
import type { PackageRule, Reported } from '../check.ts';

const TYPES: TakenType[] = ['pdf', 'docx', 'xlsx', 'jpg', 'png'];

/** Samples and empty forms that materials name are there, are what their names say, and are small. */
export const materials: PackageRule = {
  code: 'material',
  async check({ source: { flow, samples } }) {
    const found: Reported[] = [];
    for (const material of flow.materials)
      for (const name of samplesOf(material)) {
        const fault = await faultOf(name, samples[name]);
        if (fault) found.push({ file: 'flow.json', element: material.id, ...fault });
      }
    const named = flow.materials.flatMap(samplesOf);
    const left = Object.keys(samples).filter((name) => !named.includes(name));
    return [
      ...found,
      ...left.map((name) => ({
        file: `materials/${name}`,
        zh: '没有材料用到这个文件，删去它或在 flow.json 的材料里写上',
        en: 'No material names this file; remove it or name it in flow.json',
      })),
    ];
  },
};

async function faultOf(name: string, bytes: Uint8Array | undefined): Promise<{ zh: string; en: string } | null> {
  if (!bytes) return { zh: `没有文件 materials/${name}`, en: `There is no materials/${name}` };
  const megabytes = SAMPLE_MAX / 1024 / 1024;
  if (bytes.length > SAMPLE_MAX)
    return {
      zh: `materials/${name} 超过 ${megabytes} MB，换一个小些的`,
      en: `materials/${name} is larger than ${megabytes} MB; use a smaller one`,
    };
  try {
    await acceptFile(name, bytes, TYPES);
    return null;
  } catch (error) {
    if (error instanceof Problem) return { zh: error.zh, en: error.en };
    throw error;
  }
}
