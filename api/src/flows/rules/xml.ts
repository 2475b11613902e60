import type { Document, Element } from '@xmldom/xmldom';

const DIAGRAM = 'http://www.omg.org/spec/BPMN/20100524/DI';

/** All elements in order of reading, without those of the diagram, which only browsers read. */
export function elementsOf(document: Document): Element[] {
  const found: Element[] = [];
  const walk = (element: Element | null): void => {
    if (!element || element.namespaceURI === DIAGRAM) return;
    found.push(element);
    for (const child of Array.from(element.childNodes))
      if (child.nodeType === child.ELEMENT_NODE) walk(child as Element);
  };
  walk(document.documentElement);
  return found;
}

/** Id of the element, or of the nearest one around it that has one. */
export function idAround(element: Element): string | undefined {
  for (let e: Element | null = element; e; e = e.parentNode as Element | null) {
    const id = e.getAttribute?.('id');
    if (id) return id;
  }
  return undefined;
}
