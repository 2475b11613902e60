/** Evaluations of closed cases. */
export { default as EvaluationCard } from './EvaluationCard.vue';
export { default as EvaluationsWaitingCard } from './WaitingCard.vue';
