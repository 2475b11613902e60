/** The list of cases. */
export default {
  zh: {
    search: '办件查询',
    states: '办件状态',
    state: { all: '全部', running: '在办', closed: '办结' },
    column: {
      standsAt: '到了哪一步',
      received: '收到',
      due: '到期',
      effect: '结果',
      step: '环节',
      who: '谁',
      note: '说明',
    },
    none: '没有办件',
    noneHow: '收到的申请会列在这里',
    yourTurn: '由您办理：{step}',
    closedOn: '{day} 办结',
  },
  en: {
    search: 'Cases',
    states: 'State of the cases',
    state: { all: 'All', running: 'Running', closed: 'Closed' },
    column: {
      standsAt: 'Stands at',
      received: 'Received',
      due: 'Due',
      effect: 'Effect',
      step: 'Step',
      who: 'Who',
      note: 'Note',
    },
    none: 'No cases',
    noneHow: 'Applications that come in are listed here',
    yourTurn: 'Your turn: {step}',
    closedOn: 'closed {day}',
  },
};
