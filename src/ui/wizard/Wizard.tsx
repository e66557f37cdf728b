import { Text, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { type Dispatch, useEffect, useReducer } from 'react'
import type { Answers } from '../../core/config/index.ts'
import type { Style } from '../cli/style.ts'
import { probedTexts } from './complaints.ts'
import { type Event, eventsOf } from './events.ts'
import { type Instruments, look } from './look.ts'
import { reduce } from './reducer.ts'
import {
  answersOf,
  asked,
  type Catalogue,
  foldersOf,
  initialState,
  type Preview,
  questionsOf,
  type State,
  SUMMARY,
} from './state.ts'
import { screenOf } from './view/screen.ts'

export interface WizardProps {
  readonly catalogue: Catalogue
  readonly instruments: Instruments
  readonly style: Style
  /** What a deploy with these answers would do. */
  readonly preview: (answers: Answers, folders: readonly string[]) => Promise<Preview>
  /** Called once, with the state that has an ending. */
  readonly onEnd: (state: State) => void
}

/** The wizard on a terminal: keys go into the reducer, its state onto the screen, and what is asked of the machine comes back. */
export function Wizard({ catalogue, instruments, style, preview, onEnd }: WizardProps) {
  const [state, dispatch] = useReducer(
    (current: State, event: Event) => reduce(current, event, catalogue),
    catalogue,
    initialState,
  )
  const size = useWindowSize()
  const cursor = useCursor()
  useInput((input, key) => {
    for (const event of eventsOf(input, key)) dispatch(event)
  })
  usePaste((text) => dispatch({ type: 'pasted', text }))
  useLooks(state, catalogue, instruments, dispatch)
  usePreview(state, catalogue, preview, dispatch)

  const screen = screenOf(state, catalogue, size, style)
  useEffect(() => dispatch({ type: 'measured', reach: screen.reach }), [screen.reach])
  useEffect(() => {
    if (state.ending !== undefined) onEnd(state)
  }, [state, onEnd])
  cursor.setCursorPosition(screen.cursor)
  return <Text>{screen.lines.map((line) => (line === '' ? ' ' : line)).join('\n')}</Text>
}

/** Looks at the answers of the present step whenever something was typed. What comes back too late is about another text, and is dropped. */
function useLooks({ lines, step }: State, catalogue: Catalogue, instruments: Instruments, dispatch: Dispatch<Event>) {
  useEffect(() => {
    let isWanted = true
    const typed = { lines }
    const questions = questionsOf(typed, catalogue)
    const here = questions.steps.find(({ id }) => id === step)
    for (const { id, probe } of here === undefined ? [] : asked(typed, here, questions)) {
      if (probe === undefined) continue
      const texts = probedTexts(typed, probe.of, questions)
      void look(probe, texts, instruments).then((verdict) => {
        if (isWanted) dispatch({ type: 'looked', id, of: texts.join('\n'), verdict })
      })
    }
    return () => {
      isWanted = false
    }
  }, [lines, step, catalogue, instruments, dispatch])
}

/** Makes the plan anew whenever the summary is come to. */
function usePreview(
  { lines, step }: State,
  catalogue: Catalogue,
  preview: WizardProps['preview'],
  dispatch: Dispatch<Event>,
) {
  useEffect(() => {
    if (step !== SUMMARY) return
    let isWanted = true
    void preview(answersOf({ lines }, catalogue), foldersOf({ lines }, catalogue)).then((made) => {
      if (isWanted) dispatch({ type: 'previewed', preview: made })
    })
    return () => {
      isWanted = false
    }
  }, [lines, step, catalogue, preview, dispatch])
}
