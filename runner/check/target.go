package check

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// targetEnd is what all checks of the target share.
type targetEnd struct {
	q           Querier
	o           *Options
	tables      []Table
	sourceBytes int64
}

// The queries, apart so that a test can answer them.
const (
	queryServer = `SELECT current_setting('server_version_num'), current_setting('server_version'), pg_encoding_to_char(encoding), current_user, current_database(),
  pg_is_in_recovery()::text FROM pg_database WHERE datname = current_database()`
	queryDatabaseRights = `SELECT has_database_privilege(current_database(), 'CREATE')::text, has_database_privilege(current_database(), 'TEMP')::text`
	querySchemas        = `SELECT nspname, has_schema_privilege(oid, 'CREATE')::text FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`
	queryICU            = `SELECT count(*)::text FROM pg_collation WHERE collprovider = 'i'`
	querySettings       = `SELECT name, setting FROM pg_settings WHERE name IN ('default_transaction_read_only', 'statement_timeout', 'transaction_timeout', 'lock_timeout',
  'idle_in_transaction_session_timeout', 'synchronous_commit', 'session_replication_role', 'max_connections', 'maintenance_work_mem', 'max_wal_size', 'row_security', 'fsync')`
	// pg_stat_activity would hide from most roles what the sessions of others are. A limit of -1 is none; superusers have no limits
	// but the server's, whose last connections are kept for them.
	queryConnections = `SELECT (SELECT sum(numbackends) FROM pg_stat_database)::text, s.numbackends::text, d.datconnlimit::text,
  (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid)::text, r.rolconnlimit::text,
  (SELECT sum(setting::int) FROM pg_settings WHERE name IN ('superuser_reserved_connections', 'reserved_connections'))::text, r.rolsuper::text, d.datname, r.rolname
  FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`
	queryTargets = `SELECT n.nspname, c.relname, c.relrowsecurity::text, (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D')::text,
  (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' ORDER BY 1, 2`
	queryBypass = `SELECT (rolsuper OR rolbypassrls)::text FROM pg_roles WHERE rolname = current_user`
)

var targetChecks = []examine[*targetEnd]{
	{id: "target-version", title: "Server version", why: "the converted code and the load need PostgreSQL 15", run: checkTargetVersion},
	{id: "target-primary", title: "Server can be written to", why: "a standby, or a database set to read only, takes no rows", run: checkPrimary},
	{id: "target-encoding", title: "Encoding is UTF8", why: "another encoding cannot hold all characters of the source", run: checkEncoding},
	{id: "target-icu", title: "ICU collations are there", why: "case-insensitive text is converted to nondeterministic ICU collations", run: checkICU},
	{id: "target-rights", title: "Rights to create", why: "schemas and the progress tables (schema godwit) must be created", run: checkTargetRights},
	{id: "target-timeouts", title: "Statements are not cut off", why: "an index build or a long load would be stopped by the server", run: checkTargetTimeouts},
	{id: "target-durability", title: "Commits are durable", why: "the source may forget what the target has confirmed; a crash would then lose it", run: checkDurability},
	{id: "target-connections", title: "Connections are free", why: "the load opens several at a time", run: checkConnections},
	{id: "target-tuning", title: "Memory for index builds", why: "indexes are built after the load, and slowly with the default memory", run: checkTuning},
	{id: "target-space", title: "Free space", why: "a full disk stops the target", run: checkSpace},
	{id: "target-tables", title: "Tables are empty", why: "rows that are already there would be taken for moved ones", run: checkEmpty},
	{id: "target-triggers", title: "No triggers fire during the load", why: "triggers would run for rows whose effects are copied, too", run: checkTargetTriggers},
	{id: "target-row-security", title: "No row security", why: "policies hide rows from the load and from the verification", run: checkRowSecurity},
}

func (t *targetEnd) one(ctx context.Context, q string, columns int) ([]string, error) {
	rows, err := t.q.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 || len(rows[0]) != columns {
		return nil, fmt.Errorf("the answer has not the expected form")
	}
	return rows[0], nil
}

func checkTargetVersion(ctx context.Context, t *targetEnd) (outcome, error) {
	r, err := t.one(ctx, queryServer, 6)
	if err != nil {
		return outcome{}, err
	}
	n, err := strconv.Atoi(r[0])
	switch {
	case err != nil:
		return outcome{}, err
	case n < 150000:
		return bad(Failed, "use a server of version 15 to 18", "PostgreSQL %s", r[1]), nil
	case n >= 190000:
		return bad(Warning, "rehearse the migration on a copy", "PostgreSQL %s; tested are 15 to 18", r[1]), nil
	}
	return pass("PostgreSQL %s", r[1]), nil
}

func checkPrimary(ctx context.Context, t *targetEnd) (outcome, error) {
	r, err := t.one(ctx, queryServer, 6)
	if err != nil {
		return outcome{}, err
	}
	set, err := t.settings(ctx)
	switch {
	case err != nil:
		return outcome{}, err
	case r[5] == "true":
		return bad(Failed, "give the URL of the primary", "the server is a standby"), nil
	case set["default_transaction_read_only"] == "on":
		return bad(Failed, fmt.Sprintf("ALTER DATABASE %s RESET default_transaction_read_only, or the same for the role", ident(r[4])), "default_transaction_read_only = on"), nil
	}
	return pass("database %s as %s", r[4], r[3]), nil
}

func checkEncoding(ctx context.Context, t *targetEnd) (outcome, error) {
	r, err := t.one(ctx, queryServer, 6)
	if err != nil {
		return outcome{}, err
	}
	if r[2] != "UTF8" {
		return bad(Failed, "CREATE DATABASE <name> ENCODING 'UTF8' TEMPLATE template0", "encoding %s", r[2]), nil
	}
	return pass("UTF8"), nil
}

func checkICU(ctx context.Context, t *targetEnd) (outcome, error) {
	r, err := t.one(ctx, queryICU, 1)
	if err != nil {
		return outcome{}, err
	}
	if r[0] == "0" {
		return bad(Warning, "use a server that was built with ICU, or convert with --collations none", "the server has no ICU collation"), nil
	}
	return pass("%s ICU collations", r[0]), nil
}

func checkTargetRights(ctx context.Context, t *targetEnd) (outcome, error) {
	server, err := t.one(ctx, queryServer, 6)
	if err != nil {
		return outcome{}, err
	}
	db, err := t.one(ctx, queryDatabaseRights, 2)
	if err != nil {
		return outcome{}, err
	}
	rows, err := t.q.Query(ctx, querySchemas)
	if err != nil {
		return outcome{}, err
	}
	var missing, fixes []string
	role := ident(server[3])
	for i, right := range []string{"CREATE", "TEMP"} {
		if db[i] != "true" {
			missing = append(missing, right+" on database "+server[4])
			fixes = append(fixes, fmt.Sprintf("GRANT %s ON DATABASE %s TO %s", right, ident(server[4]), role))
		}
	}
	for _, r := range rows {
		if r[1] != "true" && t.usesSchema(r[0]) {
			missing = append(missing, "CREATE on schema "+r[0])
			fixes = append(fixes, fmt.Sprintf("GRANT USAGE, CREATE ON SCHEMA %s TO %s", ident(r[0]), role))
		}
	}
	if len(missing) > 0 {
		o := bad(Failed, strings.Join(fixes, ";\n"), "%s lacks rights", server[3])
		o.objects = missing
		return o, nil
	}
	return pass("%s may create schemas and tables", server[3]), nil
}

func (t *targetEnd) usesSchema(name string) bool {
	return name == "godwit" || slices.ContainsFunc(t.tables, func(x Table) bool { return x.TargetSchema == name })
}

func (t *targetEnd) settings(ctx context.Context) (map[string]string, error) {
	rows, err := t.q.Query(ctx, querySettings)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range rows {
		out[r[0]] = r[1]
	}
	return out, nil
}

func checkTargetTimeouts(ctx context.Context, t *targetEnd) (outcome, error) {
	set, err := t.settings(ctx)
	if err != nil {
		return outcome{}, err
	}
	var on, fixes []string
	for _, name := range []string{"statement_timeout", "transaction_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		if v, ok := set[name]; ok && v != "0" {
			on = append(on, name+" = "+v)
			fixes = append(fixes, "ALTER ROLE CURRENT_USER SET "+name+" = 0")
		}
	}
	if len(on) > 0 {
		return bad(Warning, strings.Join(fixes, ";\n"), "%s", strings.Join(on, ", ")), nil
	}
	return pass("no limit on statements"), nil
}

func checkDurability(ctx context.Context, t *targetEnd) (outcome, error) {
	set, err := t.settings(ctx)
	if err != nil {
		return outcome{}, err
	}
	if set["fsync"] == "off" {
		return bad(Warning, "set fsync = on and restart the server", "fsync = off"), nil
	}
	if set["synchronous_commit"] == "off" {
		return bad(Warning, "ALTER ROLE CURRENT_USER SET synchronous_commit = on", "synchronous_commit = off"), nil
	}
	return pass("synchronous_commit = %s", set["synchronous_commit"]), nil
}

func checkConnections(ctx context.Context, t *targetEnd) (outcome, error) {
	set, err := t.settings(ctx)
	if err != nil {
		return outcome{}, err
	}
	r, err := t.one(ctx, queryConnections, 9)
	if err != nil {
		return outcome{}, err
	}
	var n [6]int
	for i := range n {
		if n[i], err = strconv.Atoi(r[i]); err != nil {
			return outcome{}, fmt.Errorf("count the connections: %w", err)
		}
	}
	limit, err := strconv.Atoi(set["max_connections"])
	if err != nil {
		return outcome{}, fmt.Errorf("max_connections: %w", err)
	}
	super := r[6] == "true"
	if !super {
		limit -= n[5]
	}
	for _, x := range []struct {
		of, fix     string
		used, limit int
	}{
		{"", "raise max_connections", n[0], limit},
		{" of the database", "ALTER DATABASE " + ident(r[7]) + " CONNECTION LIMIT -1", n[1], n[2]},
		{" of the role", "ALTER ROLE " + ident(r[8]) + " CONNECTION LIMIT -1", n[3], n[4]},
	} {
		if x.limit < 0 || super && x.of != "" {
			continue
		}
		// The check itself uses one of those that are needed.
		if x.limit-x.used+1 < t.o.Connections {
			return bad(Failed, x.fix+", or lower load.workers", "%d of %d connections%s are used, %d are needed", x.used, x.limit, x.of, t.o.Connections), nil
		}
	}
	return pass("%d of %d connections are used", n[0], limit), nil
}

func checkTuning(ctx context.Context, t *targetEnd) (outcome, error) {
	set, err := t.settings(ctx)
	if err != nil {
		return outcome{}, err
	}
	kb, err := strconv.ParseInt(set["maintenance_work_mem"], 10, 64)
	if err != nil {
		return outcome{}, fmt.Errorf("maintenance_work_mem: %w", err)
	}
	if t.sourceBytes > 10<<30 && kb < 1<<20 {
		return bad(Warning, "ALTER ROLE CURRENT_USER SET maintenance_work_mem = '2GB', as far as the server's memory allows", "maintenance_work_mem = %d MB for %d GB of rows", kb>>10, t.sourceBytes>>30), nil
	}
	return pass("maintenance_work_mem = %d MB", kb>>10), nil
}

// checkSpace cannot look: SQL does not tell the free space.
func checkSpace(_ context.Context, t *targetEnd) (outcome, error) {
	return skip("the server does not tell; the rows take %d MB on the source, plan for twice that with indexes and WAL", t.sourceBytes>>20), nil
}

// present are the tables of the target that are to be filled and are already there.
func (t *targetEnd) present(ctx context.Context) ([][]string, error) {
	rows, err := t.q.Query(ctx, queryTargets)
	if err != nil {
		return nil, err
	}
	var out [][]string
	for _, r := range rows {
		if slices.ContainsFunc(t.tables, func(x Table) bool { return x.TargetSchema == r[0] && x.Target == r[1] }) {
			out = append(out, r)
		}
	}
	return out, nil
}

func checkEmpty(ctx context.Context, t *targetEnd) (outcome, error) {
	rows, err := t.present(ctx)
	if err != nil {
		return outcome{}, err
	}
	if t.o.Resumes {
		return pass("the task has begun; its tables may hold rows"), nil
	}
	var full, locked []string
	for _, r := range rows {
		if r[4] != "true" {
			locked = append(locked, r[0]+"."+r[1])
			continue
		}
		got, err := t.one(ctx, existsQuery(r[0], r[1]), 1)
		if err != nil {
			return outcome{}, fmt.Errorf("%s.%s: %w", r[0], r[1], err)
		}
		if got[0] == "true" {
			full = append(full, r[0]+"."+r[1])
		}
	}
	if len(locked) > 0 {
		o := bad(Failed, "GRANT SELECT, INSERT, UPDATE, DELETE ON them, or make the user their owner", "%d tables may not be written", len(locked))
		o.objects = locked
		return o, nil
	}
	if len(full) > 0 {
		o := bad(Failed, "TRUNCATE them, or move into another schema", "%d tables hold rows", len(full))
		o.objects = full
		return o, nil
	}
	return pass("%d of %d tables are there, all empty", len(rows), len(t.tables)), nil
}

func existsQuery(schema, table string) string {
	return "SELECT EXISTS (SELECT FROM " + ident(schema) + "." + ident(table) + ")::text"
}

func checkTargetTriggers(ctx context.Context, t *targetEnd) (outcome, error) {
	rows, err := t.present(ctx)
	if err != nil {
		return outcome{}, err
	}
	var objects []string
	for _, r := range rows {
		if r[3] != "0" {
			objects = append(objects, r[0]+"."+r[1])
		}
	}
	if len(objects) > 0 {
		o := bad(Failed, "ALTER TABLE ... DISABLE TRIGGER USER until the cutover", "%d tables have triggers that fire", len(objects))
		o.objects = objects
		return o, nil
	}
	return pass("no trigger fires"), nil
}

func checkRowSecurity(ctx context.Context, t *targetEnd) (outcome, error) {
	rows, err := t.present(ctx)
	if err != nil {
		return outcome{}, err
	}
	r, err := t.one(ctx, queryBypass, 1)
	if err != nil {
		return outcome{}, err
	}
	var objects []string
	for _, x := range rows {
		if x[2] == "true" && r[0] != "true" {
			objects = append(objects, x[0]+"."+x[1])
		}
	}
	if len(objects) > 0 {
		o := bad(Failed, "ALTER ROLE CURRENT_USER BYPASSRLS, or ALTER TABLE ... DISABLE ROW LEVEL SECURITY until the cutover", "%d tables have row security", len(objects))
		o.objects = objects
		return o, nil
	}
	return pass("no policy applies"), nil
}
