import type { GuideRow, ServiceGuide } from '../../../contracts/api/index.ts';
import { bothOf, type CompiledFlow, type FlowJson, type MaterialDecl } from '../../../contracts/flow.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import { sampleLinks } from './samples.ts';

const wordsOf = (limit: string) => limitText(parseLimit(limit));

export const guideRow = ({ id, code, title, summary }: FlowJson): GuideRow => ({ flow: id, code, title, summary });

/** The page of a service item, from what its release declares. */
export function guideOf(compiled: CompiledFlow, contact: ServiceGuide['contact']): ServiceGuide {
  const { flow, documents } = compiled;
  const said = (zh: string) => bothOf(compiled, zh);
  const served = Object.values(documents).filter(({ addressee }) => addressee === 'applicant');
  return {
    ...guideRow(flow),
    who: flow.guide?.who ?? null,
    conditions: flow.conditions.map(said),
    materials: flow.materials.map((material) => ({
      item: material.id,
      title: material.title,
      need: needOf(material),
      hint: material.hint ?? null,
      types: material.types,
      max: material.max,
      ...sampleLinks(flow.id, material),
    })),
    limits: flow.clocks.map(({ title, limit, promised, basis }) => ({
      title,
      statutory: wordsOf(limit),
      promised: promised ? wordsOf(promised) : null,
      basis: said(basis),
    })),
    fee: Number(flow.fee),
    legalBasis: flow.legalBasis.map(said),
    steps: flow.guide?.steps ?? [],
    certificates: Object.values(documents).flatMap((one) =>
      one.kind === 'certificate' ? [{ title: one.title, validity: wordsOf(one.validity) }] : [],
    ),
    documents: served.flatMap(({ kind, title }) => (kind === 'document' ? [title] : [])),
    contact,
  };
}

function needOf({ required, when }: MaterialDecl): ServiceGuide['materials'][number]['need'] {
  if (!required) return 'optional';
  return when === undefined ? 'required' : 'ifApplies';
}
