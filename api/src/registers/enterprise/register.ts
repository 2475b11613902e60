import { defineRegister, fieldsOf } from '../register.ts';

/** Producers (RCL-1): whom recalls and supervision are about. */
export const enterprise = defineRegister({
  id: 'enterprise',
  table: 'enterprise',
  title: { zh: '生产企业', en: 'Producers' },
  unique: 'uscc',
  subject: 'id',
  updatedAt: 'updated_at',
  codes: ['uscc'],
  name: 'name',
  bigrams: true,
  list: ['name', 'uscc', 'division', 'contactName', 'contactMobile'],
  filters: ['division'],
  fields: fieldsOf(`
    name|企业名称|Name
    uscc|统一社会信用代码|USCC|uscc
    division|行政区划|Division|division
    address|地址|Address
    legalRepName|法定代表人|Legal representative
    legalRepMobile|法定代表人手机|Mobile of the legal representative|phone
    contactName|联系人|Contact
    contactMobile|联系人手机|Mobile of the contact|phone
    contactEmail|联系人邮箱|E-mail of the contact|email
  `),
  children: [
    {
      id: 'products',
      table: 'enterprise_product',
      label: { zh: '产品', en: 'Products' },
      key: ['name', 'brand', 'model'],
      fields: fieldsOf(`
        name|产品名称|Name
        brand|品牌|Brand
        model|规格型号|Model
        category|产品类别|Category
        standardNo|执行标准|Standard|standard-no
        note|备注|Note
      `),
    },
  ],
});
