/**
 * Element templates of the modeler's palette (Camunda's format), generated from the topics' input schemas and the step
 * properties: what an analyst may fill in is what `flow -- check` reads.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StepProperties } from '../../../contracts/flow.ts';
import type { KnownTopic } from './check.ts';
import type { Folders } from './places.ts';

export type TemplateTopic = Pick<KnownTopic, 'name' | 'input'> & { title: { zh: string } };

interface Property {
  label?: string;
  description?: string;
  type: 'Hidden' | 'String' | 'Dropdown';
  value?: string;
  choices?: { name: string; value: string }[];
  optional?: true;
  constraints?: { notEmpty?: true; pattern?: { value: string; message: string } };
  binding: { type: 'property' | 'camunda:property'; name: string };
}

export interface ElementTemplate {
  $schema: string;
  id: string;
  name: string;
  appliesTo: string[];
  properties: Property[];
}

const SCHEMA = 'https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json';
/** Properties of a step that nobody decides. */
const WAITING = ['stage', 'clock', 'exit', 'on-demand', 'on-demand-by'];

/** One template for each topic, one for user steps, one for receive steps. */
export function elementTemplates(topics: TemplateTopic[]): ElementTemplate[] {
  const deciding = propertiesOf(StepProperties);
  const waiting = deciding.filter(({ binding }) => WAITING.includes(binding.name));
  return [
    template('step.user', '人工环节', 'bpmn:UserTask', [
      {
        ...{ type: 'String', label: '岗位', description: '谁可以办：岗位或岗位@机关，用逗号分开；申请人写 applicant' },
        ...{ constraints: { notEmpty: true }, binding: { type: 'property', name: 'camunda:candidateGroups' } },
      },
      ...deciding,
    ]),
    template('step.receive', '等待答复', 'bpmn:ReceiveTask', waiting),
    ...topics.map(({ name, title, input }) =>
      template(`topic.${name}`, title.zh, 'bpmn:ServiceTask', [
        { type: 'Hidden', value: 'external', binding: { type: 'property', name: 'camunda:type' } },
        { type: 'Hidden', value: name, binding: { type: 'property', name: 'camunda:topic' } },
        ...propertiesOf(input),
        ...waiting,
      ]),
    ),
  ];
}

/** Writes them where Camunda Modeler looks when it opens a model below `workflows`. @returns the file */
export async function writeElementTemplates({ workflows }: Folders, topics: TemplateTopic[]): Promise<string> {
  const folder = join(workflows, '.camunda', 'element-templates');
  const file = join(folder, 'zhunyu.json');
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(elementTemplates(topics), null, 2));
  return file;
}

function template(id: string, name: string, element: string, properties: Property[]): ElementTemplate {
  return { $schema: SCHEMA, id: `zhunyu.${id}`, name, appliesTo: [element], properties };
}

interface Json {
  description?: string;
  enum?: string[];
  default?: unknown;
  pattern?: string;
}

/** A property's description is its label, up to the first colon, comma or stop, and what else there is to know. */
function propertiesOf(schema: z.ZodType): Property[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties as Record<string, Json>).map(([name, { description = name, ...json }]) => {
    const [label = name, more] = description.split(/[：；，。](.*)/s);
    const needed = required.includes(name);
    return {
      label,
      ...(more && { description: more }),
      ...(json.enum
        ? { type: 'Dropdown' as const, choices: json.enum.map((value) => ({ name: value, value })) }
        : { type: 'String' as const }),
      ...(typeof json.default === 'string' && json.default !== '' && { value: json.default }),
      ...(needed ? { constraints: { notEmpty: true as const } } : { optional: true as const }),
      binding: { type: 'camunda:property', name },
    };
  });
}
