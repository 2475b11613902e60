import assert from 'node:assert/strict';
import { checkPackage } from '../check.ts';
import { end, flows, lines, modelOf, samplePackage, shared, topics, user } from '../testing.ts';

const AGREE = JSON.stringify([{ id: 'agree', zh: '同意', en: 'Agree' }]);
const extend = user('extend', 'sample.decide', { 'on-demand': 'extend', outcomes: AGREE });
const extended = end('extended').replace(/<bpmn:extensionElements>.*<\/bpmn:extensionElements>/, '');
const terminating = (line: string) =>
  line.replace('</bpmn:endEvent>', '<bpmn:terminateEventDefinition id="stop" /></bpmn:endEvent>');

async function found(elements: Record<string, string>, way: [string, string, string?, string?]): Promise<string[]> {
  const source = samplePackage();
  source.model = modelOf('sample', { ...lines, extend, extended, ...elements }, [...flows, way]);
  return (await checkPackage(source, shared, topics)).map(({ code, element }) => `${code} ${element}`);
}

describe('the check of parts on demand [PLT-3.8]', () => {
  it('accepts a part that stands beside the main flow and ends without a result', async () => {
    assert.deepEqual(await found({}, ['extend', 'extended']), []);
  });
  it('refuses ends of which one waits for the part and another does not', async () => {
    const elements = { granted: terminating(lines.granted!) };
    assert.deepEqual(
      (await found(elements, ['extend', 'extended'])).filter((line) => line.startsWith('on-demand')).sort(),
      ['on-demand lapsed', 'on-demand refused'],
    );
  });
});
