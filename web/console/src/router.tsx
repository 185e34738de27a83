// SPDX-License-Identifier: Apache-2.0
// All addresses, in one list. A page's script is fetched when it is first opened; that
// of the customers, where everybody begins, is there at once.
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { FailedPage } from './components/error_boundary';
import { LoadingPage } from './components/states';
import { mendAddress } from './lib/address';
import { lazyPage, retryPages } from './lib/lazy_page';
import { readListSearch } from './lib/list_search';
import { CustomersPage } from './pages/customers/customers_page';
import { loadCustomers } from './pages/customers/load';
import { readSearch } from './pages/customers/search';
import { MembersOnly } from './shell/members_only';
import { NotFoundPage } from './shell/not_found';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

/** Which tab of a record's page is open. */
function readTab({ tab }: Record<string, unknown>): { tab?: string } {
  return typeof tab === 'string' ? { tab } : {};
}

// For everybody: links from mails and from the command line.
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyPage(() => import('./pages/set_up/set_up_page'), 'SetUpPage'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyPage(() => import('./pages/log_in/invitation_page'), 'InvitationPage'),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyPage(() => import('./pages/log_in/reset_page'), 'ResetPage'),
});

// For who is logged in, inside of the shell.
const members = createRoute({ getParentRoute: () => root, id: 'members', component: MembersOnly });
// Customers are where the work is.
const home = createRoute({
  getParentRoute: () => members,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/customers', replace: true });
  },
});
const customers = createRoute({
  getParentRoute: () => members,
  path: '/customers',
  validateSearch: readSearch,
  loader: ({ location }) => loadCustomers(readSearch(location.search as Record<string, unknown>)),
  shouldReload: false,
  component: CustomersPage,
});
const customer = createRoute({
  getParentRoute: () => members,
  path: '/customers/$id',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/customers/customer/customer_page'), 'CustomerPage'),
});
const work = createRoute({
  getParentRoute: () => members,
  path: '/work',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/agency/user/user_page'), 'MyWorkPage'),
});
const services = createRoute({
  getParentRoute: () => members,
  path: '/services',
  validateSearch: readListSearch,
  component: lazyPage(() => import('./pages/agency/services/services_page'), 'ServicesPage'),
});
const service = createRoute({
  getParentRoute: () => members,
  path: '/services/$id',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/agency/services/service_page'), 'ServicePage'),
});
const applications = createRoute({
  getParentRoute: () => members,
  path: '/applications',
  validateSearch: readListSearch,
  component: lazyPage(() => import('./pages/agency/applications/applications_page'), 'ApplicationsPage'),
});
const application = createRoute({
  getParentRoute: () => members,
  path: '/applications/$id',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/agency/applications/application_page'), 'ApplicationPage'),
});
const partners = createRoute({
  getParentRoute: () => members,
  path: '/partners',
  validateSearch: readListSearch,
  component: lazyPage(() => import('./pages/agency/catalogue/partners_page'), 'PartnersPage'),
});
const partner = createRoute({
  getParentRoute: () => members,
  path: '/partners/$id',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/agency/catalogue/partner_page'), 'PartnerPage'),
});
const products = createRoute({
  getParentRoute: () => members,
  path: '/products',
  validateSearch: readListSearch,
  component: lazyPage(() => import('./pages/agency/catalogue/products_page'), 'ProductsPage'),
});
const product = createRoute({
  getParentRoute: () => members,
  path: '/products/$id',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/agency/catalogue/product_page'), 'ProductPage'),
});
const user = createRoute({
  getParentRoute: () => members,
  path: '/users/$id',
  validateSearch: readTab,
  component: lazyPage(() => import('./pages/agency/user/user_page'), 'UserPage'),
});
const users = createRoute({
  getParentRoute: () => members,
  path: '/users',
  component: lazyPage(() => import('./pages/users/users_page'), 'UsersPage'),
});
const tokens = createRoute({
  getParentRoute: () => members,
  path: '/tokens',
  component: lazyPage(() => import('./pages/tokens/tokens_page'), 'TokensPage'),
});
const settings = createRoute({
  getParentRoute: () => members,
  path: '/settings',
  component: lazyPage(() => import('./pages/settings/settings_page'), 'SettingsPage'),
});
const audit = createRoute({
  getParentRoute: () => members,
  path: '/audit',
  component: lazyPage(() => import('./pages/audit/audit_page'), 'AuditPage'),
});
const operations = createRoute({
  getParentRoute: () => members,
  path: '/operations',
  component: lazyPage(() => import('./pages/operations/operations_page'), 'OperationsPage'),
});
const account = createRoute({
  getParentRoute: () => members,
  path: '/account',
  component: lazyPage(() => import('./pages/account/account_page'), 'AccountPage'),
});

const routes = root.addChildren([
  setUp,
  invitation,
  resetPassword,
  members.addChildren([
    home,
    customers,
    customer,
    work,
    services,
    service,
    applications,
    application,
    partners,
    partner,
    products,
    product,
    user,
    users,
    tokens,
    settings,
    audit,
    operations,
    account,
  ]),
]);

mendAddress();

export const router = createRouter({
  routeTree: routes,
  defaultPreload: 'intent',
  defaultPendingComponent: LoadingPage,
  defaultPendingMs: 150,
  defaultErrorComponent: ({ error, reset }) => (
    <FailedPage
      error={error}
      onRetry={() => {
        retryPages();
        reset();
      }}
    />
  ),
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

router.subscribe('onBeforeNavigate', retryPages);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
