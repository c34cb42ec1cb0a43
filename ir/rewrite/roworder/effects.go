package roworder

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/control"
)

// effects are what code reads and changes beside its own variables: tables, variables that it shares with others, and sequences.
type effects struct {
	reads, writes map[any]bool // *catalog.Table, *catalog.PackageVar, *ir.VarDecl, the name of a sequence
	adds          map[any]bool // tables that rows are only added to
	last          map[any]bool // sequences whose last number is read
	callees       map[*catalog.Routine]bool
	unknown       bool // it may do anything
}

// counter is the identity of a table.
type counter struct{ table *catalog.Table }

func add[K comparable](m *map[K]bool, x K) {
	if *m == nil {
		*m = map[K]bool{}
	}
	(*m)[x] = true
}

// effectsOf are those of a body without those of the routines that it calls.
func effectsOf(body ir.Node) *effects {
	e := &effects{}
	targets := map[*ir.TableRef]bool{}
	var own []*ir.VarDecl
	ir.Walk(body, func(n ir.Node) bool {
		for _, w := range control.Written(n) {
			if r := control.Root(w); r != nil {
				if k := shared(r); k != nil {
					add(&e.writes, k)
				}
			}
		}
		switch n := n.(type) {
		case *ir.VarDecl:
			own = append(own, n)
		case *ir.Insert:
			if n.Table != nil {
				targets[n.Table] = true
				e.insert(n.Table.Table)
			}
		case *ir.Merge:
			e.change(n.Into, targets)
		case *ir.Update:
			for _, t := range n.Tables {
				e.change(t, targets)
			}
		case *ir.Delete:
			for _, t := range n.From {
				e.change(t, targets)
			}
		case *ir.TableRef:
			if n.Table != nil && !targets[n] {
				add(&e.reads, any(n.Table))
				e.unknown = e.unknown || n.Table.Kind == catalog.ViewTable
			}
		case *ir.Execute, *ir.Unsupported, *ir.RawStmt, *ir.Truncate:
			e.unknown = true
		case *ir.NextValue:
			if name := sequence(n); n.Previous {
				add(&e.last, any(name))
			} else {
				add(&e.writes, any(name))
			}
		case *ir.Name:
			if k := shared(n); k != nil {
				add(&e.reads, k)
			}
		case *ir.CallProc:
			e.call(n.Routine)
		case *ir.RoutineCall:
			e.call(n.Routine)
		}
		return true
	})
	for _, d := range own {
		delete(e.reads, d)
		delete(e.writes, d)
	}
	return e
}

func (e *effects) call(r *catalog.Routine) {
	if r == nil {
		e.unknown = true
		return
	}
	add(&e.callees, r)
}

func sequence(n *ir.NextValue) string {
	if n.Ref != nil {
		return n.Ref.Schema + "." + n.Ref.Name
	}
	return "." + n.Sequence.Name()
}

// insert notes a table that a row is added to, with what numbers its rows.
func (e *effects) insert(t *catalog.Table) {
	if t == nil {
		e.unknown = true
		return
	}
	add(&e.adds, any(t))
	for _, c := range t.Columns {
		if c.AutoIncrement {
			add(&e.writes, any(counter{t}))
		}
		if v, ok := c.Value.(ir.Expr); ok && v != nil {
			ir.Walk(v, func(n ir.Node) bool {
				if x, ok := n.(*ir.NextValue); ok {
					add(&e.writes, any(sequence(x)))
				}
				return true
			})
		}
	}
}

// change notes the tables whose rows are changed.
func (e *effects) change(t ir.TableExpr, targets map[*ir.TableRef]bool) {
	if t == nil {
		return
	}
	ir.Walk(t, func(n ir.Node) bool {
		if x, ok := n.(*ir.TableRef); ok {
			targets[x] = true
			if x.Table == nil {
				e.unknown = true
			} else {
				add(&e.writes, any(x.Table))
			}
		}
		return true
	})
}

// shared is the variable that a name stands for, or that it is a part of; nil if it is none.
func shared(n *ir.Name) any {
	for {
		switch r := n.Ref.(type) {
		case *ir.FieldRef:
			of, ok := r.Of.(*ir.Name)
			if !ok {
				return nil
			}
			n = of
			continue
		case *ir.PackageRef:
			if r.Member != nil && !r.Member.Constant {
				return r.Member
			}
		case *ir.VarRef:
			if r.Decl != nil && !r.Decl.Constant {
				if r.Decl.Package != nil {
					return r.Decl.Package
				}
				return r.Decl
			}
		}
		return nil
	}
}

// closed are the effects with those of the routines that are called and of the triggers of the tables that are changed.
func (k *known) closed(e *effects) *effects {
	out := &effects{}
	seenRoutine, seenTable := map[*catalog.Routine]bool{}, map[*catalog.Table]bool{}
	var take func(e *effects)
	fire := func(m map[any]bool) {
		for x := range m {
			t, ok := x.(*catalog.Table)
			if !ok || seenTable[t] {
				continue
			}
			seenTable[t] = true
			for _, r := range k.rows[t] {
				take(r.does)
			}
			for _, o := range k.others[t] {
				take(o)
			}
		}
	}
	take = func(e *effects) {
		out.unknown = out.unknown || e.unknown
		for x := range e.reads {
			add(&out.reads, x)
		}
		for x := range e.writes {
			add(&out.writes, x)
		}
		for x := range e.adds {
			add(&out.adds, x)
		}
		for x := range e.last {
			add(&out.last, x)
		}
		for r := range e.callees {
			if seenRoutine[r] {
				continue
			}
			seenRoutine[r] = true
			if b := k.routines[r]; b != nil {
				take(b)
			} else if r.Facts.Writes || r.Facts.ReadsState || r.Facts.Transaction {
				out.unknown = true
			}
		}
		fire(e.writes)
		fire(e.adds)
	}
	take(e)
	return out
}

// previous tells that a number is read which the code itself has not taken: the one of the statement, or of another trigger.
func (e *effects) previous() bool {
	for x := range e.last {
		if !e.writes[x] {
			return true
		}
	}
	return false
}

// none tells that nothing is used that others may use.
func (e *effects) none() bool {
	return !e.unknown && len(e.reads)+len(e.writes)+len(e.adds)+len(e.last) == 0
}

// conflicts tells that it makes a difference which of two runs first.
func (e *effects) conflicts(o *effects) bool {
	if e.unknown && !o.none() || o.unknown && !e.none() {
		return true
	}
	return e.disturbs(o) || o.disturbs(e)
}

// disturbs tells that one changes what the other one uses. Rows that both add to a table do not meet, but for their numbers.
func (e *effects) disturbs(o *effects) bool {
	for x := range e.writes {
		if o.reads[x] || o.writes[x] || o.adds[x] || o.last[x] {
			return true
		}
	}
	for x := range e.adds {
		if o.reads[x] {
			return true
		}
	}
	return false
}

// touched are the tables that are used.
func (e *effects) touched() map[any]bool {
	out := map[any]bool{}
	for _, m := range []map[any]bool{e.reads, e.writes, e.adds} {
		for x := range m {
			out[x] = true
		}
	}
	return out
}
