import type { Writable } from 'node:stream'
import type { Engine } from '../client/index.ts'
import { type DataContext, type DataCopy, type DataEvidence, type DataFacts, type DataPart, Unchanged } from './part.ts'
import { runScript, ScriptFailed } from './script.ts'

/**
 * The contract of the official images: a variable, or the file that its `_FILE` names. $1 to $3 are the names of the
 * variables. The password goes to the tools in PGPASSWORD.
 */
const CONNECT = `
value() { eval "file=\\\${\${1}_FILE:-}"; if [ -n "$file" ]; then cat "$file"; else eval "printf '%s' \\"\\\${$1:-}\\""; fi; }
user=$(value "$1"); user=\${user:-postgres}
database=$(value "$2"); database=\${database:-$user}
PGPASSWORD=$(value "$3"); export PGPASSWORD
`

const DUMP = `${CONNECT}
exec pg_dump --format=custom --compress=0 --no-password -U "$user" -d "$database"`

/** Everything is read, nothing is kept. What is left of the input is read too: a closed pipe would hide why it failed. */
const CHECK = `pg_restore --file=/dev/null; code=$?; cat >/dev/null; exit $code`

/**
 * One transaction: everything that is there goes, also what was added after the copy was made, and the copy comes. It is
 * committed only when the copy has been read to its good end; psql itself would take a torn one for complete. The word at
 * the end says that the commit was carried out.
 */
const LOAD = `${CONNECT}
{ cat <<'SQL'
BEGIN;
SET LOCAL lock_timeout = '30s';
SET LOCAL client_min_messages = warning;
SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
  IF current_setting('server_version_num')::int >= 150000 THEN
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
  ELSE
    CREATE SCHEMA public;
    GRANT ALL ON SCHEMA public TO PUBLIC;
  END IF;
END $$;
SQL
pg_restore $4 --file=- && printf '\\nCOMMIT;\\n\\\\echo ddalab-restored\\n'; cat >/dev/null
} | psql --no-psqlrc --quiet --output=/dev/null -v ON_ERROR_STOP=1 --no-password -U "$user" -d "$database"
`

const COUNT = `${CONNECT}
psql --no-psqlrc --quiet --tuples-only --no-align --field-separator=' ' --no-password -U "$user" -d "$database" <<'SQL'
CREATE FUNCTION pg_temp.contents() RETURNS TABLE (tables bigint, rows bigint) LANGUAGE plpgsql AS $$
DECLARE one record; counted bigint;
BEGIN
  tables := 0; rows := 0;
  FOR one IN SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LOOP
    EXECUTE format('SELECT count(*) FROM %I.%I', one.nspname, one.relname) INTO counted;
    tables := tables + 1; rows := rows + counted;
  END LOOP;
  RETURN NEXT;
END $$;
SELECT * FROM pg_temp.contents();
SQL
`

const words = ({ variables: { user, database, password } }: DataPart) => [user, database, password]

export async function savePostgres(
  engine: Engine,
  part: DataPart,
  target: Writable,
  { signal }: DataContext,
): Promise<DataFacts> {
  await runScript(engine, part.container, `dump ${part.service}`, DUMP, words(part), { stdout: target, signal })
  return {}
}

export async function checkPostgres(
  engine: Engine,
  part: DataPart,
  { source }: DataCopy,
  { signal }: DataContext,
): Promise<void> {
  await runScript(engine, part.container, `read the dump of ${part.service}`, CHECK, [], { stdin: source, signal })
}

export async function loadPostgres(
  engine: Engine,
  part: DataPart,
  { source }: DataCopy,
  { signal }: Pick<DataContext, 'signal'>,
  flags = '',
): Promise<void> {
  const doing = `restore ${part.service}`
  const streams = { stdin: source, signal }
  const said = await runScript(engine, part.container, doing, LOAD, [...words(part), flags], streams).catch(rolledBack)
  if (said.includes('ddalab-restored')) return
  throw new Unchanged('OPERATION_FAILED', `Could not ${doing}: the dump could not be read to its end.`)
}

/** Code 3 of psql is an error of the script, with ON_ERROR_STOP. After a lost connection (2) nobody knows about the commit. */
function rolledBack(thrown: unknown): never {
  if (!(thrown instanceof ScriptFailed) || thrown.exitCode !== 3) throw thrown
  throw new Unchanged(thrown.code, thrown.message, thrown.options)
}

/** How much is in the database of a container. */
export async function countPostgres(engine: Engine, part: DataPart, signal: AbortSignal): Promise<DataEvidence> {
  const said = await runScript(engine, part.container, 'count the rows', COUNT, words(part), { signal })
  const [tables, rows] = said.trim().split(' ').map(Number)
  return { tables: tables ?? 0, rows: rows ?? 0 }
}
