/** The wizard of `init`. Loads Ink and React: only to be imported when it is to be shown. */
export { runWizard, type WizardOptions, type WizardOutcome } from './run-wizard.tsx'
