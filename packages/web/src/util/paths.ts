/** Every address of the dashboard; pages link through here and nowhere else. */
const siteOf = (site: string) => `/sites/${encodeURIComponent(site)}`;

export const paths = {
  home: () => '/',
  signIn: () => '/sign-in',
  site: (site: string) => siteOf(site),
  equipmentList: (site: string) => `${siteOf(site)}/equipment`,
  equipment: (site: string, id: string) => `${siteOf(site)}/equipment/${encodeURIComponent(id)}`,
  alarms: (site: string) => `${siteOf(site)}/alarms`,
  alarm: (site: string, id: string) => `${siteOf(site)}/alarms?alarm=${encodeURIComponent(id)}`,
  orders: (site: string) => `${siteOf(site)}/orders`,
  order: (site: string, id: string) => `${siteOf(site)}/orders/${encodeURIComponent(id)}`,
  energy: (site: string) => `${siteOf(site)}/energy`,
  gateways: (site: string) => `${siteOf(site)}/gateways`,
  completeness: (site: string, day?: string) => `${siteOf(site)}/completeness${day ? `?day=${day}` : ''}`,
} as const;
