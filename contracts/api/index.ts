export * from './calendar.ts';
export * from './cases.ts';
export * from './forms.ts';
export * from './identity.ts';
export * from './operator.ts';
export * from './organisation.ts';
export * from './public.ts';
export * from './registers.ts';
