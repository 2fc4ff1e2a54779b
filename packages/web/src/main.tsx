import '@fontsource-variable/inter/wght.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/layout.css';
import './theme/components.css';
import './theme/pictures.css';
import './theme/pages.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { startBrowserTexts } from './i18n/setup.ts';
import { createAppRouter } from './router.tsx';
import { startTheme } from './theme/theme.ts';
import { paths } from './util/paths.ts';

startTheme();
await startBrowserTexts();

const client = createQueryClient(() => {
  if (location.pathname !== paths.signIn()) void router.navigate({ to: paths.signIn() });
});
const router = createAppRouter(client);

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
