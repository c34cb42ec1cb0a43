// Package apply brings a converted folder to PostgreSQL: every file once, in load order, each whole in a transaction with its
// entry in the ledger, so that a run that stopped goes on where it was.
package apply

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	pg_query "github.com/pganalyze/pg_query_go/v6"
	"golang.org/x/sync/errgroup"

	"godwit/emit/postgres"
)

// Stage is a part of a migration in which statements are applied.
type Stage string

// The stages, in the order of a migration.
const (
	Pre      Stage = "pre"      // what rows need: schemas, helpers, types, sequences, tables
	Data     Stage = "data"     // rows that stood in a script; a live source has none
	Keys     Stage = "keys"     // after the full load: keys that locate rows, foreign keys with an action
	Indexes  Stage = "indexes"  // once the copy is consistent: other keys and indexes
	Foreign  Stage = "foreign"  // then foreign keys without an action, checks
	Code     Stage = "code"     // functions, views, procedures
	Triggers Stage = "triggers" // at cutover: triggers, which the change stream must not fire, and events
	Other    Stage = "other"    // statements that make no object
)

// Stages lists all of them in order.
func Stages() []Stage { return []Stage{Pre, Data, Keys, Indexes, Foreign, Code, Triggers, Other} }

// dropKind are the statements that drop what a script found on its server before it made its own objects, as those of a dump: they
// are applied before everything else, and once only.
const dropKind = "drop"

// kindStage is the stage of a file by its kind. Statements of constraint and index files are placed one by one.
var kindStage = map[string]Stage{
	dropKind: Pre, "schema": Pre, "helper": Pre, "extension": Pre, "type": Pre, "sequence": Pre, "table": Pre, "data": Data,
	"index": Indexes, "constraint": Foreign,
	"function": Code, "view": Code, "procedure": Code, "grant": Code,
	"trigger": Triggers, "event": Triggers, "other": Other,
}

// Statement is one statement of a file.
type Statement struct {
	Text   string
	Offset int // of Text in the file, in bytes
	Stage  Stage
	Line   int // of its first word in the file, from 1

	key *keyStatement // nil unless it makes a key, an index or a foreign key
}

// keyStatement is what decides the stage of a key.
type keyStatement struct {
	table   string // schema.table
	columns []string
	unique  bool
	foreign bool
	action  bool // a foreign key that changes rows: CASCADE, SET NULL, SET DEFAULT

	quoted   string // the table of an index, and of a foreign key that has a name
	validate string // the statement that checks its rows after it was added without; "" for any other key
	drop     string // the statement that takes it away
}

// File is one file of a folder.
type File struct {
	Path       string // as in order.txt
	Kind       string
	Text       string
	Sum        string // SHA-256 of the text
	Statements []Statement
}

// Folder is a converted folder in load order.
type Folder struct {
	Dir   string
	Files []*File
}

// Open reads order.txt and the files it lists. Every problem is named.
func Open(dir string) (*Folder, error) {
	b, err := os.ReadFile(filepath.Join(dir, "order.txt"))
	if err != nil {
		return nil, fmt.Errorf("read the load order: %w; write the folder with godwit convert", err)
	}
	f := &Folder{Dir: dir}
	seen := map[string]bool{}
	lines := strings.Split(string(b), "\n")
	files, errs := make([]*File, len(lines)), make([]error, len(lines))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for n, p := range lines {
		p = strings.TrimRight(p, "\r")
		if p == "" {
			continue
		}
		if seen[p] {
			errs[n] = fmt.Errorf("order.txt:%d: %s is listed twice", n+1, p)
			continue
		}
		seen[p] = true
		g.Go(func() error {
			var err error
			if files[n], err = readFile(dir, p); err != nil {
				files[n], errs[n] = nil, fmt.Errorf("order.txt:%d: %w", n+1, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	f.Files = slices.DeleteFunc(files, func(f *File) bool { return f == nil })
	return f, errors.Join(errs...)
}

func readFile(dir, p string) (*File, error) {
	parts := strings.Split(p, "/")
	if len(parts) != 3 || !filepath.IsLocal(filepath.FromSlash(p)) {
		return nil, fmt.Errorf("%s is not of the form schema/kind/name.sql", p)
	}
	stage, ok := kindStage[parts[1]]
	if !ok {
		return nil, fmt.Errorf("%s: kind %q is not known", p, parts[1])
	}
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	sum := sha256.Sum256(b)
	f := &File{Path: p, Kind: parts[1], Text: string(b), Sum: hex.EncodeToString(sum[:])}
	return f, f.split(stage)
}

// split cuts the file into statements with the server's own scanner.
func (f *File) split(stage Stage) error {
	texts, err := pg_query.SplitWithScanner(f.Text, false)
	if err != nil {
		return fmt.Errorf("%s: split into statements: %w", f.Path, err)
	}
	at := 0
	for _, t := range texts {
		i := strings.Index(f.Text[at:], t)
		if i < 0 {
			return fmt.Errorf("%s: a statement was not found again in its file", f.Path)
		}
		at += i
		s := Statement{Text: t, Offset: at, Stage: stage, Line: f.line(at + postgres.FirstWord(t))}
		at += len(t)
		if f.Kind == "index" || f.Kind == "constraint" {
			if err := s.classify(); err != nil {
				return fmt.Errorf("%s:%d: %w", f.Path, s.Line, err)
			}
		}
		if postgres.FirstWord(t) < len(t) {
			f.Statements = append(f.Statements, s)
		}
	}
	return nil
}

// line is the line of a byte offset.
func (f *File) line(offset int) int {
	return 1 + strings.Count(f.Text[:min(offset, len(f.Text))], "\n")
}

// classify reads what a key statement does.
func (s *Statement) classify() error {
	tree, err := pg_query.Parse(s.Text)
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	for _, raw := range tree.Stmts {
		switch n := raw.Stmt.Node.(type) {
		case *pg_query.Node_IndexStmt:
			s.key = indexKey(n.IndexStmt)
		case *pg_query.Node_AlterTableStmt:
			s.key = alterKey(n.AlterTableStmt)
		}
	}
	s.Stage = s.key.stage(s.Stage)
	return nil
}

func relation(r *pg_query.RangeVar) string {
	schema := r.GetSchemaname()
	if schema == "" {
		schema = "public"
	}
	return schema + "." + r.GetRelname()
}

func indexKey(n *pg_query.IndexStmt) *keyStatement {
	k := &keyStatement{table: relation(n.Relation), unique: n.Unique && n.WhereClause == nil}
	if n.Relation.GetSchemaname() != "" {
		k.quoted = pgx.Identifier{n.Relation.Schemaname, n.Relation.Relname}.Sanitize()
	}
	for _, p := range n.IndexParams {
		k.columns = append(k.columns, p.GetIndexElem().GetName())
	}
	return k
}

// alterKey reads the constraint that ALTER TABLE adds; nil when it adds none or several.
func alterKey(n *pg_query.AlterTableStmt) *keyStatement {
	if len(n.Cmds) != 1 {
		return nil
	}
	c := n.Cmds[0].GetAlterTableCmd().GetDef().GetConstraint()
	if c == nil {
		return nil
	}
	k := &keyStatement{table: relation(n.Relation)}
	switch c.Contype {
	case pg_query.ConstrType_CONSTR_PRIMARY, pg_query.ConstrType_CONSTR_UNIQUE:
		k.unique = true
		for _, col := range c.Keys {
			k.columns = append(k.columns, col.GetString_().GetSval())
		}
	case pg_query.ConstrType_CONSTR_FOREIGN:
		k.foreign = true
		k.action = strings.ContainsAny(c.FkDelAction+c.FkUpdAction, "cnd")
		if c.Conname != "" && !c.SkipValidation && n.Relation.GetSchemaname() != "" {
			k.quoted = pgx.Identifier{n.Relation.Schemaname, n.Relation.Relname}.Sanitize()
			name := pgx.Identifier{c.Conname}.Sanitize()
			k.validate, k.drop = "ALTER TABLE "+k.quoted+" VALIDATE CONSTRAINT "+name, "ALTER TABLE "+k.quoted+" DROP CONSTRAINT "+name
		}
	default:
		return nil
	}
	return k
}

// stage places a key: those with an action go with the locating keys, which place chooses among the unique ones.
func (k *keyStatement) stage(otherwise Stage) Stage {
	switch {
	case k == nil:
		return otherwise
	case k.foreign && k.action:
		return Keys
	case k.foreign:
		return Foreign
	}
	return Indexes
}

// Locate moves the unique keys that locate rows into the stage Keys: locators gives, for schema.table on the target,
// the columns of the table's key. It returns the tables for which the folder's constraint and index files make no such
// key; theirs is part of CREATE TABLE, or there is none.
func (f *Folder) Locate(locators map[string][]string) (elsewhere []string) {
	found := map[string]bool{}
	for _, file := range f.Files {
		for i := range file.Statements {
			s := &file.Statements[i]
			if s.key == nil || !s.key.unique {
				continue
			}
			if want, ok := locators[s.key.table]; ok && !found[s.key.table] && sameColumns(want, s.key.columns) {
				s.Stage, found[s.key.table] = Keys, true
			}
		}
	}
	for t := range locators {
		if !found[t] {
			elsewhere = append(elsewhere, t)
		}
	}
	return elsewhere
}

func sameColumns(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	have := map[string]bool{}
	for _, c := range a {
		have[c] = true
	}
	for _, c := range b {
		if !have[c] {
			return false
		}
	}
	return true
}
