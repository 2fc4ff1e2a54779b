import type { Role } from '@plantroom/model/api';

/** What a route asks of its caller. */
export type Permission = 'view' | 'alarm.acknowledge' | 'alarm.shelve' | 'order.work' | 'order.manage';

const all: readonly Permission[] = ['view', 'alarm.acknowledge', 'alarm.shelve', 'order.work', 'order.manage'];

/**
 * Who may do what. A technician works on orders but cannot hide an alarm or close a job that was not checked; the energy
 * manager steers orders but does not touch alarms.
 */
const granted: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['view'],
  technician: ['view', 'alarm.acknowledge', 'order.work'],
  engineer: all,
  manager: ['view', 'order.manage'],
  administrator: all,
};

export function may(role: Role, permission: Permission): boolean {
  return granted[role].includes(permission);
}
