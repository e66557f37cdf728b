import type { ErrorCode } from 'yaml'

interface Explanation {
  readonly message: string
  readonly hint: string
}

const QUOTES = 'Put a text with special characters in single quotes.'
const INDENTATION = 'Indent with spaces, by the same number in one section.'
const ONE_LINE = 'Write the key, a colon, a space and the value on one line.'

/**
 * What the YAML parser's errors mean and what to do. Its own messages and excerpts are not shown: they quote the text,
 * which may hold secrets.
 */
export const YAML_ERRORS: { readonly [Code in ErrorCode]: Explanation } = {
  ALIAS_PROPS: { message: 'An alias (*) cannot have an anchor or a tag', hint: QUOTES },
  BAD_ALIAS: { message: 'An anchor (&) or alias (*) without a proper name', hint: QUOTES },
  BAD_DIRECTIVE: {
    message: 'A line that starts with % is not a directive that is understood',
    hint: 'Remove the line.',
  },
  BAD_DQ_ESCAPE: {
    message: 'A backslash in double quotes is followed by something unknown',
    hint: 'Use single quotes, or write \\\\.',
  },
  BAD_INDENT: { message: 'The indentation does not fit', hint: INDENTATION },
  BAD_PROP_ORDER: { message: 'An anchor (&) or a tag (!) stands at the wrong place', hint: QUOTES },
  BAD_SCALAR_START: { message: 'A value starts with a character that needs quotes', hint: QUOTES },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A value holds a second key on the same line',
    hint: 'Start a new line for each key; put a text with a colon in quotes.',
  },
  BLOCK_IN_FLOW: {
    message: 'A section with indentation inside brackets',
    hint: 'Write it with brackets or with indentation, not both.',
  },
  DUPLICATE_KEY: { message: 'The key is there twice', hint: 'Keep one of them.' },
  IMPOSSIBLE: { message: 'This is not YAML', hint: QUOTES },
  KEY_OVER_1024_CHARS: { message: 'A key is longer than 1024 characters', hint: ONE_LINE },
  MISSING_CHAR: {
    message: 'A character is missing: a closing quote or bracket, a comma, or the space after a colon',
    hint: 'Complete the line.',
  },
  MULTILINE_IMPLICIT_KEY: { message: 'A key goes over more than one line, or its colon is missing', hint: ONE_LINE },
  MULTIPLE_ANCHORS: { message: 'A value has more than one anchor (&)', hint: QUOTES },
  MULTIPLE_DOCS: { message: 'The file holds more than one document', hint: 'Keep what is above the line ---.' },
  MULTIPLE_TAGS: { message: 'A value has more than one tag (!)', hint: QUOTES },
  NON_STRING_KEY: { message: 'A key is not a text', hint: ONE_LINE },
  RESOURCE_EXHAUSTION: { message: 'The values are nested too deeply', hint: 'A config has a few levels only.' },
  TAB_AS_INDENT: { message: 'A tab is used as indentation', hint: 'Indent with spaces.' },
  TAG_RESOLVE_FAILED: { message: 'A tag (!) that has no meaning here', hint: QUOTES },
  UNEXPECTED_TOKEN: { message: 'Something stands here that does not belong here', hint: `${ONE_LINE} ${QUOTES}` },
  BAD_COLLECTION_TYPE: { message: 'A tag (!) does not fit its value', hint: 'Remove the tag.' },
}
