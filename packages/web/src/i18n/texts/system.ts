import type { Texts } from '../text.ts';

export const systemTexts = {
  'gateways.title': { en: 'Gateways', zh: '网关' },
  'gateways.sentence': {
    en: {
      one: '<b>{{online}} of {{count}} gateway</b> online.',
      other: '<b>{{online}} of {{count}} gateways</b> online.',
    },
    zh: '<b>{{count}} 台网关</b>中 {{online}} 台在线。',
  },
  'gateways.online': { en: 'online', zh: '在线' },
  'gateways.offline': { en: 'offline', zh: '离线' },
  'gateways.heard': { en: 'heard', zh: '最近收到' },
  'gateways.lag': { en: 'from sample to store', zh: '采样到入库' },
  'gateways.backlog': { en: 'waiting on site', zh: '现场待传' },
  'gateways.backlogNone': { en: 'nothing waits', zh: '无积压' },
  'gateways.oldest': { en: 'oldest {{age}}', zh: '最早 {{age}}前' },
  'gateways.samples': { en: 'samples stored', zh: '已存样本' },
  'gateways.quarantined': { en: 'in quarantine', zh: '隔离' },
  'gateways.version': { en: 'Version', zh: '版本' },
  'gateways.revision': { en: 'Model revision', zh: '模型版本' },
  'gateways.epoch': { en: 'Log epoch', zh: '日志纪元' },
  'gateways.connections': { en: 'Connections', zh: '连接' },
  'gateways.connection': { en: 'Connection', zh: '连接' },
  'gateways.type': { en: 'Type', zh: '类型' },
  'gateways.state': { en: 'State', zh: '状态' },
  'gateways.silent': { en: 'Silent devices', zh: '无应答设备' },
  'gateways.noSilent': { en: 'none', zh: '无' },
  'gateways.detail': { en: 'Detail', zh: '详情' },
  'gateways.unknown': { en: 'not known', zh: '未知' },
  'gateways.empty.title': { en: 'No gateway yet', zh: '还没有网关' },
  'gateways.empty.body': {
    en: 'A gateway appears here when it first connects. Enrol it in the cloud service, then start it with its site file and secret.',
    zh: '网关首次连接后会出现在这里。请先在云端登记，再用项目文件和密钥启动网关。',
  },
  'signIn.title': { en: 'Sign in', zh: '登录' },
  'signIn.working': { en: 'Signing in …', zh: '正在登录…' },
  'signIn.how': {
    en: 'Plantroom is entered through a link that works once. There is no password.',
    zh: 'Plantroom 通过一次性链接登录，没有密码。',
  },
  'signIn.where': {
    en: 'The link is printed when the service starts; the demo shows it as its last line. If you do not run the service yourself, ask whoever does for a new link.',
    zh: '服务启动时会输出该链接，演示程序在最后一行显示。如果服务不由你管理，请向管理人员索取新链接。',
  },
  'signIn.paste': { en: 'Link or token', zh: '链接或令牌' },
  'signIn.submit': { en: 'Sign in', zh: '登录' },
} as const satisfies Texts;
