/** bpmn-js, showing a drawn flow with what stands in `drawing.ts` on it. */
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import type { FlowDrawing } from '../api/index.ts';
import { liveSteps, markersOf, standsAt, type Marks } from './drawing.ts';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** `collapsed`: of a part that is drawn elsewhere, with its mark where a caption would stand. */
type Shape = Box & { collapsed?: boolean };
interface Canvas {
  zoom(to?: number | 'fit-viewport', at?: 'auto'): number;
  viewbox(box?: Box): Box & { outer: Box; inner: Box };
  addMarker(id: string, marker: string): void;
  scroll(by: { dx: number; dy: number }): void;
  getLayer(name: string, index: number): SVGGElement;
  /** The plane that is shown, and the one that an element stands on: what lies within a collapsed part has its own. */
  getRootElement(): object;
  findRoot(of: Shape): object;
}
interface Viewer {
  importXML(xml: string): Promise<unknown>;
  get(name: 'canvas'): Canvas;
  get(name: 'elementRegistry'): { get(id: string): Shape | undefined };
  get(name: 'overlays'): { add(id: string, overlay: object): void };
  destroy(): void;
}

export interface Shown {
  /** The line below a step's name. */
  captions: Record<string, string>;
  marks?: Marks;
  /** Names the clock that stands: the live steps get a violet ground. */
  stopped?: string;
  /** Opens at the live steps, and the wheel scrolls the page. */
  strip?: boolean;
  /** Names longer than their boxes were drawn for. */
  dense?: boolean;
}

export interface FlowViewer {
  zoom(by: number): void;
  fit(): void;
  scroll(dx: number, dy: number): void;
  destroy(): void;
}

/** Smallest scale at which a strip is still readable. */
const READABLE = 0.9;

/** Rejects when the model cannot be drawn. */
export async function showFlow(container: HTMLElement, drawing: FlowDrawing, shown: Shown): Promise<FlowViewer> {
  const viewer: Viewer = new NavigatedViewer({
    container,
    textRenderer: {
      defaultStyle: {
        fontFamily: getComputedStyle(container).fontFamily,
        fontSize: shown.dense ? 11 : 13,
        lineHeight: 1.25,
      },
      externalStyle: { fontSize: shown.dense ? 11 : 12 },
    },
    bpmnRenderer: {
      defaultFillColor: 'var(--zy-surface)',
      defaultStrokeColor: 'var(--zy-line-strong)',
      defaultLabelColor: 'var(--zy-ink)',
    },
    zoomScroll: { enabled: !shown.strip },
  });
  try {
    await viewer.importXML(drawing.xml);
  } catch (error) {
    viewer.destroy();
    throw error;
  }
  const canvas = viewer.get('canvas');
  const elements = viewer.get('elementRegistry');
  const isShown = (shape: Shape) => canvas.findRoot(shape) === canvas.getRootElement();
  const around = (steps: FlowDrawing['steps']) =>
    surrounding(steps.flatMap((step) => elements.get(step.id) ?? []).filter(isShown));
  const live = around(liveSteps(drawing));

  for (const { id, marker } of markersOf(drawing, shown.marks)) if (elements.get(id)) canvas.addMarker(id, marker);
  for (const step of drawing.steps) {
    const text = shown.captions[step.id];
    const box = elements.get(step.id);
    if (!text || !box) continue;
    const html = document.createElement('div');
    html.className = `zy-caption ${step.state}`;
    html.textContent = text;
    html.style.width = `${box.width}px`;
    viewer.get('overlays').add(step.id, { position: { left: 0, ...captionPlace(step, box) }, html });
  }
  if (shown.stopped && live) drawGround(canvas, live, shown.stopped);
  if (canvas.zoom('fit-viewport', 'auto') < READABLE && shown.strip) lookAt(canvas, around(standsAt(drawing)));

  return {
    zoom: (by) => void canvas.zoom(Math.min(Math.max(canvas.zoom() * by, 0.2), 3), 'auto'),
    fit: () => void canvas.zoom('fit-viewport', 'auto'),
    scroll: (dx, dy) => canvas.scroll({ dx, dy }),
    destroy: () => viewer.destroy(),
  };
}

/** In a task above its lower edge, below a closed part, and under the title of one that is drawn open. */
function captionPlace(
  { type }: FlowDrawing['steps'][number],
  { collapsed }: Shape,
): { top: number } | { bottom: number } {
  if (collapsed) return { bottom: -2 };
  return /subprocess/i.test(type) ? { top: 24 } : { bottom: 20 };
}

function surrounding(boxes: Box[]): Box | null {
  if (boxes.length === 0) return null;
  const [x, y] = [Math.min(...boxes.map((b) => b.x)), Math.min(...boxes.map((b) => b.y))];
  return {
    x,
    y,
    width: Math.max(...boxes.map((b) => b.x + b.width)) - x,
    height: Math.max(...boxes.map((b) => b.y + b.height)) - y,
  };
}

/** Violet below the live steps, with the reason why the clock stands. */
function drawGround(canvas: Canvas, live: Box, text: string): void {
  const layer = canvas.getLayer('zy-ground', -1);
  const make = (name: string, attributes: Record<string, string | number>) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, `${value}`);
    layer.append(node);
    return node;
  };
  const width = Math.max(live.width + 44, text.length * 12 + 32);
  make('rect', { class: 'zy-ground', x: live.x - 22, y: live.y - 30, width, height: live.height + 46, rx: 6 });
  make('text', { class: 'zy-ground', x: live.x - 12, y: live.y - 12 }).textContent = text;
}

/** A place in the middle, at a readable scale; the beginning of the flow when there is none. */
function lookAt(canvas: Canvas, place: Box | null): void {
  const { inner, outer } = canvas.viewbox();
  const at = place ?? { x: inner.x, y: inner.y, width: 0, height: inner.height };
  const [width, height] = [outer.width / READABLE, outer.height / READABLE];
  const left = Math.min(at.x + at.width / 2 - width / 2, inner.x + inner.width - width + 24);
  canvas.viewbox({ x: Math.max(left, inner.x - 24), y: at.y + at.height / 2 - height / 2, width, height });
}
