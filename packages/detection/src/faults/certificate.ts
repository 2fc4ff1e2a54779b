import type { KindName } from '@plantroom/model';
import { defineFault, type Fault, type FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const texts: FaultTexts = {
  title: both('Certificate about to expire', '证书即将到期'),
  cause: both(
    'The certificate on which the secured connection to this equipment stands ends soon, or has ended.',
    '与该设备加密通信所依赖的证书即将到期或已经到期。',
  ),
  consequence: both(
    'Once it has ended the connection is refused, and the equipment cannot be seen any more.',
    '到期后连接将被拒绝，设备数据随之中断。',
  ),
  steps: [
    both(
      'See which certificate ends: `plantroom gateway certificates` on the gateway lists them.',
      '在网关上运行 `plantroom gateway certificates`，查看是哪一张证书即将到期。',
    ),
    both(
      'The server’s own: renew it there, then trust the new one by its thumbprint.',
      '若是服务器证书：在服务器上更新，再按指纹信任新证书。',
    ),
    both(
      'The gateway’s: move it away, restart the gateway, and let the server trust the one that it makes.',
      '若是网关证书：移走旧证书并重启网关，再让服务器信任新生成的证书。',
    ),
  ],
};

/** A certificate that ends: its own or the server's. Found by the gateway, on one equipment for all of a connection. */
export function certificate(kind: KindName): Fault {
  return defineFault(kind, {
    id: `${kind}.certificate-expiring`,
    texts,
    trigger: 'external',
    subjects: { by: 'name', names: ['own', 'server', 'user'] },
    priority: 3,
    trade: 'instrumentation',
    raisesOrder: true,
  });
}
