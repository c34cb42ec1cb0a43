// Package extract reads the schema and code of a live MySQL or MariaDB server: the text of every object as the
// server shows it, the settings each was made under, sizes, and what could not be seen.
//
// The texts come from SHOW CREATE and never from information_schema, which cuts binary defaults at a zero byte and
// escapes expressions twice.
package extract

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"godwit/runner/endpoint"
)

// Kind is the kind of an object.
type Kind string

// The kinds of objects, in the order in which a script lists them.
const (
	Schema      Kind = "schema"
	Sequence    Kind = "sequence"
	Table       Kind = "table"
	View        Kind = "view"
	Function    Kind = "function"
	Procedure   Kind = "procedure"
	Package     Kind = "package"      // MariaDB, sql_mode=ORACLE
	PackageBody Kind = "package body" // MariaDB, sql_mode=ORACLE
	Trigger     Kind = "trigger"
	Event       Kind = "event"
)

// Object is one object of the source.
type Object struct {
	Kind   Kind
	Schema string
	Name   string
	Text   string // the statement that makes the object, without a delimiter
	// SQLMode, Charset, Collation and DBCollation are what a routine, trigger, event or view was made under;
	// "" where the kind has none.
	SQLMode     string
	Charset     string // character_set_client
	Collation   string // collation_connection
	DBCollation string // collation of the schema when the routine was made
	TimeZone    string // of an event
	Table       string // of a trigger
	Order       int    // of a trigger among those of its table, time and event, from 1
}

// Unseen is an object, or a class of objects, that the user may not read.
type Unseen struct {
	Kind   Kind
	Schema string
	Name   string // "" when it is unknown how many there are
	Why    string
	Next   string // what makes it visible
}

func (u Unseen) String() string {
	name := u.Schema
	if u.Name != "" {
		name += "." + u.Name
	}
	return fmt.Sprintf("%s %s: %s; %s", u.Kind, name, u.Why, u.Next)
}

// Size is the server's estimate of a table's size.
type Size struct {
	Schema, Table string
	Engine        string
	Rows          int64 // an estimate, -1 if the server has none
	DataBytes     int64
	IndexBytes    int64
}

// Result is everything read from a source.
type Result struct {
	Flavor   string            // mysql or mariadb
	Version  string            // as the server says it
	Settings map[string]string // settings that change meaning; names in lower case with "-"
	Schemas  []string
	Objects  []Object // ordered so that an object comes after those it needs, triggers in action order
	Unseen   []Unseen
	Sizes    []Size
}

// Source is an open connection to a server that is read, and never written.
type Source struct {
	db       *sql.DB
	conn     *sql.Conn
	endpoint *endpoint.Endpoint
	flavor   string
	version  string
}

// Open connects to the server with one session that the server itself holds to reading.
func Open(ctx context.Context, url string) (*Source, error) {
	e, err := endpoint.Parse(url)
	if err != nil {
		return nil, err
	}
	return OpenEndpoint(ctx, e)
}

// OpenEndpoint is Open for a URL that was parsed already.
func OpenEndpoint(ctx context.Context, e *endpoint.Endpoint) (*Source, error) {
	// Several statements to a question: a schema of thousands of tables costs round trips first of all.
	db, err := e.OpenMySQLWith(ctx, func(c *mysql.Config) { c.MultiStatements = true })
	if err != nil {
		return nil, err
	}
	s := &Source{db: db, endpoint: e}
	if err := s.prepare(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("prepare the session on %s: %w", e, err)
	}
	return s, nil
}

// Close ends the session.
func (s *Source) Close() error {
	if s.conn != nil {
		s.conn.Close()
	}
	return s.db.Close()
}

// Flavor is mysql or mariadb; Version is the server's own text.
func (s *Source) Flavor() (flavor, version string) { return s.flavor, s.version }

// prepare pins the session. One connection is used for everything, since USE changes what SHOW CREATE VIEW prints.
func (s *Source) prepare(ctx context.Context) (err error) {
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if err := s.conn.QueryRowContext(ctx, "SELECT VERSION()").Scan(&s.version); err != nil {
		return err
	}
	s.flavor = FlavorOf(s.version)
	for _, q := range []string{"SET SESSION sql_quote_show_create = 1", "SET SESSION TRANSACTION READ ONLY"} {
		if _, err := s.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	// MySQL 8 caches sizes and AUTO_INCREMENT for a day; other servers do not know the variable.
	_, err = s.conn.ExecContext(ctx, "SET SESSION information_schema_stats_expiry = 0")
	if err != nil && errno(err) != 1193 {
		return err
	}
	return nil
}

// FlavorOf tells MariaDB from MySQL by the version text.
func FlavorOf(version string) string {
	if strings.Contains(strings.ToLower(version), "mariadb") {
		return "mariadb"
	}
	return "mysql"
}

// systemSchemas are never part of a migration.
var systemSchemas = []string{"information_schema", "mysql", "performance_schema", "sys", "ndbinfo"}

// Schemas lists the schemas that the user may see, without the system's.
func (s *Source) Schemas(ctx context.Context) ([]string, error) {
	rows, err := s.texts(ctx, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME")
	if err != nil {
		return nil, fmt.Errorf("list schemas: %w", err)
	}
	var out []string
	for _, r := range rows {
		if !slices.Contains(systemSchemas, strings.ToLower(r[0].String)) {
			out = append(out, r[0].String)
		}
	}
	return out, nil
}

// Read reads the named schemas; none means the URL's schema, or all of them if the URL names none.
func (s *Source) Read(ctx context.Context, schemas ...string) (*Result, error) {
	return s.read(ctx, schemas, s.tables, s.views, s.routines, s.triggers, s.events)
}

// ReadCode reads the views, routines, triggers and events of the named schemas and nothing else of them.
func (s *Source) ReadCode(ctx context.Context, schemas ...string) (*Result, error) {
	return s.read(ctx, schemas, s.views, s.routines, s.triggers, s.events)
}

// step reads objects of one kind of a schema.
type step func(context.Context, *Result, string) error

func (s *Source) read(ctx context.Context, schemas []string, steps ...step) (*Result, error) {
	r := &Result{Flavor: s.flavor, Version: s.version}
	var err error
	if r.Settings, err = s.settings(ctx); err != nil {
		return nil, err
	}
	if r.Schemas, err = s.choose(ctx, schemas); err != nil {
		return nil, err
	}
	for _, schema := range r.Schemas {
		if err := s.readSchema(ctx, r, schema, steps); err != nil {
			return nil, fmt.Errorf("read schema %s: %w", schema, err)
		}
	}
	return r, s.rights(ctx, r)
}

func (s *Source) choose(ctx context.Context, want []string) ([]string, error) {
	if len(want) == 0 && s.endpoint.Database != "" {
		want = []string{s.endpoint.Database}
	}
	have, err := s.Schemas(ctx)
	if err != nil {
		return nil, err
	}
	if len(want) == 0 {
		return have, nil
	}
	for _, w := range want {
		if !slices.Contains(have, w) {
			return nil, fmt.Errorf("schema %s does not exist or the user may not see it; visible are: %s", w, strings.Join(have, ", "))
		}
	}
	return want, nil
}

func (s *Source) readSchema(ctx context.Context, r *Result, schema string, steps []step) error {
	if _, err := s.conn.ExecContext(ctx, "USE "+quote(schema)); err != nil {
		return err
	}
	if err := s.show(ctx, r, Object{Kind: Schema, Schema: schema, Name: schema}, ""); err != nil {
		return err
	}
	for _, read := range steps {
		if err := read(ctx, r, schema); err != nil {
			return err
		}
	}
	return nil
}

// errno is the server's error number, 0 for an error that is not the server's.
func errno(err error) uint16 {
	var e *mysql.MySQLError
	if errors.As(err, &e) {
		return e.Number
	}
	return 0
}

// quote writes an identifier.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// texts runs a query and reads every column as text.
func (s *Source) texts(ctx context.Context, q string, args ...any) ([][]sql.NullString, error) {
	a, err := s.named(ctx, q, args...)
	return a.rows, err
}

// answer is what the server answered to one statement, every column as text.
type answer struct {
	cols []string
	rows [][]sql.NullString
}

// named runs a query.
func (s *Source) named(ctx context.Context, q string, args ...any) (answer, error) {
	all, err := s.several(ctx, q, args...)
	if err != nil || len(all) == 0 {
		return answer{}, err
	}
	return all[0], nil
}

// several runs the statements of a text and reads all answers.
func (s *Source) several(ctx context.Context, q string, args ...any) (out []answer, err error) {
	rows, err := s.conn.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for {
		a, err := readAnswer(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
		if !rows.NextResultSet() {
			return out, rows.Err()
		}
	}
}

func readAnswer(rows *sql.Rows) (a answer, err error) {
	if a.cols, err = rows.Columns(); err != nil {
		return a, err
	}
	for rows.Next() {
		row := make([]sql.NullString, len(a.cols))
		ptrs := make([]any, len(a.cols))
		for i := range row {
			ptrs[i] = &row[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return a, err
		}
		a.rows = append(a.rows, row)
	}
	return a, rows.Err()
}
