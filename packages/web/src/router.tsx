import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
} from '@tanstack/react-router';
import { CrashPage } from './layout/crash-page.tsx';
import { HomePage } from './layout/home-page.tsx';
import { SiteShell } from './layout/site-shell.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { OverviewPage } from './pages/overview/overview-page.tsx';

interface RouterContext {
  readonly client: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
});

const site = createRoute({ getParentRoute: () => root, path: '/sites/$site', component: SiteShell });
const underSite = { getParentRoute: () => site };

const overview = createRoute({ ...underSite, path: '/', component: OverviewPage });

const equipmentList = createRoute({
  ...underSite,
  path: '/equipment',
  component: lazyRouteComponent(() => import('./pages/equipment-list-page.tsx'), 'EquipmentListPage'),
});

const equipment = createRoute({
  ...underSite,
  path: '/equipment/$id',
  component: lazyRouteComponent(() => import('./pages/equipment/equipment-page.tsx'), 'EquipmentPage'),
});

/** `alarm` opens the drawer of one alarm over the list. */
const alarms = createRoute({
  ...underSite,
  path: '/alarms',
  validateSearch: (search: Record<string, unknown>): { alarm?: string } =>
    typeof search.alarm === 'string' ? { alarm: search.alarm } : {},
  component: lazyRouteComponent(() => import('./pages/alarms-page.tsx'), 'AlarmsPage'),
});

const orders = createRoute({
  ...underSite,
  path: '/orders',
  component: lazyRouteComponent(() => import('./pages/orders-page.tsx'), 'OrdersPage'),
});

const order = createRoute({
  ...underSite,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('./pages/order-page.tsx'), 'OrderPage'),
});

const energy = createRoute({
  ...underSite,
  path: '/energy',
  component: lazyRouteComponent(() => import('./pages/energy-page.tsx'), 'EnergyPage'),
});

const gateways = createRoute({
  ...underSite,
  path: '/gateways',
  component: lazyRouteComponent(() => import('./pages/gateways-page.tsx'), 'GatewaysPage'),
});

/** `day` is the day whose statement is shown; yesterday unless told. */
const completeness = createRoute({
  ...underSite,
  path: '/completeness',
  validateSearch: (search: Record<string, unknown>): { day?: string } =>
    typeof search.day === 'string' && /^\d{4}-\d\d-\d\d$/.test(search.day) ? { day: search.day } : {},
  component: lazyRouteComponent(() => import('./pages/completeness-page.tsx'), 'CompletenessPage'),
});

const routeTree = root.addChildren([
  home,
  signIn,
  site.addChildren([overview, equipmentList, equipment, alarms, orders, order, energy, gateways, completeness]),
]);

/** The pages and their addresses; `history` is given by tests only. */
export function createAppRouter(client: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: { client },
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: CrashPage,
    scrollRestoration: true,
    ...(history && { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
