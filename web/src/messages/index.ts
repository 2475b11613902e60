/** What the product tells a person. */
export { useReading } from './reading.ts';
