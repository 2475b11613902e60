/** Evaluations of closed cases. */
export { default as EvaluationCard } from './EvaluationCard.vue';
