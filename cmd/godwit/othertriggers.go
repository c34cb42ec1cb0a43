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

// The log of the source tells of triggers, views, routines and events that are made and dropped, but not what is to become of them
// on the target: its triggers are off until the cutover, and its code may have been written by hand. A person decides. The folder
// has what the schema had that the task began with.

// otherObjects are the objects by which the source differs from the schema that a task began with.
type otherObjects struct {
	Dropped   []string `json:"dropped,omitempty"`
	Made      []string `json:"made,omitempty"`
	Changed   []string `json:"changed,omitempty"`
	Reordered []string `json:"reordered,omitempty"` // triggers that fire in another order
	Hidden    []string `json:"hidden,omitempty"`    // which the user may read no more, with the reason
}

func (o *otherObjects) any() bool {
	return o != nil && len(o.Dropped)+len(o.Made)+len(o.Changed)+len(o.Reordered)+len(o.Hidden) > 0
}

// String names them.
func (o *otherObjects) String() string {
	var out []string
	for _, l := range []struct {
		word string
		list []string
	}{{"dropped", o.Dropped}, {"made", o.Made}, {"changed", o.Changed}, {"reordered", o.Reordered}, {"hidden", o.Hidden}} {
		if len(l.list) > 0 {
			out = append(out, l.word+" "+strings.Join(l.list, ", "))
		}
	}
	return strings.Join(out, "; ")
}

func (o *otherObjects) sort() {
	for _, l := range []*[]string{&o.Dropped, &o.Made, &o.Changed, &o.Reordered, &o.Hidden} {
		slices.Sort(*l)
	}
}

// errOtherTriggers and errOtherCode tell that what the folder has is not what the source has.
var (
	errOtherTriggers = errors.New("the source has other triggers than the task began with, and the cutover would make the old ones")
	errOtherCode     = errors.New("the source has other views, routines or events than the task began with, and the target has the old ones")
)

// ownTrigger is a trigger as a script makes it.
type ownTrigger struct {
	schema, table string
	text          string   // all that it does
	fires         []string // timing and event, for each event
	at            int      // among the triggers of the script, which has them in the order in which they fire
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
		t := ownTrigger{schema: u.Schema, at: len(out), text: u.Settings[dialect.NormalizeSetting("sql_mode")] + "\n" + u.Span.Text()}
		if len(u.Stmts) == 1 {
			if c, ok := u.Stmts[0].(*ir.CreateTrigger); ok && c.Body != nil && c.Table != nil {
				t.table = c.Table.Name.Name()
				for _, e := range c.Events {
					t.fires = append(t.fires, c.Timing+" "+e)
				}
				t.text = strings.Join(append([]string{u.Settings[dialect.NormalizeSetting("sql_mode")], c.Timing}, c.Events...), " ") + "\n" + c.Body.Base().Span.Text()
			}
		}
		out[u.Schema+"."+u.Name] = t
	}
	return out, nil
}

// others compares the triggers of the source's tables that the task moves, and its views, routines and events, with those that
// it began with.
func (p *project) others(ctx context.Context) (triggers, code *otherObjects, err error) {
	past, err := p.history(ctx)
	if err != nil || past == nil {
		return nil, nil, err
	}
	src, err := extract.OpenEndpoint(ctx, p.source)
	if err != nil {
		return nil, nil, err
	}
	defer src.Close()
	read, err := src.ReadCode(ctx, p.schemas()...)
	if err != nil {
		return nil, nil, fmt.Errorf("read the source's triggers, views and routines: %w", err)
	}
	for _, u := range read.Unseen {
		if u.Kind == extract.Trigger {
			return nil, nil, fmt.Errorf("read the source's triggers: %s", u)
		}
	}
	opt, err := p.task.options()
	if err != nil {
		return nil, nil, err
	}
	opt.From = dialect.Name(read.Flavor)
	began, now := source.NewFile("began.sql", past.script), source.NewFile("now.sql", read.Script())
	if code, err = compareCode(began, now, read.Unseen, opt); err != nil {
		return nil, nil, err
	}
	triggers, err = p.compareScripts(began, now, past.changes, opt)
	return triggers, code, err
}

func (p *project) compareScripts(began, now *source.File, changes []change.SchemaRecord, opt godwit.Options) (*otherObjects, error) {
	was, err := triggersOf(began, opt)
	if err != nil {
		return nil, err
	}
	is, err := triggersOf(now, opt)
	if err != nil {
		return nil, err
	}
	if err := withTables(was, changes, opt); err != nil {
		return nil, err
	}
	return p.compareTriggers(was, is), nil
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

func (p *project) compareTriggers(began, now map[string]ownTrigger) *otherObjects {
	out := &otherObjects{}
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
	both := func(name string) bool {
		_, was := began[name]
		t, is := now[name]
		return was && is && moved(t)
	}
	before, after := firing(began, both), firing(now, both)
	for where, names := range after {
		if len(names) == len(before[where]) && !slices.Equal(names, before[where]) {
			out.Reordered = append(out.Reordered, where+" (now "+strings.Join(names, ", ")+")")
		}
	}
	out.sort()
	return out
}

// firing lists triggers in the order in which they fire, by table, timing and event.
func firing(triggers map[string]ownTrigger, which func(name string) bool) map[string][]string {
	names := slices.SortedFunc(maps.Keys(triggers), func(a, b string) int { return triggers[a].at - triggers[b].at })
	out := map[string][]string{}
	for _, name := range names {
		if !which(name) {
			continue
		}
		t := triggers[name]
		for _, f := range t.fires {
			where := strings.ToLower(f) + " of " + t.schema + "." + t.table
			out[where] = append(out[where], name)
		}
	}
	return out
}

// codeOf reads the views, routines and events of a script: what each is made by, by its kind and name.
func codeOf(script *source.File, opt godwit.Options) (map[string]string, error) {
	units, err := parser.Parse(script, scan.Options{Dialect: opt.From, Settings: opt.Settings})
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, u := range units {
		text := u.Span.Text()
		switch u.Kind {
		case "view":
		case "function", "procedure", "package":
			text = u.Settings[dialect.NormalizeSetting("sql_mode")] + "\n" + text
		case "event":
			text = u.Settings[dialect.NormalizeSetting("sql_mode")] + "\n" + u.Settings[dialect.NormalizeSetting("time_zone")] + "\n" + text
		default:
			continue
		}
		name := u.Kind + " " + u.Schema + "." + u.Name
		out[name] += text // a package and its body
	}
	return out, nil
}

// compareCode finds what was made, dropped and changed. What the user could not read when the task began is not compared.
func compareCode(began, now *source.File, unseen []extract.Unseen, opt godwit.Options) (*otherObjects, error) {
	was, err := codeOf(began, opt)
	if err != nil {
		return nil, err
	}
	is, err := codeOf(now, opt)
	if err != nil {
		return nil, err
	}
	out := &otherObjects{}
	hidden := map[string]bool{}
	for _, u := range unseen {
		kind, _, _ := strings.Cut(string(u.Kind), " ") // the body of a package is a part of it
		name := kind + " " + u.Schema + "." + u.Name
		_, there := was[name]
		switch first := strings.Contains(began.Text, "-- not seen: "+strings.TrimSuffix(name, ".")+": "); {
		case first && !there || u.Kind == extract.Table:
		case there || u.Name == "":
			hidden[name] = true
			out.Hidden = append(out.Hidden, strings.TrimSuffix(name, ".")+" ("+u.Why+"; "+u.Next+")")
		default:
			out.Made = append(out.Made, name)
		}
	}
	for name, text := range was {
		switch other, there := is[name]; {
		case there && text != other:
			out.Changed = append(out.Changed, name)
		case !there && !hidden[name] && !hidden[class(name)]:
			out.Dropped = append(out.Dropped, name)
		}
	}
	for name := range is {
		if _, there := was[name]; !there {
			out.Made = append(out.Made, name)
		}
	}
	out.sort()
	return out, nil
}

// class is the kind and schema of a name as they stand for all objects that the user may not read.
func class(name string) string {
	kind, rest, _ := strings.Cut(name, " ")
	schema, _, _ := strings.Cut(rest, ".")
	if kind == "function" {
		kind = string(extract.Procedure)
	}
	return kind + " " + schema + "."
}

// sameCode fails when the cutover would make triggers that the source no longer has, or not those that it has, or when the
// target's views, routines and events are not the source's. A person may have decided of either.
func (p *project) sameCode(triggersDecided, codeDecided bool) func(context.Context) error {
	return func(ctx context.Context) error {
		triggers, code, err := p.others(ctx)
		if err != nil {
			return err
		}
		var errs []error
		if !triggersDecided && triggers.any() {
			errs = append(errs, fmt.Errorf("%w: since then it has %s; write in %s what the target is to have (what is not wanted is taken out of order.txt), then run the cutover with --folder-triggers",
				errOtherTriggers, triggers, p.task.Convert.Folder))
		}
		if !codeDecided && code.any() {
			errs = append(errs, fmt.Errorf("%w: since then it has %s; make on the target, and write in %s, what the target is to have (a file that was applied before is applied again by godwit apply --replace), then run the cutover with --folder-code",
				errOtherCode, code, p.task.Convert.Folder))
		}
		return errors.Join(errs...)
	}
}
