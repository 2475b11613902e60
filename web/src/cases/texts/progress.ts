/** How far a case is, for its applicant. */
export default {
  zh: {
    progress: {
      title: '办理进度',
      received: '收到申请',
      accepted: '受理',
      closed: '办结',
      yours: '由您办理',
      state: { open: '正在办', done: '已办', undone: '没有办完' },
      limit: '本环节期限 {limit}',
      fromTo: '{from} 至 {to}',
      since: '{from} 起',
      used: '已用 {used} / {total} {unit}',
      notCounted: '{n} {unit}不计入',
    },
  },
  en: {
    progress: {
      title: 'Progress',
      received: 'Application received',
      accepted: 'Accepted',
      closed: 'Closed',
      yours: 'yours to do',
      state: { open: 'going on', done: 'done', undone: 'not finished' },
      limit: 'limit of this step: {limit}',
      fromTo: '{from} to {to}',
      since: 'since {from}',
      used: '{used} of {total} {unit} used',
      notCounted: '{n} {unit} not counted',
    },
  },
};
