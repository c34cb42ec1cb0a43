package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"godwit"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/apply"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/extract"
	"godwit/runner/migrate"
	"godwit/runner/mysql"
)

// taskFile is a task file: what the mover needs, and how the schema is converted.
type taskFile struct {
	migrate.Task `yaml:",inline"`
	Convert      convertSection  `yaml:"convert"`
	Fallback     fallbackSection `yaml:"fallback"`
	Verify       verifySection   `yaml:"verify"`
}

// convertSection says how the schema is converted. It must stay the same for the life of a task: names and types of
// the target follow from it.
type convertSection struct {
	// Folder holds the converted files; default: the task file's name without its ending, beside it.
	Folder     string            `yaml:"folder"`
	To         string            `yaml:"to"`         // the target's version, postgres15 ... postgres18; default: the oldest
	Collations string            `yaml:"collations"` // how case-insensitive text compares: icu (default) as on the source, citext (columns of that extension's type) or none
	Autocommit string            `yaml:"autocommit"` // whether routines are atomic (default) or commit as on the source
	Autonomous string            `yaml:"autonomous"` // autonomous transactions of Oracle: none (refused, default) or dblink (a second connection)
	Crypto     string            `yaml:"crypto"`     // DBMS_CRYPTO.ENCRYPT and DECRYPT of Oracle: none (refused, default) or pgcrypto (that extension)
	Packages   string            `yaml:"packages"`   // packages of Oracle: schema (default, a schema of the package's name) or prefix (names in the owner's schema)
	LineWidth  int               `yaml:"line_width"` // of the converted files; default 100
	Settings   map[string]string `yaml:"settings"`   // the settings of the source that change meaning, over what the server says
}

// readTaskFile reads a task file strictly; every problem is an error of usage.
func readTaskFile(path string) (*taskFile, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("read the task file: %v", err)
	}
	t := &taskFile{}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	switch err := dec.Decode(t); {
	case errors.Is(err, io.EOF):
		return nil, usage("%s: the file is empty; see docs/task.md for what a task file holds", path)
	case err != nil:
		return nil, usage("%s:\n%s", path, taskProblem(err))
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, usage("%s: line %d: something follows the end of the task (---); write one task to a file", path, more.Line)
	}
	t.Defaults()
	if t.Convert.Folder == "" {
		base := filepath.Base(path)
		t.Convert.Folder = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if !filepath.IsAbs(t.Convert.Folder) {
		t.Convert.Folder = filepath.Join(filepath.Dir(path), t.Convert.Folder)
	}
	if err := errors.Join(t.Validate(), t.schemasNamed(), t.Fallback.validate(), t.Verify.validate()); err != nil {
		return nil, usage("%s:\n%v", path, err)
	}
	return t, nil
}

// schemasNamed makes sure that the task says which schemas it is about.
func (t *taskFile) schemasNamed() error {
	u, err := url.Parse(t.Source.URL)
	if err != nil || strings.Trim(u.Path, "/") != "" || len(t.Tables.Schemas) > 0 {
		return nil // what is wrong with the URL is told elsewhere
	}
	return errors.New("source.url: names no database; write it behind the server, as in mysql://user@host:3306/shop, or list the schemas in tables.schemas")
}

// options are the conversion options of the task; what the live source says is added by read.
func (t *taskFile) options() (godwit.Options, error) {
	f := sourceFlags{to: orDefault(t.Convert.To, "postgres"), collations: orDefault(t.Convert.Collations, "icu"),
		autocommit: orDefault(t.Convert.Autocommit, "atomic"), autonomous: t.Convert.Autonomous, crypto: t.Convert.Crypto, packages: t.Convert.Packages, zeroDates: unlessExcept(t.Values.ZeroDates), lineWidth: t.Convert.LineWidth}
	if f.lineWidth == 0 {
		f.lineWidth = 100
	}
	for k, v := range t.Convert.Settings {
		f.set = append(f.set, k+"="+v)
	}
	return f.options("")
}

// unlessExcept is a policy for values as the conversion knows it: rows are set aside by the mover only.
func unlessExcept(policy string) string {
	if policy == change.Except {
		return change.Stop
	}
	return policy
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// project is a task with both ends open and its schema converted in memory.
type project struct {
	task           *taskFile
	source, target *endpoint.Endpoint
	db             *sql.DB
	pool           *pgxpool.Pool
	read           *extract.Result
	options        godwit.Options // of the conversion
	past           *schemaHistory // nil before the task has begun
	since          *superseded    // what schema changes did to triggers; nil before there are any
	known          int            // schema changes that tables take into account
	conv           *godwit.Conversion
	tables         []*catalog.Table // those to move, with their names on the target
	unmoved        []string         // tables of the live source that the task selects and its schema does not have
}

// openProject reads the task file and opens both ends. Close the project also after an error.
func openProject(ctx context.Context, path string) (*project, error) {
	p := &project{}
	if err := p.open(ctx, path); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// openConverted is openProject with the schema converted.
func openConverted(ctx context.Context, path string) (*project, error) {
	p, err := openProject(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := p.convert(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *project) open(ctx context.Context, path string) error {
	var err error
	if p.task, err = readTaskFile(path); err != nil {
		return err
	}
	if p.source, err = p.task.Source.Open(); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if p.target, err = p.task.Target.Open(); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	if p.db, err = p.source.OpenMySQL(ctx); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if p.pool, err = p.target.OpenPostgres(ctx, p.task.Load.Workers+4); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	return nil
}

// Close closes both ends.
func (p *project) Close() {
	if p.db != nil {
		p.db.Close()
	}
	if p.pool != nil {
		p.pool.Close()
	}
}

// schemas are the source's schemas that the task is about.
func (p *project) schemas() []string {
	if len(p.task.Tables.Schemas) > 0 {
		return p.task.Tables.Schemas
	}
	return []string{p.source.Database}
}

// convert reads the live schema and converts it, for the names and types of the target.
func (p *project) convert(ctx context.Context) error {
	opt, err := p.task.options()
	if err != nil {
		return err
	}
	src, err := extract.OpenEndpoint(ctx, p.source)
	if err != nil {
		return err
	}
	defer src.Close()
	if p.read, err = src.Read(ctx, p.schemas()...); err != nil {
		return fmt.Errorf("read the source's schema: %w", err)
	}
	opt.From, opt.Schema = dialect.Name(p.read.Flavor), p.read.Schemas[0]
	for k, v := range p.read.Settings {
		if _, given := opt.Settings[dialect.NormalizeSetting(k)]; !given {
			opt.Settings[dialect.NormalizeSetting(k)] = v
		}
	}
	p.options = opt
	if p.past, err = p.history(ctx); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	script := source.NewFile(sourceScript(p.task.Convert.Folder), p.read.Script())
	if p.past != nil {
		script = p.base()
	}
	if p.conv, err = godwit.Convert([]*source.File{script}, opt); err != nil {
		return fmt.Errorf("convert the schema: %w", err)
	}
	if p.past != nil {
		if err := p.catchUp(); err != nil {
			return err
		}
	}
	return p.chooseTables()
}

// sourceTables are the tables that the task is about, whether converted or not: those of the live source, or, once the
// task has begun, those of its position in the source's history.
func (p *project) sourceTables() (out []change.Name) {
	if p.past != nil {
		for _, t := range p.conv.Catalog.Tables() {
			if t.Kind == catalog.BaseTable && slices.Contains(p.read.Schemas, t.Schema) {
				out = append(out, change.Name{Schema: t.Schema, Table: t.Name})
			}
		}
		return out
	}
	for _, o := range p.read.Objects {
		if o.Kind == extract.Table {
			out = append(out, change.Name{Schema: o.Schema, Table: o.Name})
		}
	}
	return out
}

// chooseTables takes the tables that the server has and the task selects. One that the conversion refused, or does not
// know by its name on the target, is an error, so that no table is left behind unseen; unless a person wrote its file.
func (p *project) chooseTables() error {
	if p.past == nil { // later a table may have gone on the source
		if err := p.included(); err != nil {
			return err
		}
	}
	var lost []string
	refused, err := p.refusedTables()
	if err != nil {
		return err
	}
	for _, o := range p.sourceTables() {
		if !p.task.Tables.Match(o.Schema, o.Table) {
			continue
		}
		t := p.conv.Catalog.Table(o.Schema, o.Table)
		if why, bad := refused[o.String()]; bad || t == nil || t.Target == "" {
			lost = append(lost, o.String()+orDefault(why, " (it is not known to the conversion)"))
			continue
		}
		p.tables = append(p.tables, t)
	}
	if len(lost) > 0 {
		return fmt.Errorf("tables that were not converted: %s; correct them on the source, exclude them, or write their files in the converted folder by hand and list them in order.txt", strings.Join(lost, ", "))
	}
	if err := p.task.Values.Policy().Fits(p.tables); err != nil {
		return err
	}
	p.unmoved = nil
	for _, o := range p.read.Objects {
		if o.Kind == extract.Table && p.past != nil && p.task.Tables.Match(o.Schema, o.Name) && p.conv.Catalog.Table(o.Schema, o.Name) == nil {
			p.unmoved = append(p.unmoved, o.Schema+"."+o.Name)
		}
	}
	if len(p.tables) == 0 {
		return fmt.Errorf("%w: the task selects no table; check tables.schemas, tables.include and tables.exclude", errSelection)
	}
	return nil
}

// errSelection tells that the task does not select what there is.
var errSelection = errors.New("the selection of tables")

// included makes sure that every table that is included by its name is there: a misspelt one would be left behind unseen.
func (p *project) included() error {
	there := p.sourceTables()
	idle := p.task.Tables.Idle(there)
	if len(idle) == 0 {
		return nil
	}
	const most = 20
	var names []string
	for _, n := range there {
		names = append(names, n.String())
	}
	if len(names) > most {
		names = append(names[:most:most], fmt.Sprintf("and %d others", len(names)-most))
	}
	return fmt.Errorf("%w: tables.include has %s, and the source has no such table; it has %s", errSelection, strings.Join(idle, ", "), orDefault(strings.Join(names, ", "), "none that the user may see"))
}

// refusedTables gives for each table that was refused the reason, without those whose file a person wrote.
func (p *project) refusedTables() (map[string]string, error) {
	order, err := os.ReadFile(filepath.Join(p.task.Convert.Folder, "order.txt"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the converted folder: %w", err)
	}
	out := map[string]string{}
	for _, u := range p.conv.Units {
		if u.Kind != "table" || u.Status != diag.Refused {
			continue
		}
		if slices.Contains(strings.Split(string(order), "\n"), u.Schema+"/table/"+u.Name+".sql") {
			continue
		}
		why := " (refused)"
		for _, f := range u.Findings {
			if f.Fidelity == diag.Refused {
				why = fmt.Sprintf(" (%s %s)", f.Code, f.Message)
				break
			}
		}
		out[u.Schema+"."+u.Name] = why
	}
	return out, nil
}

// sequences are the sequences of the source that the conversion knows.
func (p *project) sequences() (out []*catalog.Sequence) {
	for _, s := range p.conv.Catalog.Sequences() {
		if slices.Contains(p.read.Schemas, s.Schema) && s.Target != "" {
			out = append(out, s)
		}
	}
	return out
}

// folder opens the converted folder, and writes it first if it is not there. An existing one is used as it is: a
// person may have edited it.
func (p *project) folder() (f *apply.Folder, written bool, err error) {
	_, err = os.Stat(filepath.Join(p.task.Convert.Folder, "order.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		if err := p.conv.WriteFolder(p.task.Convert.Folder); err != nil {
			return nil, false, err
		}
		if err := writeSource(p.task.Convert.Folder, p.read.Script()); err != nil {
			return nil, false, err
		}
		written = true
	} else if err != nil {
		return nil, false, fmt.Errorf("look for the converted folder: %w", err)
	}
	f, err = apply.Open(p.task.Convert.Folder)
	if err != nil {
		return nil, written, err
	}
	return f, written, p.locate(f)
}

// locate tells the folder which keys locate rows.
func (p *project) locate(f *apply.Folder) error {
	keys := map[string][]string{}
	for _, t := range p.tables {
		ct, err := change.NewTable(t)
		if err != nil {
			return err
		}
		var cols []string
		for _, i := range ct.Key {
			cols = append(cols, ct.Columns[i].Target)
		}
		if len(cols) > 0 {
			keys[targetSchema(t)+"."+t.Target] = cols
		}
	}
	f.Locate(keys)
	return nil
}

func targetSchema(t *catalog.Table) string { return orDefault(t.TargetSchema, "public") }

// targetSchemas are the schemas of the tables on the target.
func (p *project) targetSchemas() (out []string) {
	for _, t := range p.tables {
		if s := targetSchema(t); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// mysqlSource opens the source beside a run: for positions, and for rows under the task's policies.
func mysqlSource(ctx context.Context, p *project) (*mysql.Source, error) {
	src, err := mysql.Open(ctx, p.source, mysql.Options{NoLock: true, Policy: p.task.Values.Policy()})
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	return src, nil
}

// oneArgument wants exactly one argument; another number is an error of usage.
func oneArgument(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("%s wants one argument, got %d; see `%s --help`", cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}

// atMostOneArgument wants none or one; another number is an error of usage.
func atMostOneArgument(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("%s wants one argument at most, got %d; see `%s --help`", cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}
