package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"godwit"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/runner/change"
	"godwit/runner/migrate"
	"godwit/runner/postgres"
)

// schemaHistory is the source's schema as the task's position sees it: the script that the task began with, and the
// schema changes that the change stream brought since.
type schemaHistory struct {
	script  string
	changes []change.SchemaRecord
}

// history reads the schema that the target keeps for the task; it is nil for a task that has not begun.
func (p *project) history(ctx context.Context) (*schemaHistory, error) {
	list, err := postgres.SchemaHistory(ctx, p.pool, p.task.Name)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &schemaHistory{script: list[0].Text, changes: list[1:]}, nil
}

// changeFile is a schema change as a script of its own: the session's settings, then the statement.
func changeFile(n int, c change.SchemaRecord) *source.File {
	var b strings.Builder
	if c.Schema != "" {
		fmt.Fprintf(&b, "USE `%s`;\n", strings.ReplaceAll(c.Schema, "`", "``"))
	}
	fmt.Fprintf(&b, "SET sql_mode = '%s';\n%s;\n", c.SQLMode, strings.TrimRight(c.Text, "; \n\t"))
	return source.NewFile(fmt.Sprintf("schema-change-%d.sql", n), b.String())
}

// refresh brings the tables up to the schema changes that a run of this process has made.
func (p *project) refresh(ctx context.Context) error {
	past, err := p.history(ctx)
	if err != nil || past == nil || p.past != nil && len(past.changes) == p.known {
		return err
	}
	p.past = past
	if err := p.catchUp(); err != nil {
		return err
	}
	p.tables = nil
	return p.chooseTables()
}

// apart is the project for work beside the change stream, which brings its own tables up to schema changes.
func (p *project) apart() *project {
	own, conv := *p, *p.conv
	own.conv = &conv
	return &own
}

// base is the script that the task began with.
func (p *project) base() *source.File {
	return source.NewFile(sourceScript(p.task.Convert.Folder), p.past.script)
}

// catchUp brings the catalog to the last schema change of the history.
func (p *project) catchUp() error {
	p.known = len(p.past.changes)
	if p.known == 0 {
		return nil
	}
	var files []*source.File
	for i, c := range p.past.changes {
		files = append(files, changeFile(i+1, c))
	}
	opt := p.options
	opt.Catalog = append(opt.Catalog[:len(opt.Catalog):len(opt.Catalog)], p.base())
	conv, err := godwit.Translate(files, opt)
	if err != nil {
		return fmt.Errorf("repeat the schema changes of the task: %w", err)
	}
	p.conv.Catalog, p.since = conv.Catalog, supersededBy(conv)
	return nil
}

// schemaChange converts a schema change that the change stream brings. The history is read anew: a change counts once the
// target has it.
func (p *project) schemaChange(ctx context.Context, c *change.Change) (migrate.SchemaChange, error) {
	var out migrate.SchemaChange
	past, err := p.history(ctx)
	switch {
	case err != nil:
		return out, err
	case past == nil:
		return out, errors.New("the target does not keep the task's schema; the task was started by an older program")
	}
	p.past = past
	opt := p.options
	opt.Catalog = append(opt.Catalog[:len(opt.Catalog):len(opt.Catalog)], p.base())
	// The changes so far are statements like the new one, not a part of the catalog: names on the target follow from their order.
	var files []*source.File
	for i, rec := range append(past.changes[:len(past.changes):len(past.changes)], change.SchemaRecord{Schema: c.Schema, SQLMode: c.SQLMode, Text: c.Statement}) {
		files = append(files, changeFile(i+1, rec))
	}
	conv, err := godwit.Translate(files, opt)
	if err != nil {
		return out, err
	}
	now := files[len(files)-1]
	conv.Units = slices.DeleteFunc(conv.Units, func(u *godwit.Unit) bool { return u.Source.File != now })
	out.Tables = conv.Catalog.Tables()
	out.Statements, out.Refused = converted(conv)
	if out.Refused == nil {
		var first []string
		if first, err = p.along(out.Statements); err != nil {
			return out, err
		}
		out.Statements = append(first, out.Statements...)
		out.Statements, out.Refused = quiet(p.task.Name, out.Statements)
	}
	if out.Refused == nil {
		var fill []string
		fill, out.Renamed, out.Refused = p.keepRows(ctx, c, out.Tables)
		out.Statements = append(out.Statements, fill...)
	}
	return out, nil
}

// remark tells a statement that is comments only.
func remark(sql string) bool {
	for _, l := range strings.Split(sql, "\n") {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "--") {
			return false
		}
	}
	return true
}

// converted lists the statements of a converted schema change. Findings that a person should see are part of an error: a
// running task cannot ask.
func converted(conv *godwit.Conversion) (statements []string, refused error) {
	statements = []string{}
	for _, t := range conv.Translated() {
		for _, f := range t.Findings {
			if f.Severity >= diag.Warning || t.Status == diag.Refused && f.Severity >= diag.Review {
				return nil, fmt.Errorf("its conversion needs a person (%s %s)", f.Code, f.Message)
			}
		}
		if t.Status == diag.Refused {
			return nil, errors.New("it cannot be converted")
		}
		for _, s := range t.Target {
			if remark(s.SQL) {
				continue
			}
			word, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(s.SQL)), " ")
			switch strings.TrimRight(word, ";") {
			case "BEGIN", "COMMIT", "ROLLBACK", "START":
				return nil, errors.New("its conversion begins or ends a transaction")
			}
			statements = append(statements, s.SQL)
		}
	}
	return statements, nil
}
