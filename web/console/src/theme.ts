// SPDX-License-Identifier: Apache-2.0
// One accent, quiet greys, the system's own letters. Sizes and distances come from here, so that pages agree.
import {
  ActionIcon,
  Badge,
  Button,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  Paper,
  Table,
  Tabs,
  Tooltip,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef5fb',
  '#dbe7f3',
  '#b4cde6',
  '#8ab2d9',
  '#679bce',
  '#518dc7',
  '#4485c4',
  '#2f6ea8',
  '#2b5f8f',
  '#1d4a73',
];

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e4e8ec',
  '#d5dbe1',
  '#b8c1ca',
  '#94a0ac',
  '#66737f',
  '#4c5864',
  '#353f49',
  '#1d242b',
];

const dark: MantineColorsTuple = [
  '#d3d8de',
  '#b3bbc4',
  '#9aa4af',
  '#66717d',
  '#414b56',
  '#323b45',
  '#262e37',
  '#1d242c',
  '#171d24',
  '#10151b',
];

const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  colors: { accent, gray, dark },
  fontFamily: fonts,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontFamily: fonts,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // What is said about a field stands below it: fields beside each other begin at one height.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'sm' },
      styles: { label: { textTransform: 'none' } },
    }),
    Button: Button.extend({ styles: { label: { fontWeight: 550 } } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', position: 'bottom-end', withinPortal: true } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4, blur: 1 } },
      styles: { title: { fontWeight: 600 } },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } }),
    // What scrolls is reached by the keyboard.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true } }),
  },
});
