/** Places on the earth: WGS 84 in degrees, precision in metres. */
import type { Lang } from './kind.ts';

export interface Point {
  lat: number;
  lon: number;
  /** Radius in metres within which the place lies; null or absent: typed. */
  accuracy?: number | null;
}

/** The box around the country's territory; what lies outside was mistyped or swapped. */
export const isInChina = ({ lat, lon }: Point) => lat > 3 && lat < 54 && lon > 73 && lon < 136;

/** Degrees with six digits, about 0.1 m. */
export function spellPoint({ lat, lon, accuracy }: Point, lang: Lang): string {
  const [east, north] = [lon.toFixed(6), lat.toFixed(6)];
  const within = typeof accuracy === 'number' ? Math.max(1, Math.round(accuracy)) : null;
  if (lang === 'en') return `${east}° E, ${north}° N${within ? ` (±${within} m)` : ''}`;
  return `东经 ${east}°，北纬 ${north}°${within ? `（误差约 ${within} 米）` : ''}`;
}

const EARTH_M = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres along the surface (haversine on the mean sphere, off by 0.5 % at most). */
export function distance(a: Point, b: Point): number {
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h = half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lon, b.lon);
  return 2 * EARTH_M * Math.asin(Math.sqrt(h));
}

/** `86 米`, `1.3 千米` */
export function spellDistance(metres: number, lang: Lang): string {
  if (metres < 1000) return `${Math.round(metres)} ${lang === 'zh' ? '米' : 'm'}`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} ${lang === 'zh' ? '千米' : 'km'}`;
}

/** Reads `106.713478, 26.578312` in either order (the country's ranges do not overlap), `26°34'42"N 106°42'48"E`. */
export function readPoint(text: string): { lat: number; lon: number } | null {
  const plain = text.replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const number = String.raw`(\d{1,3}(?:\.\d+)?)\s*[°度]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*["″秒]\s*)?)?`;
  const found = [...plain.matchAll(new RegExp(number, 'g'))];
  if (found.length !== 2) return null;
  const [a, b] = found.map(([, d, m = '0', s = '0']) => Number(d) + Number(m) / 60 + Number(s) / 3600);
  const [lat, lon] = a < 60 && b >= 60 ? [a, b] : [b, a];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat: round(lat), lon: round(lon) } : null;
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

export const pointProperties = {
  lat: { type: 'number', minimum: -90, maximum: 90 },
  lon: { type: 'number', minimum: -180, maximum: 180 },
  accuracy: { type: ['number', 'null'], minimum: 0 },
};
