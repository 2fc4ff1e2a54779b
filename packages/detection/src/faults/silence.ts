import type { KindName, Priority, Trade } from '@plantroom/model';
import { defineFault, engineering, type Fault, type FaultTexts, seconds } from './define-fault.ts';
import { both } from './figures.ts';

const texts: FaultTexts = {
  title: both('Device silent', '设备失联'),
  cause: both(
    'No usable value has come for longer than the device may be silent: power, cable, address or the device itself.',
    '超过允许时间未收到有效数据：可能是断电、线路中断、通信地址错误或设备本身故障。',
  ),
  consequence: both(
    'Its state is unknown; faults of this equipment cannot be seen until it answers again.',
    '设备状态未知；恢复通信前无法发现其故障。',
  ),
  steps: [
    both('Check on site that the equipment itself is working and safe.', '到现场确认设备本身运行正常、处于安全状态。'),
    both(
      'Check the power supply and the link lamp of the device and its network switch.',
      '检查设备及所接交换机的电源和链路指示灯。',
    ),
    both(
      'Check the address, unit id and cable; swap the cable if in doubt.',
      '核对通信地址、站号和接线，必要时更换网线。',
    ),
  ],
};

/**
 * An equipment that has sent nothing usable (M1 and F10, for every kind): longer than its own cadence allows, and never
 * less than the parameter. It explains every other fault of the equipment but those of safety.
 */
export function silence(kind: KindName, priority: Priority, trade: Trade, raisesOrder: boolean): Fault {
  return defineFault(kind, {
    id: `${kind}.silent`,
    texts,
    trigger: 'silence',
    onDelay: seconds(60, [10, 86_400], 'fault library F10: warn after 60 s; M1: 3 missed readings'),
    offDelay: seconds(5, [0, 600], engineering),
    priority,
    trade,
    raisesOrder,
  });
}
