package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"godwit"
	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser"
	"godwit/parser/scan"
	"godwit/runner/change"
	"godwit/runner/extract"
)

// The log of the source tells of triggers that are made and dropped, but not what is to become of them on the target, whose
// triggers are off until the cutover; a person decides. The folder has the triggers of the schema that the task began with.

// otherTriggers are the triggers by which the source differs from the schema that a task began with.
type otherTriggers struct {
	Dropped []string `json:"dropped,omitempty"`
	Made    []string `json:"made,omitempty"`
	Changed []string `json:"changed,omitempty"`
}

func (o *otherTriggers) any() bool {
	return o != nil && len(o.Dropped)+len(o.Made)+len(o.Changed) > 0
}

// String names them.
func (o *otherTriggers) String() string {
	var out []string
	for _, l := range []struct {
		word string
		list []string
	}{{"dropped", o.Dropped}, {"made", o.Made}, {"changed", o.Changed}} {
		if len(l.list) > 0 {
			out = append(out, l.word+" "+strings.Join(l.list, ", "))
		}
	}
	return strings.Join(out, "; ")
}

// errOtherTriggers tells that the folder's triggers are not those of the source.
var errOtherTriggers = errors.New("the source has other triggers than the task began with, and the cutover would make the old ones")

// ownTrigger is a trigger as a script makes it.
type ownTrigger struct {
	schema, table string
	text          string // all that it does
}

// triggersOf reads the triggers of a script, by schema and name.
func triggersOf(script *source.File, opt godwit.Options) (map[string]ownTrigger, error) {
	units, err := parser.Parse(script, scan.Options{Dialect: opt.From, Settings: opt.Settings})
	if err != nil {
		return nil, err
	}
	out := map[string]ownTrigger{}
	for _, u := range units {
		if u.Kind != "trigger" {
			continue
		}
		// What cannot be read is compared as it is written.
		t := ownTrigger{schema: u.Schema, text: u.Settings[dialect.NormalizeSetting("sql_mode")] + "\n" + u.Span.Text()}
		if len(u.Stmts) == 1 {
			if c, ok := u.Stmts[0].(*ir.CreateTrigger); ok && c.Body != nil && c.Table != nil {
				t.table = c.Table.Name.Name()
				t.text = strings.Join(append([]string{u.Settings[dialect.NormalizeSetting("sql_mode")], c.Timing}, c.Events...), " ") + "\n" + c.Body.Base().Span.Text()
			}
		}
		out[u.Schema+"."+u.Name] = t
	}
	return out, nil
}

// otherTriggers compares the triggers of the source's tables that the task moves with those that it began with.
func (p *project) otherTriggers(ctx context.Context) (*otherTriggers, error) {
	past, err := p.history(ctx)
	if err != nil || past == nil {
		return nil, err
	}
	src, err := extract.OpenEndpoint(ctx, p.source)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	read, err := src.ReadTriggers(ctx, p.schemas()...)
	if err != nil {
		return nil, fmt.Errorf("read the source's triggers: %w", err)
	}
	for _, u := range read.Unseen {
		if u.Kind == extract.Trigger {
			return nil, fmt.Errorf("read the source's triggers: %s", u)
		}
	}
	opt, err := p.task.options()
	if err != nil {
		return nil, err
	}
	opt.From = dialect.Name(read.Flavor)
	began, err := triggersOf(source.NewFile("began.sql", past.script), opt)
	if err != nil {
		return nil, err
	}
	now, err := triggersOf(source.NewFile("now.sql", read.Script()), opt)
	if err != nil {
		return nil, err
	}
	if err := withTables(began, past.changes, opt); err != nil {
		return nil, err
	}
	return p.compareTriggers(began, now), nil
}

// withTables follows triggers through the schema changes that the stream has brought: they go where their table goes, and with it.
func withTables(triggers map[string]ownTrigger, changes []change.SchemaRecord, opt godwit.Options) error {
	for i, c := range changes {
		units, err := parser.Parse(changeFile(i+1, c), scan.Options{Dialect: opt.From, Settings: opt.Settings})
		if err != nil {
			return err
		}
		of := func(q ir.QName) func(ownTrigger) bool {
			schema := cmp.Or(q.Schema(), c.Schema)
			return func(t ownTrigger) bool {
				return strings.EqualFold(t.schema, schema) && strings.EqualFold(t.table, q.Name())
			}
		}
		drop := func(q ir.QName) {
			maps.DeleteFunc(triggers, func(_ string, t ownTrigger) bool { return of(q)(t) })
		}
		move := func(from, to ir.QName) {
			for name, t := range triggers {
				if of(from)(t) {
					t.schema, t.table = cmp.Or(to.Schema(), c.Schema), to.Name()
					triggers[name] = t
				}
			}
		}
		for _, u := range units {
			for _, s := range u.Stmts {
				tableChange(s, drop, move)
			}
		}
	}
	return nil
}

// tableChange tells which tables a statement drops and renames.
func tableChange(s ir.Stmt, drop func(ir.QName), move func(from, to ir.QName)) {
	switch s := s.(type) {
	case *ir.Drop:
		if s.Kind == "table" && !s.Temporary {
			for _, q := range s.Names {
				drop(q)
			}
		}
	case *ir.CreateTable:
		if s.OrReplace {
			drop(s.Name)
		}
	case *ir.RenameTables:
		for _, pair := range s.Pairs {
			move(pair[0], pair[1])
		}
	case *ir.AlterTable:
		for _, a := range s.Actions {
			if a.Kind == "rename" {
				move(s.Table.Name, a.New)
			}
		}
	}
}

func (p *project) compareTriggers(began, now map[string]ownTrigger) *otherTriggers {
	out := &otherTriggers{}
	moved := func(t ownTrigger) bool { return t.table == "" || p.task.Tables.Match(t.schema, t.table) }
	for name, was := range began {
		is, there := now[name]
		switch {
		case !there && moved(was):
			out.Dropped = append(out.Dropped, name)
		case there && was.text != is.text && (moved(was) || moved(is)):
			out.Changed = append(out.Changed, name)
		}
	}
	for name, is := range now {
		if _, there := began[name]; !there && moved(is) {
			out.Made = append(out.Made, name)
		}
	}
	slices.Sort(out.Dropped)
	slices.Sort(out.Made)
	slices.Sort(out.Changed)
	return out
}

// sameTriggers fails when the cutover would make triggers that the source no longer has, or not those that it has.
func (p *project) sameTriggers(ctx context.Context) error {
	o, err := p.otherTriggers(ctx)
	if err != nil || !o.any() {
		return err
	}
	return fmt.Errorf("%w: since then it has %s; write in %s what the target is to have (what is not wanted is taken out of order.txt), then run the cutover with --folder-triggers",
		errOtherTriggers, o, p.task.Convert.Folder)
}
