import assert from 'node:assert/strict';
import { validateAll } from '@bpmn-io/element-templates-validator';
import { z } from 'zod';
import { StepProperties } from '../../../contracts/flow.ts';
import { knownTopics } from '../main/known-topics.ts';
import { elementTemplates } from './element-templates.ts';

describe('element templates', () => {
  const topics = knownTopics();
  const templates = elementTemplates(topics);
  const namesIn = (id: string) =>
    templates
      .find((template) => template.id === id)!
      .properties.filter(({ binding }) => binding.type === 'camunda:property')
      .map(({ binding }) => binding.name);

  it('are what the modeler accepts [PLT-4.1]', () => {
    const { valid, results } = validateAll(templates);
    assert.ok(
      valid,
      JSON.stringify(
        results.flatMap(({ errors }) => errors ?? []),
        null,
        1,
      ),
    );
  });

  it('offer each topic with each of its inputs, and user steps each property [PLT-4.1]', () => {
    for (const { name, input } of topics) {
      const { properties } = z.toJSONSchema(input, { io: 'input' });
      const offered = namesIn(`zhunyu.topic.${name}`);
      for (const key of Object.keys(properties!)) assert.ok(offered.includes(key), `${name}: ${key}`);
    }
    assert.deepEqual(namesIn('zhunyu.step.user'), Object.keys(StepProperties.shape));
  });

  it('speak Chinese to the analyst [PLT-4.1]', () => {
    const labels = templates.flatMap(({ id, name, properties }) => [
      [id, name],
      ...properties
        .filter(({ type }) => type !== 'Hidden')
        .map(({ label, binding }) => [`${id} ${binding.name}`, label!]),
    ]);
    assert.deepEqual(
      labels.filter(([, label]) => !/\p{Script=Han}/u.test(label!)),
      [],
    );
  });
});
