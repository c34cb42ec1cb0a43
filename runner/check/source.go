package check

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"godwit/runner/extract"
)

// sourceEnd is what all checks of the source share.
type sourceEnd struct {
	q       Querier
	o       *Options
	version string
	flavor  string
	major   int
	minor   int
	user    string
	vars    map[string]string
	grants  rights
	tables  []sourceTable
	answers map[string][][]string // of the queries that ask of all schemas, by their text
}

// sourceTable is a table that is to be moved, as information_schema describes it.
type sourceTable struct {
	schema, name, engine string
	bytes                int64
}

// The queries, apart so that a test can answer them. Those with a parameter are asked schema by schema: a server opens every
// table that it describes, and it may hold thousands that are not moved.
const (
	queryVersion   = "SELECT VERSION(), CURRENT_USER()"
	queryVariables = "SHOW GLOBAL VARIABLES"
	queryGrants    = "SHOW GRANTS"
	queryRole      = "SELECT CURRENT_ROLE()"
	queryTables    = `SELECT TABLE_SCHEMA, TABLE_NAME, COALESCE(ENGINE, ''), COALESCE(DATA_LENGTH, 0) FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`
	queryKeyed = `SELECT s.TABLE_SCHEMA, s.TABLE_NAME FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = ? AND s.NON_UNIQUE = 0
GROUP BY s.TABLE_SCHEMA, s.TABLE_NAME, s.INDEX_NAME HAVING SUM(s.NULLABLE = 'YES') = 0 AND COUNT(s.SUB_PART) = 0 AND COUNT(s.COLUMN_NAME) = COUNT(*)`
	queryForeign = `SELECT r.CONSTRAINT_SCHEMA, r.TABLE_NAME, r.CONSTRAINT_NAME, r.UNIQUE_CONSTRAINT_SCHEMA, r.REFERENCED_TABLE_NAME, r.DELETE_RULE, r.UPDATE_RULE
FROM information_schema.REFERENTIAL_CONSTRAINTS r WHERE r.CONSTRAINT_SCHEMA = ? ORDER BY 1, 2, 3`
	queryColumns = `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), LOWER(COLUMN_TYPE), UPPER(EXTRA), LOWER(CHARACTER_SET_NAME)
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`
	queryXA      = "XA RECOVER"
	queryTrx     = "SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) FROM information_schema.INNODB_TRX WHERE trx_started < NOW() - INTERVAL 10 MINUTE"
	queryManaged = "SELECT name, COALESCE(value, '') FROM mysql.rds_configuration"
)

// rows answers a query about each of the schemas, once: several checks look at the columns.
func (s *sourceEnd) rows(ctx context.Context, q string) ([][]string, error) {
	if rows, ok := s.answers[q]; ok {
		return rows, nil
	}
	var out [][]string
	for _, schema := range s.o.Schemas {
		rows, err := s.q.Query(ctx, q, schema)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	s.answers[q] = out
	return out, nil
}

func newSource(ctx context.Context, q Querier, o *Options) (*sourceEnd, error) {
	s := &sourceEnd{q: q, o: o, vars: map[string]string{}, answers: map[string][][]string{}}
	rows, err := q.Query(ctx, queryVersion)
	if err != nil || len(rows) != 1 || len(rows[0]) != 2 {
		return nil, fmt.Errorf("ask for the version: %w", orShape(err))
	}
	s.version, s.user = rows[0][0], rows[0][1]
	s.flavor = extract.FlavorOf(s.version)
	s.major, s.minor = parseVersion(s.version)
	if rows, err = q.Query(ctx, queryVariables); err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	for _, r := range rows {
		s.vars[strings.ToLower(r[0])] = r[1]
	}
	if err := s.readGrants(ctx); err != nil {
		return nil, err
	}
	return s, s.readTables(ctx)
}

func orShape(err error) error {
	if err == nil {
		return fmt.Errorf("the answer has not the expected form")
	}
	return err
}

func (s *sourceEnd) readGrants(ctx context.Context) error {
	q := queryGrants
	if s.flavor == "mysql" && s.major >= 8 {
		rows, err := s.q.Query(ctx, queryRole)
		if err != nil {
			return fmt.Errorf("read the user's roles: %w", err)
		}
		if len(rows) == 1 && rows[0][0] != "" && rows[0][0] != "NONE" {
			q = "SHOW GRANTS FOR CURRENT_USER() USING " + rows[0][0]
		}
	}
	rows, err := s.q.Query(ctx, q)
	if err != nil {
		return fmt.Errorf("read the user's rights: %w", err)
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = r[0]
	}
	s.grants = extract.ParseGrants(lines)
	return nil
}

func (s *sourceEnd) readTables(ctx context.Context) error {
	rows, err := s.rows(ctx, queryTables)
	if err != nil {
		return fmt.Errorf("list the tables: %w", err)
	}
	for _, r := range rows {
		if s.moved(r[0], r[1]) {
			n, _ := strconv.ParseInt(r[3], 10, 64) // an estimate; 0 when the engine gives none
			s.tables = append(s.tables, sourceTable{r[0], r[1], r[2], n})
		}
	}
	return nil
}

func (s *sourceEnd) moved(schema, table string) bool {
	return slices.Contains(s.o.Schemas, schema) && s.o.Match(schema, table)
}

func (s *sourceEnd) bytes() int64 {
	n := int64(0)
	for _, t := range s.tables {
		n += t.bytes
	}
	return n
}

// targets are the tables with their names on the target.
func (s *sourceEnd) targets() []Table {
	if s.o.Tables != nil {
		return s.o.Tables
	}
	out := make([]Table, len(s.tables))
	for i, t := range s.tables {
		out[i] = Table{t.schema, t.name, t.schema, t.name}
	}
	return out
}

var versionNumbers = regexp.MustCompile(`^(?:5\.5\.5-)?(\d+)\.(\d+)`)

func parseVersion(v string) (major, minor int) {
	if m := versionNumbers.FindStringSubmatch(v); m != nil {
		major, _ = strconv.Atoi(m[1])
		minor, _ = strconv.Atoi(m[2])
	}
	return major, minor
}

func (s *sourceEnd) atLeast(major, minor int) bool {
	return s.major > major || s.major == major && s.minor >= minor
}

// userName is the account as GRANT wants it.
func (s *sourceEnd) userName() string {
	name, host, _ := cutLast(s.user, "@")
	return "'" + strings.ReplaceAll(name, "'", "''") + "'@'" + strings.ReplaceAll(host, "'", "''") + "'"
}

func cutLast(s, sep string) (string, string, bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "%", false
}

var sourceChecks = []examine[*sourceEnd]{
	{id: "source-version", title: "Server version", why: "older and newer servers write log events or metadata that were never tested", run: checkVersion},
	{id: "source-binlog", stream: true, title: "Binary log is written", why: "changes are read from the binary log", run: checkBinlog},
	{id: "source-binlog-format", stream: true, title: "Binary log holds rows", why: "statements cannot be applied exactly on another engine; the stream would be empty", run: checkFormat},
	{id: "source-row-image", stream: true, title: "Row images are full", why: "with a partial image an update or delete finds no row on the target", run: checkImage},
	{id: "source-row-metadata", stream: true, title: "Log names its columns", why: metadataWhy, run: checkMetadata},
	{id: "source-partial-json", stream: true, title: "JSON values are logged whole", why: "a partial update of a JSON value cannot be applied elsewhere", run: checkPartialJSON},
	{id: "source-retention", stream: true, title: "Log is kept long enough", why: "when the log is removed before it was read, the load must begin again", run: checkRetention},
	{id: "source-server-id", stream: true, title: "Server has an id", why: "a server without an id refuses readers of its log", run: checkServerID},
	{id: "source-log-replica", stream: true, title: "Replicated changes are logged", why: "a replica that does not log what it applies has a log with holes", run: checkLogReplica},
	{id: "source-compression", stream: true, title: "Compressed log", why: "MariaDB's compressed events are read, and cost the reader time", run: checkCompression},
	{id: "source-gtid", stream: true, title: "Transactions have global ids", why: "a position in a file is lost when the source fails over to a replica", run: checkGTID},
	{id: "source-rights-stream", stream: true, title: "Rights to read the log", why: "the change stream connects as a replica", run: checkStreamRights},
	{id: "source-rights-lock", title: "Right to lock for a moment", why: "without a short global read lock each reader has a snapshot of its own, and the copy is consistent only after the stream has caught up", run: checkLockRights},
	{id: "source-rights-select", title: "Rights to read the rows", why: "a table that cannot be read cannot be moved", run: checkSelect},
	{id: "source-rights-code", title: "Rights to see views and code", why: "the server hides what the user may not see, and it would be missing on the target", run: checkCodeRights},
	{id: "source-engine", title: "Tables are transactional", why: "tables of other engines are in no snapshot: rows may be copied twice or not at all", run: checkEngine},
	{id: "source-keys", title: "Tables have a key", why: "without a key each change searches the whole table, and equal rows cannot be told apart", run: checkKeys},
	{id: "source-cascades", stream: true, title: "Foreign keys that change rows", why: "the log does not hold what CASCADE and SET NULL change; the target must make these changes itself, so both tables must be moved", run: checkCascades},
	{id: "source-columns", title: "Columns can be moved", why: "the log of such columns cannot be read, or their type has no counterpart", run: checkColumns},
	{id: "source-names", title: "Names stay apart on the target", why: "names that differ in case only, or behind the 63rd byte, would meet on the target", run: checkNames},
	{id: "source-time-zone", title: "Time zone", why: "DATETIME values written by NOW() follow the server's zone, which the target must be given", run: checkTimeZone},
	{id: "source-zero-dates", title: "Zero dates", why: "PostgreSQL has no zero dates; the load stops at the first unless told what to do", run: checkZeroDates},
	{id: "source-invalid-text", title: "Text is valid", why: "PostgreSQL has no bytes that are no text; a run stops at the first of them", run: checkInvalidText},
	{id: "source-timeouts", title: "Statements are not cut off", why: "a long read of the full load would be stopped by the server", run: checkTimeouts},
	{id: "source-transactions", title: "No old transactions", why: "the snapshot waits for them, or holds old versions of their rows", run: checkOldTransactions},
	{id: "source-xa", stream: true, title: "No prepared XA transactions", why: "a transaction prepared before the snapshot and committed after it cannot be followed exactly", run: checkXA},
}

func checkVersion(_ context.Context, s *sourceEnd) (outcome, error) {
	tested := s.flavor == "mysql" && s.atLeast(5, 7) && !s.atLeast(10, 0) || s.flavor == "mariadb" && s.atLeast(10, 5) && !s.atLeast(13, 0)
	if !tested {
		return bad(Warning, "rehearse the migration on a copy", "%s %s; tested are MySQL 5.7 to 9 and MariaDB 10.5 to 12", s.flavor, s.version), nil
	}
	return pass("%s %s", s.flavor, s.version), nil
}

// setting compares a variable with what it must be; absent is the outcome when the server does not have it.
func (s *sourceEnd) setting(name, want string, otherwise Status, fix string, absent outcome) outcome {
	v, ok := s.vars[name]
	switch {
	case !ok:
		return absent
	case strings.EqualFold(v, want):
		return pass("%s = %s", name, v)
	}
	return bad(otherwise, fix, "%s = %s", name, v)
}

func checkBinlog(_ context.Context, s *sourceEnd) (outcome, error) {
	fix := "set log_bin = binlog and server_id = 1 under [mysqld] and restart the server"
	return s.setting("log_bin", "ON", Failed, fix, bad(Failed, fix, "log_bin is not there")), nil
}

func checkFormat(_ context.Context, s *sourceEnd) (outcome, error) {
	return s.setting("binlog_format", "ROW", Failed, "SET GLOBAL binlog_format = 'ROW'; then let every application reconnect, and put it in the server's configuration",
		pass("the server knows row format only")), nil
}

func checkImage(_ context.Context, s *sourceEnd) (outcome, error) {
	return s.setting("binlog_row_image", "FULL", Failed, "SET GLOBAL binlog_row_image = 'FULL'; then let every application reconnect, and put it in the server's configuration",
		pass("the server knows full images only")), nil
}

func checkMetadata(_ context.Context, s *sourceEnd) (outcome, error) {
	return s.setting("binlog_row_metadata", "FULL", Warning, metadataFix,
		bad(Warning, noMetadata, "the server has no binlog_row_metadata")), nil
}

func checkPartialJSON(_ context.Context, s *sourceEnd) (outcome, error) {
	return s.setting("binlog_row_value_options", "", Failed, "SET GLOBAL binlog_row_value_options = ''; then let every application reconnect",
		pass("the server logs JSON values whole")), nil
}

// retention is how long the log is kept; forever is true when the server never removes it.
func (s *sourceEnd) retention() (d time.Duration, forever, known bool) {
	if v, ok := s.vars["binlog_expire_logs_seconds"]; ok && v != "0" {
		n, err := strconv.ParseInt(v, 10, 64)
		return time.Duration(n) * time.Second, false, err == nil
	}
	v, ok := s.vars["expire_logs_days"]
	if !ok {
		_, seconds := s.vars["binlog_expire_logs_seconds"]
		return 0, seconds, seconds
	}
	days, err := strconv.ParseFloat(v, 64)
	return time.Duration(days * 24 * float64(time.Hour)), days == 0, err == nil
}

const leastRetention = 24 * time.Hour

func checkRetention(ctx context.Context, s *sourceEnd) (outcome, error) {
	if o, managed := s.managedRetention(ctx); managed {
		return o, nil
	}
	keep, forever, known := s.retention()
	need := max(leastRetention, 2*s.loadTime())
	fix := fmt.Sprintf("SET GLOBAL binlog_expire_logs_seconds = %d", int64(need.Seconds()))
	if _, ok := s.vars["binlog_expire_logs_seconds"]; !ok {
		fix = fmt.Sprintf("SET GLOBAL expire_logs_days = %d", int64(need.Hours()/24)+1)
	}
	switch {
	case !known:
		return bad(Warning, "", "how long the log is kept is not known"), nil
	case forever:
		return pass("the log is never removed"), nil
	case keep < s.loadTime():
		return bad(Failed, fix, "the log is kept for %s, the load is expected to take %s", hours(keep), hours(s.loadTime())), nil
	case keep < need:
		return bad(Warning, fix, "the log is kept for %s; %s is safe for this load", hours(keep), hours(need)), nil
	}
	return pass("the log is kept for %s, the load is expected to take %s", hours(keep), hours(s.loadTime())), nil
}

func (s *sourceEnd) loadTime() time.Duration {
	return time.Duration(float64(s.bytes()) / float64(s.o.BytesPerSecond) * float64(time.Second))
}

// managedRetention asks Amazon RDS, whose own process removes the log whatever the server's variables say.
func (s *sourceEnd) managedRetention(ctx context.Context) (outcome, bool) {
	if !strings.Contains(s.vars["basedir"], "/rdsdb") {
		return outcome{}, false
	}
	rows, err := s.q.Query(ctx, queryManaged)
	if err != nil {
		return bad(Warning, "CALL mysql.rds_show_configuration", "Amazon RDS removes the log by its own setting, which could not be read: %v", err), true
	}
	for _, r := range rows {
		if r[0] != "binlog retention hours" {
			continue
		}
		if n, err := strconv.Atoi(r[1]); err == nil && n >= 24 && time.Duration(n)*time.Hour >= s.loadTime() {
			return pass("binlog retention hours = %d", n), true
		}
	}
	return bad(Failed, "CALL mysql.rds_set_configuration('binlog retention hours', 72)", "Amazon RDS keeps the log for less than 24 hours, or less than the load takes"), true
}

func checkServerID(_ context.Context, s *sourceEnd) (outcome, error) {
	if v := s.vars["server_id"]; v == "" || v == "0" {
		return bad(Failed, "set server_id = 1 under [mysqld] and restart the server", "server_id = %q", v), nil
	}
	return pass("server_id = %s", s.vars["server_id"]), nil
}

func checkLogReplica(_ context.Context, s *sourceEnd) (outcome, error) {
	for _, name := range []string{"log_replica_updates", "log_slave_updates"} {
		if v, ok := s.vars[name]; ok {
			if strings.EqualFold(v, "ON") {
				return pass("%s = ON", name), nil
			}
			return bad(Warning, "set "+name+" = ON under [mysqld] and restart, if this server replicates from another", "%s = %s", name, v), nil
		}
	}
	return skip("the server does not say"), nil
}

func checkCompression(_ context.Context, s *sourceEnd) (outcome, error) {
	for _, name := range []string{"log_bin_compress", "binlog_transaction_compression"} {
		if strings.EqualFold(s.vars[name], "ON") {
			return bad(Warning, "SET GLOBAL "+name+" = OFF while the migration runs", "%s = ON", name), nil
		}
	}
	return pass("the log is not compressed"), nil
}

func checkGTID(_ context.Context, s *sourceEnd) (outcome, error) {
	if s.flavor == "mariadb" {
		return pass("MariaDB gives every transaction an id"), nil
	}
	fix := "SET GLOBAL enforce_gtid_consistency = ON, then gtid_mode = OFF_PERMISSIVE, ON_PERMISSIVE and ON, one after the other"
	return s.setting("gtid_mode", "ON", Warning, fix, bad(Warning, fix, "the server has no gtid_mode")), nil
}

func checkStreamRights(_ context.Context, s *sourceEnd) (outcome, error) {
	status := []string{"REPLICATION CLIENT", "SUPER"}
	want := "REPLICATION CLIENT"
	if s.flavor == "mariadb" && s.atLeast(10, 5) {
		status, want = []string{"BINLOG MONITOR", "REPLICATION CLIENT", "SUPER"}, "BINLOG MONITOR"
	}
	var missing []string
	if !s.grants.Global("REPLICATION SLAVE") && !s.grants.Global("REPLICATION REPLICA") {
		missing = append(missing, "REPLICATION SLAVE")
	}
	if !slices.ContainsFunc(status, s.grants.Global) {
		missing = append(missing, want)
	}
	if len(missing) > 0 {
		return bad(Failed, "GRANT "+strings.Join(missing, ", ")+" ON *.* TO "+s.userName(), "%s lacks %s", s.user, strings.Join(missing, ", ")), nil
	}
	return pass("%s may read the log", s.user), nil
}

func checkLockRights(_ context.Context, s *sourceEnd) (outcome, error) {
	if s.grants.Global("RELOAD") {
		return pass("%s may take a global read lock", s.user), nil
	}
	if s.flavor == "mysql" && !strings.EqualFold(s.vars["gtid_mode"], "ON") && !s.o.LoadOnly {
		return bad(Failed, "GRANT RELOAD ON *.* TO "+s.userName(), "%s lacks RELOAD, and without gtid_mode = ON there is no other way to a consistent start", s.user), nil
	}
	return bad(Warning, "GRANT RELOAD ON *.* TO "+s.userName(), "%s lacks RELOAD", s.user), nil
}

// lacking lists the schemas in which a right is missing.
func (s *sourceEnd) lacking(right string) (out []string) {
	for _, schema := range s.o.Schemas {
		if !s.grants.On(schema, right) {
			out = append(out, schema)
		}
	}
	return out
}

func checkSelect(_ context.Context, s *sourceEnd) (outcome, error) {
	var missing, fixes []string
	for _, schema := range s.lacking("SELECT") {
		if s.perTable(schema) {
			continue
		}
		missing = append(missing, schema)
		fixes = append(fixes, "GRANT SELECT ON "+quoted(schema)+".* TO "+s.userName())
	}
	if len(s.tables) == 0 {
		return bad(Failed, "name the right schemas in the task, correct tables.include and tables.exclude, and grant SELECT on the tables", "no table that the task selects is visible in %s", strings.Join(s.o.Schemas, ", ")), nil
	}
	if len(missing) > 0 {
		o := bad(Failed, strings.Join(fixes, "\n"), "%s may not read whole schemas", s.user)
		o.objects = missing
		return o, nil
	}
	return pass("%d tables are readable", len(s.tables)), nil
}

// perTable tells that every table of the schema to be moved is granted by itself.
func (s *sourceEnd) perTable(schema string) bool {
	n := 0
	for _, t := range s.tables {
		if t.schema != schema {
			continue
		}
		n++
		if g := s.grants[t.schema+"."+t.name]; !slices.Contains(g, "SELECT") && !slices.Contains(g, "ALL PRIVILEGES") {
			return false
		}
	}
	return n > 0
}

func checkCodeRights(_ context.Context, s *sourceEnd) (outcome, error) {
	var missing, fixes []string
	for _, right := range []string{"SHOW VIEW", "TRIGGER", "EVENT", "EXECUTE"} {
		for _, schema := range s.lacking(right) {
			missing = append(missing, right+" on "+schema)
			fixes = append(fixes, "GRANT "+right+" ON "+quoted(schema)+".* TO "+s.userName())
		}
	}
	if !s.seesBodies() {
		missing = append(missing, "the bodies of routines of other users")
		fixes = append(fixes, s.bodiesFix())
	}
	if len(missing) > 0 {
		o := bad(Warning, strings.Join(fixes, "\n"), "%s may not see everything", s.user)
		o.objects = missing
		return o, nil
	}
	return pass("%s may see views, routines, triggers and events", s.user), nil
}

func (s *sourceEnd) seesBodies() bool {
	if s.grants.Global("SHOW_ROUTINE") || s.grants.Global("SHOW CREATE ROUTINE") || s.grants.Global("SELECT") {
		return true
	}
	return slices.Contains(s.grants["mysql.proc"], "SELECT") || s.grants.On("mysql", "SELECT")
}

func (s *sourceEnd) bodiesFix() string {
	switch {
	case s.flavor == "mysql" && s.major >= 8:
		return "GRANT SHOW_ROUTINE ON *.* TO " + s.userName()
	case s.flavor == "mariadb" && s.atLeast(11, 3):
		return "GRANT SHOW CREATE ROUTINE ON *.* TO " + s.userName()
	}
	return "GRANT SELECT ON mysql.proc TO " + s.userName()
}

func checkEngine(_ context.Context, s *sourceEnd) (outcome, error) {
	var objects, fixes []string
	for _, t := range s.tables {
		switch strings.ToLower(t.engine) {
		case "innodb", "rocksdb", "tokudb":
		default:
			objects = append(objects, t.schema+"."+t.name+" ("+t.engine+")")
			fixes = append(fixes, "ALTER TABLE "+quoted(t.schema)+"."+quoted(t.name)+" ENGINE = InnoDB")
		}
	}
	if len(objects) == 0 {
		return pass("%d tables, all transactional", len(s.tables)), nil
	}
	o := bad(Failed, strings.Join(fixes, ";\n")+"; or exclude them and copy them while nobody writes", "%d tables are not transactional", len(objects))
	o.objects = objects
	return o, nil
}

func checkKeys(ctx context.Context, s *sourceEnd) (outcome, error) {
	rows, err := s.rows(ctx, queryKeyed)
	if err != nil {
		return outcome{}, err
	}
	keyed := map[string]bool{}
	for _, r := range rows {
		keyed[r[0]+"."+r[1]] = true
	}
	var objects []string
	for _, t := range s.tables {
		if !keyed[t.schema+"."+t.name] {
			objects = append(objects, t.schema+"."+t.name)
		}
	}
	if len(objects) == 0 {
		return pass("every table has a primary key, or a unique key that is never NULL"), nil
	}
	o := bad(Warning, "ALTER TABLE ... ADD PRIMARY KEY on the source, if changes to these tables are frequent", "%d tables have no key", len(objects))
	o.objects = objects
	return o, nil
}

func changesRows(rule string) bool {
	return rule == "CASCADE" || rule == "SET NULL" || rule == "SET DEFAULT"
}

func checkCascades(ctx context.Context, s *sourceEnd) (outcome, error) {
	rows, err := s.rows(ctx, queryForeign)
	if err != nil {
		return outcome{}, err
	}
	n := 0
	var torn []string
	for _, r := range rows {
		child, parent := s.moved(r[0], r[1]), s.moved(r[3], r[4])
		if !changesRows(r[5]) && !changesRows(r[6]) || !child {
			continue
		}
		n++
		if !parent {
			torn = append(torn, fmt.Sprintf("%s.%s: %s refers to %s.%s", r[0], r[1], r[2], r[3], r[4]))
		}
	}
	if len(torn) > 0 {
		o := bad(Failed, "move the referenced tables, too", "%d foreign keys change rows of moved tables when a table that is not moved changes", len(torn))
		o.objects = torn
		return o, nil
	}
	return pass("%d foreign keys with CASCADE or SET NULL; the target makes these changes itself", n), nil
}

// known are the data types that have a counterpart and a reader.
var known = regexp.MustCompile(`^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|bit|char|varchar|binary|varbinary|(tiny|medium|long)?(text|blob)|enum|set|date|time|datetime|timestamp|year|json|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$`)

func checkColumns(ctx context.Context, s *sourceEnd) (outcome, error) {
	rows, err := s.rows(ctx, queryColumns)
	if err != nil {
		return outcome{}, err
	}
	var refused []string
	generated, invisible := 0, 0
	for _, r := range rows {
		if !s.moved(r[0], r[1]) {
			continue
		}
		place := r[0] + "." + r[1] + "." + r[2]
		switch {
		case !known.MatchString(r[3]):
			refused = append(refused, place+": type "+r[3])
		case strings.Contains(r[4], "compressed"):
			refused = append(refused, place+": compressed column")
		}
		if strings.Contains(r[5], "GENERATED") && !strings.Contains(r[5], "DEFAULT_GENERATED") {
			generated++
		}
		if strings.Contains(r[5], "INVISIBLE") {
			invisible++
		}
	}
	if len(refused) > 0 {
		o := bad(Failed, "change the columns on the source, or exclude their tables", "%d columns cannot be moved", len(refused))
		o.objects = refused
		return o, nil
	}
	return pass("all columns can be moved; %d generated ones are computed by the target, %d invisible ones become visible", generated, invisible), nil
}

// targetNameBytes is the length at which PostgreSQL cuts a name.
const targetNameBytes = 63

func checkNames(_ context.Context, s *sourceEnd) (outcome, error) {
	seen := map[string]Table{}
	var objects []string
	for _, t := range s.targets() {
		name := t.Target
		if len(name) > targetNameBytes {
			name = name[:targetNameBytes]
		}
		key := strings.ToLower(t.TargetSchema + "\x00" + name)
		if o, ok := seen[key]; ok {
			objects = append(objects, fmt.Sprintf("%s.%s and %s.%s", o.Schema, o.Name, t.Schema, t.Name))
			continue
		}
		seen[key] = t
	}
	if len(objects) == 0 {
		return pass("lower_case_table_names = %s, no two names meet", s.vars["lower_case_table_names"]), nil
	}
	o := bad(Warning, "rename one of each pair, on the source or in the converted folder", "%d pairs of tables have names that differ in case or length only", len(objects))
	o.objects = objects
	return o, nil
}

func checkTimeZone(_ context.Context, s *sourceEnd) (outcome, error) {
	zone, system := s.vars["time_zone"], s.vars["system_time_zone"]
	if zone == "SYSTEM" && system != "UTC" {
		return bad(Warning, "ALTER DATABASE ... SET timezone = '<the zone>' on the target, if the applications rely on it", "time_zone = SYSTEM, and the system's zone is %q", system), nil
	}
	return pass("time_zone = %s", zone), nil
}

func checkTimeouts(_ context.Context, s *sourceEnd) (outcome, error) {
	var low []string
	for _, name := range []string{"max_statement_time", "max_execution_time"} {
		if v, ok := s.vars[name]; ok {
			if n, err := strconv.ParseFloat(v, 64); err != nil || n != 0 {
				low = append(low, name+" = "+v)
			}
		}
	}
	for _, name := range []string{"net_write_timeout", "net_read_timeout"} {
		if n, err := strconv.Atoi(s.vars[name]); err == nil && n < 30 {
			low = append(low, name+" = "+s.vars[name])
		}
	}
	if len(low) > 0 {
		return bad(Warning, "set the limits to 0 (statement time) and 60 (network) for the migration's user", "%s", strings.Join(low, ", ")), nil
	}
	return pass("no limit on statements"), nil
}

func checkOldTransactions(ctx context.Context, s *sourceEnd) (outcome, error) {
	if !s.grants.Global("PROCESS") && !s.grants.Global("SUPER") {
		return skip("needs the right PROCESS"), nil
	}
	rows, err := s.q.Query(ctx, queryTrx)
	if err != nil {
		return outcome{}, err
	}
	if len(rows) == 0 {
		return pass("no transaction is older than ten minutes"), nil
	}
	o := bad(Warning, "let them end, or KILL them, before the load starts", "%d transactions are older than ten minutes", len(rows))
	for _, r := range rows {
		o.objects = append(o.objects, "connection "+r[0]+", "+r[1]+" s")
	}
	return o, nil
}

func checkXA(ctx context.Context, s *sourceEnd) (outcome, error) {
	if s.flavor == "mysql" && s.major >= 8 && !s.grants.Global("XA_RECOVER_ADMIN") {
		return skip("needs the right XA_RECOVER_ADMIN"), nil
	}
	rows, err := s.q.Query(ctx, queryXA)
	if err != nil {
		return outcome{}, err
	}
	if len(rows) > 0 {
		return bad(Failed, "XA COMMIT or XA ROLLBACK them, see XA RECOVER", "%d prepared transactions", len(rows)), nil
	}
	return pass("none are prepared; tables that XA transactions write to cannot be followed"), nil
}
