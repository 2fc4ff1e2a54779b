import type { Texts } from '../text.ts';

/** What to do about each refusal; `problem.` and the stable code of the API, or of the browser's own troubles. */
export const problemTexts = {
  'problem.unreachable': {
    en: 'The service does not answer. Check the network; the page tries again by itself.',
    zh: '服务没有应答。请检查网络，页面会自动重试。',
  },
  'problem.unexpected': {
    en: 'The service answered {{status}}, which this page does not know. Load the page again; it may be older than the service.',
    zh: '服务返回了 {{status}}，页面无法识别。请重新加载页面，它可能比服务旧。',
  },
  'problem.invalid-request': {
    en: 'The service could not use this: {{detail}}',
    zh: '服务无法处理该请求：{{detail}}',
  },
  'problem.not-signed-in': { en: 'Your session is over. Sign in again.', zh: '登录已失效，请重新登录。' },
  'problem.sign-in-refused': {
    en: 'This link was used, has expired or never existed. Ask for a new one; each works once.',
    zh: '该链接已使用、已过期或不存在。每个链接只能使用一次，请重新获取。',
  },
  'problem.not-allowed': {
    en: 'Your role does not allow this. Ask somebody whose role does.',
    zh: '你的角色没有此权限，请联系有权限的人员。',
  },
  'problem.not-found': {
    en: 'It is not there, or you may not see it. Go back to the list.',
    zh: '对象不存在，或者你无权查看。请返回列表。',
  },
  'problem.version-conflict': {
    en: 'Somebody changed it meanwhile. Below is how it is now; look, then decide again.',
    zh: '期间有人作了修改。下面是最新内容，请查看后再操作。',
  },
  'problem.action-not-allowed': {
    en: 'Its present state does not allow this any more. Below is how it is now.',
    zh: '当前状态已不允许此操作。下面是最新内容。',
  },
  'problem.too-large': { en: 'That is too long. Shorten the text.', zh: '内容过长，请缩短文字。' },
  'problem.unsupported-media-type': {
    en: 'The page and the service do not fit together. Load the page again.',
    zh: '页面与服务版本不一致，请重新加载页面。',
  },
  'problem.too-many-steps': {
    en: 'That span holds too many values. Choose a shorter one.',
    zh: '该时段数据过多，请选择更短的时段。',
  },
  'problem.too-many-requests': {
    en: 'Too many attempts. Wait a minute, then try again.',
    zh: '尝试次数过多，请一分钟后再试。',
  },
  'problem.internal': {
    en: 'The service failed over this. Try again; if it stays, its log says why.',
    zh: '服务处理失败。请重试；若仍失败，原因见服务日志。',
  },
  'problem.unavailable': {
    en: 'The service is stopping or starting. The page tries again by itself.',
    zh: '服务正在停止或启动，页面会自动重试。',
  },
} as const satisfies Texts;
