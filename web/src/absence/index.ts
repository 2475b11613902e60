/** Absences and deputies. */
export { default as PersonAbsences } from './PersonAbsences.vue';
