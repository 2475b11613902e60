import { defineRegister, fieldsOf } from '../register.ts';

/** Certificates: written by issuing and changing them only, read here like any register. */
export const certificate = defineRegister({
  id: 'certificate',
  table: 'certificate',
  title: { zh: '证书', en: 'Certificates' },
  mirrored: true,
  subject: 'institution_id',
  updatedAt: 'issued_at',
  without: { column: 'state', values: ['reserved', 'void'] },
  codes: ['number', 'holderUscc'],
  name: 'holderName',
  list: ['number', 'version', 'holderName', 'holderUscc', 'state', 'validTo'],
  fields: fieldsOf(`
    number|证书编号|Number
    version|版本|Version|number
    kind|证书种类|Kind
    holderName|机构名称|Holder
    holderUscc|统一社会信用代码|USCC|uscc
    state|状态|State|choice|valid 有效 Valid; suspended 暂停 Suspended; superseded 已被替换 Superseded; expired 已过期 Expired; revoked 撤销 Revoked; forfeited 吊销 Forfeited; recalled 撤回 Recalled; cancelled 注销 Cancelled
    validFrom|发证日期|Valid from|date
    validTo|有效期至|Valid to|date
  `),
  children: [],
});
