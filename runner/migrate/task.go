package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"godwit/ir/catalog"
	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Task is the configuration of one migration, as written in a task file.
type Task struct {
	// Name identifies the task on the target: its progress is stored under this name.
	Name   string    `yaml:"name"`
	Source Endpoint  `yaml:"source"`
	Target Endpoint  `yaml:"target"`
	Tables Selection `yaml:"tables"`
	Load   Load      `yaml:"load"`
	Apply  Apply     `yaml:"apply"`
	Values Values    `yaml:"values"`
	// DDL says what happens when the source changes the schema of a migrated table while the task runs:
	// "stop" (default), "apply" (convert it and make it on the target) or "ignore".
	DDL string `yaml:"ddl"`
	// Metrics is the address of the Prometheus endpoint, such as "127.0.0.1:9187"; empty for none.
	Metrics string `yaml:"metrics"`
}

// Endpoint is a database server. Its URL must not hold a password; password refers to one.
type Endpoint struct {
	// URL is mysql://user@host:port/database, mariadb://..., or postgres://user@host:port/database?sslmode=...
	URL string `yaml:"url"`
	// Password is env:NAME, file:PATH, or the URL of a secret such as awssecretsmanager://NAME?region=R&decoder=string;
	// empty when none is needed.
	Password Secret `yaml:"password"`
}

// Selection says which tables are moved. Patterns are schema.table with the wildcards of path.Match;
// a pattern without a dot is a table in any schema. Exclude wins over Include.
type Selection struct {
	// Schemas are the source's schemas; empty: the database of its URL.
	Schemas []string `yaml:"schemas"`
	// Include lists patterns of the tables to move; empty: all.
	Include []string `yaml:"include"`
	// Exclude lists patterns of tables to leave out.
	Exclude []string `yaml:"exclude"`
}

// Load tunes the full load.
type Load struct {
	Workers   int   `yaml:"workers"`    // parallel readers and writers; default 4
	ChunkRows int64 `yaml:"chunk_rows"` // rows per chunk; default 100000
	// Lock says whether a short global read lock may be taken on the source: "auto" (default), "never".
	Lock string `yaml:"lock"`
}

// Apply tunes the applying of changes.
type Apply struct {
	// Mode says how transactions become target transactions. In every mode each state of the target is a state of the source.
	//
	//	auto      (default) small batches in order; a backlog folded, several target transactions side by side
	//	ordered   the source's changes one after the other
	//	batch     the net effect of many transactions, one target transaction after the other
	//	parallel  changes one after the other in each target transaction, several of those side by side; they commit in order
	Mode string `yaml:"mode"`
	// Lanes is how many target transactions are under way at once at most, in the modes auto and parallel; default 3.
	Lanes        int           `yaml:"lanes"`
	Transactions int           `yaml:"transactions"` // source transactions per target transaction at most; default: as many as fit
	Rows         int           `yaml:"rows"`         // rows per target transaction at most, if transactions are small; default 20000
	Wait         time.Duration `yaml:"wait"`         // how long to wait for more transactions; default 20ms
	// OnError says what becomes of a change that the target refuses for its values, or whose row is missing there: "stop"
	// (default) ends the run with an error that names it, "except" writes it to table godwit.exceptions of the target and
	// goes on with the rest of its transaction.
	OnError string `yaml:"on_error"`
}

// Modes of applying.
const (
	modeAuto     = "auto"
	modeOrdered  = "ordered"
	modeBatch    = "batch"
	modeParallel = "parallel"
)

// Secret refers to a password: env:NAME, file:PATH, or the URL of a secret.
type Secret string

// Open parses the URL and reads the password; nothing is connected yet.
func (e Endpoint) Open() (*endpoint.Endpoint, error) {
	u, err := url.Parse(e.URL)
	if err != nil {
		return nil, fmt.Errorf("parse URL: %w", stripURL(err))
	}
	if e.Password != "" {
		q := u.Query()
		q.Set("password", string(e.Password))
		u.RawQuery = q.Encode()
	}
	return endpoint.Parse(u.String())
}

// stripURL drops the URL, which may hold a password, from a parse error.
func stripURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// String is the URL without any password.
func (e Endpoint) String() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return "(malformed URL)"
	}
	return u.Redacted()
}

// ParseTask decodes a task file strictly: an unknown key is an error that names its line. Defaults are filled in;
// call Validate before use.
func ParseTask(text []byte) (Task, error) {
	t := Task{}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&t); err != nil {
		return t, fmt.Errorf("read task: %w", err)
	}
	t.Defaults()
	return t, nil
}

// ReadTask reads and decodes a task file.
func ReadTask(file string) (Task, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return Task{}, fmt.Errorf("read task: %w", err)
	}
	t, err := ParseTask(b)
	if err != nil {
		return t, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// Defaults fills in what is not set.
func (t *Task) Defaults() {
	def(&t.Load.Workers, 4)
	def(&t.Load.ChunkRows, 100_000)
	def(&t.Load.Lock, "auto")
	def(&t.Apply.Mode, modeAuto)
	def(&t.Apply.Lanes, 3)
	def(&t.Apply.Transactions, math.MaxInt)
	def(&t.Apply.Rows, 20_000)
	def(&t.Apply.OnError, "stop")
	def(&t.Apply.Wait, 20*time.Millisecond)
	def(&t.Values.ZeroDates, "stop")
	def(&t.Values.NUL, "stop")
	def(&t.Values.InvalidText, "stop")
	def(&t.DDL, ddlStop)
}

func def[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// Validate returns all problems, joined, each with the path of its field.
func (t *Task) Validate() error {
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
	}
	if t.Name == "" {
		bad("name", "is missing: give the task a name, its progress is stored under it")
	}
	checkEndpoint(bad, "source", t.Source, "mysql", "mariadb")
	checkEndpoint(bad, "target", t.Target, "postgres", "postgresql")
	for _, f := range []struct {
		field    string
		patterns []string
	}{{"tables.include", t.Tables.Include}, {"tables.exclude", t.Tables.Exclude}} {
		for i, p := range f.patterns {
			if _, err := path.Match(p, ""); err != nil {
				bad(fmt.Sprintf("%s[%d]", f.field, i), "%q is no pattern", p)
			}
		}
	}
	if t.Load.Workers < 1 || t.Load.Workers > 256 {
		bad("load.workers", "must be 1 to 256")
	}
	if t.Load.ChunkRows < 1 {
		bad("load.chunk_rows", "must be at least 1")
	}
	if t.Load.Lock != "auto" && t.Load.Lock != "never" {
		bad("load.lock", "must be auto or never")
	}
	t.checkApply(bad)
	if t.DDL != ddlStop && t.DDL != ddlIgnore && t.DDL != ddlApply {
		bad("ddl", "must be stop, apply or ignore")
	}
	return errors.Join(append(errs, t.Values.Policy().Validate())...)
}

func (t *Task) checkApply(bad func(field, format string, args ...any)) {
	switch t.Apply.Mode {
	case modeAuto, modeOrdered, modeBatch, modeParallel:
	default:
		bad("apply.mode", "must be auto, ordered, batch or parallel")
	}
	if t.Apply.Lanes < 1 || t.Apply.Lanes > 64 {
		bad("apply.lanes", "must be 1 to 64")
	}
	if t.Apply.OnError != "stop" && t.Apply.OnError != "except" {
		bad("apply.on_error", "must be stop or except")
	}
	if t.Apply.OnError != "except" && t.Values.Policy().Excepts() {
		bad("apply.on_error", "must be except where values has except: later changes of rows that are set aside are set aside, too")
	}
	if t.Apply.Transactions < 1 {
		bad("apply.transactions", "must be at least 1")
	}
	if t.Apply.Rows < 1 {
		bad("apply.rows", "must be at least 1")
	}
	if t.Apply.Wait < 0 {
		bad("apply.wait", "must not be negative")
	}
}

func checkEndpoint(bad func(field, format string, args ...any), field string, e Endpoint, schemes ...string) {
	if e.URL == "" {
		bad(field+".url", "is missing")
		return
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		bad(field+".url", "cannot be parsed: %v", stripURL(err))
		return
	}
	ok := false
	for _, s := range schemes {
		ok = ok || u.Scheme == s
	}
	if !ok {
		bad(field+".url", "has scheme %q; here it must be %s", u.Scheme, strings.Join(schemes, " or "))
	}
	if pw, _ := u.User.Password(); pw != "" && !endpoint.Reference(pw) {
		bad(field+".url", "holds a password: remove it and set %s.password to env:NAME or file:PATH", field)
	}
	if e.Password != "" && !endpoint.Reference(string(e.Password)) {
		bad(field+".password", "must be env:NAME, file:PATH, or the URL of a secret that this program has a driver for")
	}
}

// Match tells whether a table is selected.
func (s Selection) Match(schema, table string) bool {
	if len(s.Schemas) > 0 && !contains(s.Schemas, schema) {
		return false
	}
	return (len(s.Include) == 0 || matchAny(s.Include, schema, table)) && !matchAny(s.Exclude, schema, table)
}

// Idle lists the included names, without wildcards, that none of the tables has.
func (s Selection) Idle(tables []change.Name) (out []string) {
	for _, p := range s.Include {
		named := func(t change.Name) bool { return matchAny([]string{p}, t.Schema, t.Table) }
		if !strings.ContainsAny(p, `*?[\`) && !slices.ContainsFunc(tables, named) {
			out = append(out, p)
		}
	}
	return out
}

// Filter returns the base tables that are selected.
func (s Selection) Filter(tables []*catalog.Table) []*catalog.Table {
	var out []*catalog.Table
	for _, t := range tables {
		if t.Kind == catalog.BaseTable && s.Match(t.Schema, t.Name) {
			out = append(out, t)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func matchAny(patterns []string, schema, table string) bool {
	for _, p := range patterns {
		name := table
		if strings.Contains(p, ".") {
			name = schema + "." + table
		}
		if ok, err := path.Match(p, name); err == nil && ok {
			return true
		}
	}
	return false
}
