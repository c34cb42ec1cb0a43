package handlers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/resolve"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// declared is what SIGNAL and RESIGNAL in a piece of code may raise: error numbers by SQLSTATE, "?" for one that is computed.
type declared struct {
	states  map[string]map[string]bool
	callees []*catalog.Routine
	changes []string // tables and events, as keys of triggers
	unknown bool
	warns   bool             // something may leave a warning
	soft    bool             // SIGNAL raises a warning
	child   bool             // a row may refer to none
	parent  bool             // a row that others refer to may go
	missing bool             // a row leaves out a column that has no default
	null    bool             // a column may be set to NULL
	gone    []*catalog.Table // tables whose rows go or change their keys
}

// Keys of the session: what routines declare, and triggers by table and event.
const routinesKey, triggersKey = "handlers.routines", "handlers.triggers"

func kept[K comparable, V any](p *rewrite.Pass, key string) map[K]V {
	m, _ := p.Session.Values[key].(map[K]V)
	if m == nil {
		m = map[K]V{}
		p.Session.Values[key] = m
	}
	return m
}

// prepare keeps what the routines and triggers of the unit declare.
func prepare(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Routine:
			if n.Object != nil && n.Body != nil {
				kept[*catalog.Routine, *declared](p, routinesKey)[n.Object] = declares(n.Body)
			}
		case *ir.CreateTrigger:
			if n.Table == nil || n.Body == nil {
				continue
			}
			d := declaresTrigger(n)
			for _, e := range n.Events {
				k := changeKey(n.Table.Name, e)
				m := kept[string, []*declared](p, triggersKey)
				m[k] = append(m[k], d)
			}
		}
	}
}

// noDataNumber is the number of the error of a FETCH behind the last row.
const noDataNumber = "1329"

// declaresTrigger adds the condition of a FETCH behind the last row.
func declaresTrigger(t *ir.CreateTrigger) *declared {
	d := declares(t.Body)
	if resolve.EndsWithNoRow(t.Body) {
		d.add("02000", noDataNumber)
	}
	return d
}

func changeKey(table ir.QName, event string) string {
	return strings.ToLower(table.Name() + " " + event)
}

// declares gathers what stands in a piece of code as the source has it.
func declares(root ir.Node) *declared {
	d := &declared{states: map[string]map[string]bool{}}
	ir.Walk(root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Signal:
			d.signal(root, n)
		case *ir.CallProc:
			d.callees = append(d.callees, n.Routine)
		case *ir.RoutineCall:
			d.callees = append(d.callees, n.Routine)
		case *ir.Insert:
			d.change(n.Table, "insert")
			d.insert(n)
			d.warns = d.warns || ignores(n)
			if n.Replace || len(n.OnDuplicate) > 0 || n.Conflict != nil {
				d.change(n.Table, "update")
				d.change(n.Table, "delete")
			}
		case *ir.Update:
			d.tables(n, "update")
			d.update(n)
			d.warns = d.warns || ignores(n)
		case *ir.Delete:
			d.tables(n, "delete")
			d.warns = d.warns || ignores(n)
			ir.Walk(n, func(x ir.Node) bool {
				if t, ok := x.(*ir.TableRef); ok {
					d.gone = append(d.gone, t.Table)
				}
				return true
			})
		case *ir.Raise:
			if n.State != "" {
				d.add(n.State, "?")
				break
			}
			d.unknown = d.unknown || n.Level == "" || n.Code != nil
		case *ir.Execute, *ir.Unsupported:
			d.unknown, d.warns, d.child, d.parent, d.missing, d.null = true, true, true, true, true, true
		default:
			d.warns = d.warns || warns(n)
		}
		return true
	})
	return d
}

// insert tells which constraints new rows may break.
func (d *declared) insert(n *ir.Insert) {
	if n.Table == nil || n.Table.Table == nil {
		d.child, d.parent, d.null, d.missing = true, true, true, true
		return
	}
	t := n.Table.Table
	d.child = d.child || len(t.ForeignKeys) > 0
	if n.Replace || len(n.OnDuplicate) > 0 || n.Conflict != nil {
		d.gone = append(d.gone, t)
	}
	missing := false
	for _, c := range t.Columns {
		given := len(n.Columns) == 0 && n.Source != nil
		for _, x := range n.Columns {
			r, ok := x.Ref.(*ir.ColumnRef)
			given = given || ok && r.Column == c
		}
		missing = missing || !given && required(c)
	}
	d.missing, d.null = d.missing || missing, d.null || !missing
}

// required tells a column that needs a value: that of an ENUM is its first member.
func required(c *catalog.Column) bool {
	switch c.Type.(type) {
	case types.Enum, types.Timestamp:
		return false
	}
	return !c.Nullable && !c.HasDefault && !c.AutoIncrement && c.Generated == 0
}

// update tells whether the change may break a reference of the table, or one to it.
func (d *declared) update(u *ir.Update) {
	d.null = true
	for _, a := range u.Sets {
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok || r.Table == nil || r.Column == nil {
			d.child, d.parent = true, true
			return
		}
		same := func(c string) bool { return equalFold(c, r.Column.Name) }
		for _, k := range r.Table.ForeignKeys {
			d.child = d.child || slices.ContainsFunc(k.Columns, same)
		}
		for _, k := range r.Table.Keys {
			if slices.ContainsFunc(k.Parts, func(x catalog.KeyPart) bool { return same(x.Column) }) {
				d.gone = append(d.gone, r.Table)
			}
		}
	}
}

// rekeyed tells where an UPDATE changes keys that foreign keys refer to: two constraints may fail, and the servers look at them in another order.
func (r *run) rekeyed(root ir.Node) {
	ir.Walk(root, func(n ir.Node) bool {
		u, ok := n.(*ir.Update)
		if !ok {
			return true
		}
		d := &declared{}
		d.update(u)
		for _, t := range d.gone {
			if t != nil && referred(r.p)[strings.ToLower(t.Name)] {
				r.tell(firstOfTwo, u, "the key of %s is changed, which foreign keys refer to", t.Name)
				break
			}
		}
		return true
	})
}

func (d *declared) signal(root ir.Node, s *ir.Signal) {
	switch {
	case control.NoRowMark(s) != "":
	case s.Condition == nil:
		d.unknown = d.unknown || numberOf(s) != "1644"
	case s.Condition.Kind == ir.ByState:
		d.add(s.Condition.State, numberOf(s))
	case s.Condition.Kind == ir.ByName:
		found := false
		ir.Walk(root, func(n ir.Node) bool {
			if c, ok := n.(*ir.ConditionDecl); ok && equalFold(c.Name.Text, s.Condition.Name) && c.Value.Kind == ir.ByState {
				d.add(c.Value.State, numberOf(s))
				found = true
			}
			return true
		})
		d.unknown = d.unknown || !found
	default:
		d.unknown = true
	}
}

func (d *declared) add(state, number string) {
	d.soft = d.soft || control.IsWarning(state)
	if d.states[state] == nil {
		d.states[state] = map[string]bool{}
	}
	d.states[state][number] = true
}

func (d *declared) change(t *ir.TableRef, event string) {
	if t == nil || t.Table != nil && t.Table.Kind == catalog.ViewTable {
		d.unknown = true
		for seen := 0; t != nil && seen < 64; seen++ { // the triggers are those of the table below
			base := t.Table.Base
			if base == nil {
				return
			}
			if t = &(ir.TableRef{Name: ir.Qualified(base.Schema, base.Name), Table: base}); base.Kind != catalog.ViewTable {
				d.changes = append(d.changes, changeKey(t.Name, event))
				return
			}
		}
		return
	}
	d.changes = append(d.changes, changeKey(t.Name, event))
}

// tables are those that a statement names: it may change any of them.
func (d *declared) tables(s ir.Node, event string) {
	ir.Walk(s, func(n ir.Node) bool {
		if t, ok := n.(*ir.TableRef); ok {
			d.change(t, event)
		}
		return true
	})
}

// declaredBy is what a statement may raise by SIGNAL: itself, in the routines that it calls, in triggers.
func declaredBy(p *rewrite.Pass, s ir.Node) *declared {
	out := &declared{states: map[string]map[string]bool{}}
	routines, triggers := kept[*catalog.Routine, *declared](p, routinesKey), kept[string, []*declared](p, triggersKey)
	seen, fired := map[*catalog.Routine]bool{}, map[string]bool{}
	first := declares(s)
	first.soft = false // it finds its handler by itself
	todo := []*declared{first}
	for len(todo) > 0 {
		d := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		out.unknown, out.warns = out.unknown || d.unknown, out.warns || d.warns || d.soft
		out.child, out.parent = out.child || d.child, out.parent || d.parent
		out.missing, out.null = out.missing || d.missing, out.null || d.null
		for _, t := range d.gone {
			out.parent = out.parent || t == nil || referred(p)[strings.ToLower(t.Name)]
		}
		for state, numbers := range d.states {
			for n := range numbers {
				out.add(state, n)
			}
		}
		for _, c := range d.callees {
			switch {
			case seen[c]:
			case c == nil || routines[c] == nil:
				out.unknown, out.warns, out.child, out.parent, out.missing, out.null = true, true, true, true, true, true
			default:
				seen[c] = true
				todo = append(todo, routines[c])
				if c.Facts.NoRow {
					out.add("02000", noDataNumber)
				}
			}
		}
		for _, k := range d.changes {
			if !fired[k] {
				fired[k] = true
				todo = append(todo, triggers[k]...)
				todo = append(todo, later(p, k)...)
			}
		}
	}
	return out
}

// referred are the names of the tables that foreign keys refer to.
func referred(p *rewrite.Pass) map[string]bool {
	const key = "handlers.referred"
	m, _ := p.Session.Values[key].(map[string]bool)
	if m == nil {
		m = map[string]bool{}
		for _, t := range p.Catalog.Tables() {
			for _, k := range t.ForeignKeys {
				m[strings.ToLower(k.RefTable)] = true
			}
		}
		p.Session.Values[key] = m
	}
	return m
}

// fires tells that the statement changes a table with a trigger, as far as triggers are known.
func fires(p *rewrite.Pass, s ir.Stmt) bool {
	d, triggers := declares(s), kept[string, []*declared](p, triggersKey)
	for _, k := range d.changes {
		if len(triggers[k]) > 0 || len(later(p, k)) > 0 {
			return true
		}
	}
	return d.unknown
}

// pending are the triggers of a script as they were written, with their places.
type pending struct {
	script []*ir.Unit
	at     map[string][]int
	of     map[string][]*declared
}

// later are the triggers of a change that the script makes further down.
func later(p *rewrite.Pass, k string) []*declared {
	s := p.Session
	if !s.InOrder || len(s.Script) == 0 {
		return nil
	}
	const key = "handlers.later"
	x, _ := s.Values[key].(*pending)
	if x == nil || len(x.script) != len(s.Script) || x.script[0] != s.Script[0] {
		x = &pending{script: s.Script, at: map[string][]int{}, of: map[string][]*declared{}}
		for i, u := range s.Script {
			for _, n := range u.Stmts {
				t, ok := n.(*ir.CreateTrigger)
				if !ok || t.Table == nil || t.Body == nil {
					continue
				}
				for _, e := range t.Events {
					k := changeKey(t.Table.Name, e)
					x.at[k], x.of[k] = append(x.at[k], i), append(x.of[k], declaresTrigger(t))
				}
			}
		}
		s.Values[key] = x
	}
	var out []*declared
	for i, at := range x.at[k] {
		if at > s.At {
			out = append(out, x.of[k][i])
		}
	}
	return out
}

// withNumber lists the SQLSTATEs that come with an error number, and whether the state alone tells; ok is false if not all states are known, or a state
// comes from errors of the target as well.
func (d *declared) withNumber(errno string) (states map[string]bool, ok bool) {
	if d.unknown {
		return nil, false
	}
	states = map[string]bool{}
	for state, numbers := range d.states {
		switch {
		case !numbers[errno] && !numbers["?"]:
		case errno == plainNumber && raisedByTarget(state):
			return nil, false
		default:
			states[state] = len(numbers) == 1 && numbers[errno] && !raisedByTarget(state)
		}
	}
	return states, true
}

// gives tells that SIGNAL of an error may give the number, which an error of the server has.
func (d *declared) gives(errno string) bool {
	for state, numbers := range d.states {
		if (numbers[errno] || numbers["?"]) && !control.IsNotFound(state) && !control.IsWarning(state) {
			return true
		}
	}
	return false
}

// plainNumber is the error number of a SIGNAL that gives none.
const plainNumber = "1644"

// numbered tells that SIGNAL gives an error number of its own.
func (d *declared) numbered() bool {
	for state, numbers := range d.states {
		for n := range numbers {
			if n != plainNumber && !(n == "1643" && control.IsNotFound(state)) && !(n == "1642" && control.IsWarning(state)) {
				return true
			}
		}
	}
	return false
}

// targetClasses are the classes of SQLSTATEs that the target has errors in (PostgreSQL, Appendix A).
const targetClasses = " 02 03 08 09 0A 0B 0F 0L 0P 0Z 20 21 22 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 58 72 F0 HV P0 XX "

func raisedByTarget(state string) bool {
	return state != "23000" && (strings.HasPrefix(state, "23") || len(state) < 2 || strings.Contains(targetClasses, " "+state[:2]+" "))
}

// onlyOfClass tells that no other state of the class can be declared but those that have arms of their own.
func (d *declared) onlyOfClass(state string, arms []*ir.ExceptArm) bool {
	if d.unknown || raisedByTarget(state) {
		return false
	}
	for s := range d.states {
		own := slices.ContainsFunc(arms, func(a *ir.ExceptArm) bool { return slices.Contains(a.Conditions, "SQLSTATE '"+s+"'") })
		if s != state && strings.HasPrefix(s, state[:2]) && !own {
			return false
		}
	}
	return true
}
