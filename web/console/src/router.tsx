// SPDX-License-Identifier: Apache-2.0
// All addresses, in one list. A page's script is fetched when it is first opened.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { FailedPage } from './components/error_boundary';
import { LoadingPage } from './components/states';
import { MembersOnly } from './shell/members_only';
import { NotFoundPage } from './shell/not_found';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

// For everybody: links from mails and from the command line.
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./pages/set_up/set_up_page'), 'SetUpPage'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/log_in/invitation_page'), 'InvitationPage'),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./pages/log_in/reset_page'), 'ResetPage'),
});

// For who is logged in, inside of the shell.
const members = createRoute({ getParentRoute: () => root, id: 'members', component: MembersOnly });
const home = createRoute({
  getParentRoute: () => members,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/home_page'), 'HomePage'),
});
const account = createRoute({
  getParentRoute: () => members,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account_page'), 'AccountPage'),
});

const routes = root.addChildren([setUp, invitation, resetPassword, members.addChildren([home, account])]);

export const router = createRouter({
  routeTree: routes,
  defaultPreload: 'intent',
  defaultPendingComponent: LoadingPage,
  defaultPendingMs: 150,
  defaultErrorComponent: ({ error, reset }) => <FailedPage error={error} onRetry={reset} />,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
