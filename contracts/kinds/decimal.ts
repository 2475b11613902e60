/** Numbers as people write them, and exact decimal arithmetic: 0.1 + 0.2 is 0.3. */
import type { Field } from '../forms/schema.ts';
import { unitOf } from '../forms/walk.ts';
import { error, type KindFinding, type Parsed } from './kind.ts';

/** Digits after the point. */
export function decimals(value: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** The sum without binary rounding. */
export function exactSum(values: number[]): number {
  const digits = Math.max(0, ...values.map(decimals));
  const sum = values.reduce((total, value) => total + BigInt(value.toFixed(digits).replace('.', '')), 0n);
  return Number(sum) / 10 ** digits;
}

const fullWidth = /[０-９．，－]/g;

/** Reads `1,286.40`, full-width digits, a unit behind it. */
export function readNumber(text: string, field: Field): Parsed {
  const unit = unitOf(field);
  const plain = text
    .replace(fullWidth, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s,]/g, '')
    .replace(unit ? new RegExp(`${escape(unit)}$`) : /%$/, '');
  const value = Number(plain);
  if (/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(plain) && Number.isFinite(value)) return { value };
  return { zh: `「${text}」不是数字。只填数字${unit ? `，单位是${unit}` : ''}`, en: `"${text}" is not a number` };
}

export function checkBounds(value: number, field: Field, show: (n: number) => string = String): KindFinding[] {
  const { min, max } = field.validate ?? {};
  const unit = unitOf(field) ?? '';
  if (typeof min === 'number' && value < min)
    return [error('too-small', `「${show(value)}」太小，不能小于 ${show(min)}${unit}`, `At least ${show(min)}${unit}`)];
  if (typeof max === 'number' && value > max)
    return [error('too-large', `「${show(value)}」太大，不能大于 ${show(max)}${unit}`, `At most ${show(max)}${unit}`)];
  return [];
}

export function withThousands(number: string): string {
  const [whole, fraction] = number.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
