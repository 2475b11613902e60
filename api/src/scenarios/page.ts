/** A page with the drawn model and what scenarios took of it: covered lines green, the others red and dashed. */
import { DOMParser, type Element } from '@xmldom/xmldom';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { coverageText, type Coverage } from './coverage.ts';

interface Point {
  x: number;
  y: number;
}
interface Shape extends Point {
  width: number;
  height: number;
  of: string;
}

const MARGIN = 30;
const STYLE = `body{font:14px/1.5 "Noto Sans SC",sans-serif;margin:24px;color:#222}svg{border:1px solid #ddd;margin:12px 0}
text{font-size:11px;text-anchor:middle;dominant-baseline:middle}.shape{fill:#fff;stroke:#555}
.taken{stroke:#1a7f37;stroke-width:2.5;fill:none}.missed{stroke:#cf222e;stroke-width:1.5;stroke-dasharray:5 4;fill:none}
pre{background:#f6f8fa;padding:12px}`;

export function coveragePage(name: string, { xml, graph }: CompiledFlow, coverage: Coverage): string {
  const covered = new Set(coverage.flows.filter((flow) => flow.covered).map((flow) => flow.id));
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const planes = Array.from(document.getElementsByTagNameNS('*', 'BPMNPlane'));
  const drawings = planes.map((plane) => {
    const title = graph.nodes.find((node) => node.id === plane.getAttribute('bpmnElement'))?.name;
    return `${title ? `<h2>${escaped(title)}</h2>` : ''}${planeDrawing(plane, graph, covered)}`;
  });
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${escaped(name)}</title><style>${STYLE}</style>
<h1>${escaped(name)}</h1><pre>${escaped(coverageText(name, coverage))}</pre>
${drawings.join('\n')}</html>
`;
}

function planeDrawing(plane: Element, graph: CompiledFlow['graph'], covered: Set<string>): string {
  const shapes = childrenOf(plane, 'BPMNShape').map(shapeOf);
  const edges = childrenOf(plane, 'BPMNEdge').map((edge) => ({
    of: edge.getAttribute('bpmnElement') ?? '',
    points: childrenOf(edge, 'waypoint').map(pointOf),
  }));
  const points = [
    ...shapes.flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...edges.flatMap((edge) => edge.points),
  ];
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const [width, height] = [right - left + 2 * MARGIN, bottom - top + 2 * MARGIN];
  const flows = new Set(graph.flows.map((flow) => flow.id));
  const lines = edges
    .filter((edge) => flows.has(edge.of))
    .map(
      ({ of, points: way }) =>
        `<polyline class="${covered.has(of) ? 'taken' : 'missed'}" points="${way.map(({ x, y }) => `${x},${y}`).join(' ')}"><title>${escaped(of)}</title></polyline>`,
    );
  const boxes = shapes.map((shape) => {
    const node = graph.nodes.find((each) => each.id === shape.of);
    return node ? box(shape, node) : '';
  });
  return `<svg width="${width}" height="${height}" viewBox="${left - MARGIN} ${top - MARGIN} ${width} ${height}">${lines.join('')}${boxes.join('')}</svg>`;
}

function box({ x, y, width, height }: Shape, { type, name, id }: CompiledFlow['graph']['nodes'][number]): string {
  const [middle, centre] = [x + width / 2, y + height / 2];
  const label = (at: number) => `<text x="${middle}" y="${at}">${escaped(name || id)}</text>`;
  if (/Event$/.test(type))
    return `<circle class="shape" cx="${middle}" cy="${centre}" r="${width / 2}"/>${label(y + height + 10)}`;
  if (/Gateway$/.test(type)) {
    const corners = [
      [middle, y],
      [x + width, centre],
      [middle, y + height],
      [x, centre],
    ];
    return `<polygon class="shape" points="${corners.map((corner) => corner.join(',')).join(' ')}"/>${label(y - 8)}`;
  }
  return `<rect class="shape" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>${label(centre)}`;
}

const childrenOf = (element: Element, name: string): Element[] =>
  Array.from(element.childNodes).filter((child) => (child as Element).localName === name) as Element[];
const number = (element: Element, name: string): number => Number(element.getAttribute(name));
const pointOf = (element: Element): Point => ({ x: number(element, 'x'), y: number(element, 'y') });

function shapeOf(element: Element): Shape {
  const [bounds] = childrenOf(element, 'Bounds');
  const size = bounds
    ? { ...pointOf(bounds), width: number(bounds, 'width'), height: number(bounds, 'height') }
    : { x: 0, y: 0, width: 0, height: 0 };
  return { ...size, of: element.getAttribute('bpmnElement') ?? '' };
}

const range = (values: number[]): [number, number] =>
  values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
