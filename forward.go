package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// forward lets routines and triggers call routines that the script makes further on: both servers look for them when they run.
type forward struct {
	units []*Unit
	// ready are the units that were declared and resolved ahead of their turn, kept those that drop what was declared ahead.
	ready, kept map[*Unit]bool
}

func newForward(units []*Unit) *forward {
	return &forward{units: units, ready: map[*Unit]bool{}, kept: map[*Unit]bool{}}
}

// with gives the units that are declared and resolved together with the one at i: itself, and the routines that it calls
// and that stand in the same run of routines and triggers.
func (f *forward) with(i int, cat *catalog.Catalog, schema string) []*Unit {
	out := []*Unit{f.units[i]}
	if !isProgram(f.units[i]) {
		return f.subtypes(i, out)
	}
	var later map[string]*Unit
	for k := 0; k < len(out); k++ {
		for _, c := range callsOf(out[k]) {
			s := c.name.Schema()
			if s == "" {
				s = schema
			}
			if cat.Routine(c.kind, s, c.name.Name()) != nil {
				continue
			}
			if later == nil {
				later = f.run(i)
			}
			u := later[routineKey(c.kind, c.name)]
			if u == nil || f.ready[u] || u == f.units[i] {
				continue
			}
			f.ready[u] = true
			out = append(out, u)
		}
	}
	if len(out) > 1 {
		f.keep(i, out[1:])
	}
	return out
}

// subtypes adds the types of the script that are below the object type at i, and collections of these, which their attributes may be: a hierarchy is one type on the target.
func (f *forward) subtypes(i int, out []*Unit) []*Unit {
	top := objectType(f.units[i])
	if top != nil && top.Kind == ir.Incomplete {
		return f.circle(i, out)
	}
	if top == nil || !top.NotFinal || top.Under != nil {
		return out
	}
	below := map[string]bool{top.Name.Name(): true}
	for _, u := range f.units[i+1:] {
		t := objectType(u)
		if t == nil || f.ready[u] || !isBelow(t, below) || below[t.Name.Name()] {
			continue
		}
		if t.Under != nil {
			below[t.Name.Name()] = true
		}
		f.ready[u] = true
		out = append(out, u)
	}
	return out
}

// circle adds the types behind one that is declared by its name only, up to statements that are no types: they hold one another.
func (f *forward) circle(i int, out []*Unit) []*Unit {
	defined := map[string]int{}
	for _, u := range f.units {
		if t := objectType(u); t != nil && t.Kind != ir.Incomplete {
			defined[t.Name.Name()]++
		}
	}
	for _, u := range f.units[i+1:] {
		if len(u.Stmts) == 0 {
			continue
		}
		t := objectType(u)
		if t == nil {
			break
		}
		if t.Kind != ir.Incomplete && defined[t.Name.Name()] == 1 && !f.ready[u] {
			f.ready[u] = true
			out = append(out, u)
		}
	}
	return out
}

// isBelow tells a subtype of one of the types, or a collection of objects of one.
func isBelow(t *ir.ObjectType, below map[string]bool) bool {
	if e, ok := t.Elem.(types.Ref); ok && e.Attr == "" {
		return below[e.Name[strings.LastIndexByte(e.Name, '.')+1:]]
	}
	return t.Under != nil && below[t.Under.Name()]
}

func objectType(u *Unit) *ir.ObjectType {
	if len(u.Stmts) != 1 {
		return nil
	}
	t, _ := u.Stmts[0].(*ir.ObjectType)
	return t
}

// run are the routines of the units that follow the one at i, as long as these make or drop routines and triggers.
func (f *forward) run(i int) map[string]*Unit {
	out := map[string]*Unit{}
	for _, u := range f.units[i+1:] {
		if !isProgram(u) && dropsOf(u) == nil && len(u.Stmts) > 0 {
			break
		}
		for _, s := range u.Stmts {
			if r, ok := s.(*ir.Routine); ok {
				out[routineKey(r.Kind, r.Name)] = u
			}
		}
	}
	return out
}

// keep marks the DROPs in front of routines that were declared ahead: they drop nothing of the script.
func (f *forward) keep(i int, ahead []*Unit) {
	names := map[string]bool{}
	for _, u := range ahead {
		for _, s := range u.Stmts {
			if r, ok := s.(*ir.Routine); ok {
				names[strings.ToLower(r.Name.Name())] = true
			}
		}
	}
	for _, u := range f.units[i+1:] {
		d := dropsOf(u)
		if d == nil && !isProgram(u) && len(u.Stmts) > 0 {
			return
		}
		if d != nil && len(d.Names) == 1 && names[strings.ToLower(d.Names[0].Name())] {
			f.kept[u] = true
		}
	}
}

type routineUse struct {
	kind catalog.RoutineKind
	name ir.QName
}

func callsOf(u *Unit) []routineUse {
	var out []routineUse
	for _, s := range u.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.CallProc:
				out = append(out, routineUse{catalog.Procedure, n.Name})
			case *ir.RoutineCall:
				out = append(out, routineUse{catalog.Function, n.Name})
			}
			return true
		})
	}
	return out
}

func isProgram(u *Unit) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	switch u.Stmts[0].(type) {
	case *ir.Routine, *ir.CreateTrigger, *ir.CreateEvent:
		return true
	}
	return false
}

func dropsOf(u *Unit) *ir.Drop {
	if len(u.Stmts) != 1 {
		return nil
	}
	if d, ok := u.Stmts[0].(*ir.Drop); ok {
		switch d.Kind {
		case "procedure", "function", "routine", "trigger", "event":
			return d
		}
	}
	return nil
}

func routineKey(k catalog.RoutineKind, q ir.QName) string {
	return string(rune('0'+int(k))) + strings.ToLower(q.Name())
}
