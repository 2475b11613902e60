/** What an officer can record about a service, and what each record asks for. */
import type { ServiceView } from '../api/index.ts';

export type Mode = 'delivered' | 'returned' | 'post' | 'signed' | 'left' | 'announcement' | 'electronic' | 'evidence';

interface Field {
  key: string;
  type: 'text' | 'date' | 'datetime-local';
  optional?: boolean;
}

const text = (key: string): Field => ({ key, type: 'text' });
const inPerson = [{ key: 'at', type: 'datetime-local' } as const, text('receiver'), text('place')];

export const FIELDS: Record<Mode, Field[]> = {
  delivered: [{ key: 'at', type: 'datetime-local' }, text('receiver')],
  returned: [{ key: 'at', type: 'datetime-local' }, text('reason')],
  post: [{ key: 'sentOn', type: 'date' }, text('carrier'), text('tracking'), text('address')],
  signed: inPerson,
  left: [...inPerson, text('witnesses')],
  announcement: [{ key: 'publishedOn', type: 'date' }, text('where'), text('reason')],
  electronic: [],
  evidence: [],
};

const SENDING: Mode[] = ['post', 'signed', 'left', 'announcement', 'electronic'];

/** What can be recorded now, the likeliest first. */
export function modesOf({ actions, way, state }: ServiceView): Mode[] {
  const sending = SENDING.filter((mode) => mode !== 'electronic' || way === 'electronic' || state !== 'waiting');
  return actions.flatMap((action): Mode[] => {
    switch (action) {
      case 'deliver':
        return ['delivered'];
      case 'return':
        return ['returned'];
      case 'evidence':
        return ['evidence'];
      case 'send':
        return sending;
    }
  });
}

/** The request that records it. Moments are typed in the time of China. */
export function bodyOf(mode: Mode, values: Record<string, string>): { path: string; body: Record<string, string> } {
  const body: Record<string, string> = Object.fromEntries(
    FIELDS[mode].map(({ key, type }) => {
      const value = values[key]?.trim() ?? '';
      return [key, type === 'datetime-local' ? `${value.slice(0, 16)}:00+08:00` : value];
    }),
  );
  if (mode === 'delivered' || mode === 'returned') return { path: 'end', body: { outcome: mode, ...body } };
  if (mode === 'signed' || mode === 'left')
    return { path: 'attempts', body: { way: 'person', receipt: mode, ...body } };
  return { path: 'attempts', body: { way: mode, ...body } };
}
