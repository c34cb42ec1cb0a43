// Package resultsets holds the rule that gives procedures with result sets a form on the target, and the answer to how
// such a procedure is called.
package resultsets

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Kind is the form of a procedure on the target.
type Kind int

// Forms of procedures.
const (
	// None returns no rows: a procedure.
	None Kind = iota
	// Function returns one result of one shape on every path: a set-returning function, called with SELECT * FROM.
	Function
	// Cursors returns each result through an INOUT refcursor parameter.
	Cursors
	// OutRow returns one row on every path through INOUT parameters: CALL returns the row.
	OutRow
	// Notices returns a number of results that only the run decides; each is one row, printed as a message.
	Notices
	// Impossible has no form.
	Impossible
)

// Form is how a routine returns rows.
type Form struct {
	Kind  Kind
	Slots []Slot
	// Varying tells that some slots stay empty on some paths.
	Varying bool
	// Held tells that the cursors outlive the transactions that the procedure ends.
	Held bool
	// busy: the form is being decided.
	busy bool
	// Why is the reason when there is no form.
	Why string
	// params are the names of the routine's own parameters, in lower case.
	params []string
	// at is the slot of each statement that returns rows, from 0.
	at map[ir.Stmt]int
}

// Slot is one result set.
type Slot struct {
	Shape types.Row
	// Same tells that all statements which return this result have the same shape.
	Same bool
	// Name is the cursor parameter, or the prefix of the row's parameters.
	Name string
	// Params are the parameters of an OutRow.
	Params []*ir.ParamDecl
	// conditional tells that some paths leave the result out.
	conditional bool
}

const bodies, forms, loops = "resultsets.bodies", "resultsets.forms", "resultsets.loops"

// prepare keeps the bodies of routines: a call has to know the form of the routine, which may come later.
func prepare(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		if r, ok := s.(*ir.Routine); ok && r.Object != nil {
			table[*ir.Routine](p, bodies)[r.Object] = r
		}
	}
}

func table[T any](p *rewrite.Pass, key string) map[*catalog.Routine]T {
	m, _ := p.Session.Values[key].(map[*catalog.Routine]T)
	if m == nil {
		m = map[*catalog.Routine]T{}
		p.Session.Values[key] = m
	}
	return m
}

// FormOf is the form of a routine of the catalog; nil if the session has not seen its body.
func FormOf(p *rewrite.Pass, c *catalog.Routine) *Form {
	if c == nil || p.Session == nil {
		return nil
	}
	done := table[*Form](p, forms)
	loop := table[bool](p, loops)
	if f, ok := done[c]; ok {
		if f.busy {
			for r, other := range done { // whatever is being decided depends on this routine, which calls itself
				if other.busy {
					loop[r] = true
				}
			}
		}
		return f
	}
	r := table[*ir.Routine](p, bodies)[c]
	if r == nil {
		return nil
	}
	done[c] = &Form{Kind: None, busy: true}
	f := choose(p, r)
	if loop[c] && f.Kind != None {
		f = &Form{Kind: Impossible, Why: "it calls itself, so that the number of its result sets depends on the run"}
	}
	done[c] = f
	if as := f.Kind == Function; c.TargetAsFunction != as {
		p.Changing()
		c.TargetAsFunction = as
	}
	return f
}

// choose decides the form of a procedure.
func choose(p *rewrite.Pass, r *ir.Routine) *Form {
	c := newCounter(func(x *catalog.Routine) *Form { return FormOf(p, x) })
	total := c.routine(r.Body)
	if len(c.order) == 0 {
		return &Form{Kind: None}
	}
	f := &Form{at: map[ir.Stmt]int{}}
	if c.grows {
		return notices(f, c)
	}
	f.Varying = len(total) > 1
	f.place(p, c, total)
	f.decide(p, c, r)
	return f
}

// place gives each returning statement a slot: by its number on the path where that is fixed, else one of its own.
func (f *Form) place(p *rewrite.Pass, c *counter, total counts) {
	fixed := true
	for _, s := range c.order {
		fixed = fixed && len(c.before[s]) == 1
	}
	for i, s := range c.order {
		k := i
		if fixed {
			k = c.before[s][0]
		}
		for len(f.Slots) <= k {
			f.Slots = append(f.Slots, Slot{Same: true})
		}
		f.at[s] = k
		f.Slots[k].join(shapeOf(p, s))
	}
	least := 0
	if len(total) > 0 {
		least = total[0]
	}
	for k := range f.Slots {
		f.Slots[k].conditional = !fixed || k >= least
	}
}

func shapeOf(p *rewrite.Pass, s ir.Stmt) *types.Row {
	switch n := s.(type) {
	case *ir.ReturnRows:
		if n.Query != nil {
			return n.Query.Columns()
		}
	case *ir.CallProc:
		if f := FormOf(p, n.Routine); f != nil && len(f.Slots) == 1 && f.Slots[0].Same {
			return &f.Slots[0].Shape
		}
	}
	return nil
}

// join takes in the shape of one more statement of the slot.
func (s *Slot) join(r *types.Row) {
	switch {
	case r == nil || len(r.Types) == 0:
		s.Same = false
	case len(s.Shape.Types) == 0:
		s.Shape = *r
	default:
		s.Same = s.Same && sameTypes(s.Shape, *r)
	}
}

func sameTypes(a, b types.Row) bool {
	if len(a.Types) != len(b.Types) {
		return false
	}
	for i := range a.Types {
		if classOf(a.Types[i]) != classOf(b.Types[i]) {
			return false
		}
	}
	return true
}

// classOf is what has to be equal for two columns to go through one result.
func classOf(t types.Type) string {
	switch t := t.(type) {
	case types.Text:
		return "text"
	case types.Enum, types.Set:
		return "text"
	case types.Int:
		return types.Int{Bits: t.Bits, Unsigned: t.Unsigned}.String()
	case types.Decimal:
		return "decimal"
	case nil:
		return "unknown"
	}
	return t.String()
}

func (f *Form) decide(p *rewrite.Pass, c *counter, r *ir.Routine) {
	outs := false
	for _, x := range r.Params {
		outs = outs || x.Mode != catalog.In
	}
	single := len(f.Slots) == 1 && !f.Varying
	absorbed := control.Absorbed(r.Body)
	if b, ok := r.Body.(*ir.Block); ok && absorbed && (!single || outs || callsCursors(p, c)) && control.Transactional(b) && control.RowsUndone(b.Body) {
		absorbed = false
	}
	commits := !absorbed || atomic.Commits(p, r.Object)
	switch {
	case single && f.Slots[0].Same && known(p, f.Slots[0].Shape) && !outs && !commits && !callsCursors(p, c):
		f.Kind = Function
	case commits && single && f.Slots[0].Same && known(p, f.Slots[0].Shape) && !outs && oneRow(c):
		f.Kind = OutRow
	case commits && !holds(p, c) && !absorbed:
		f.Kind, f.Why = Impossible, "it ends transactions and returns rows of a procedure that keeps no cursor over COMMIT"
	default:
		f.Kind, f.Held = Cursors, commits && holds(p, c)
	}
	f.name(r)
}

// holds tells that all cursors can outlive COMMIT: those that called procedures open as well.
func holds(p *rewrite.Pass, c *counter) bool {
	for _, s := range c.order {
		n, ok := s.(*ir.CallProc)
		if !ok {
			continue
		}
		if g := FormOf(p, n.Routine); g == nil || g.Kind != Function && !g.Held {
			return false
		}
	}
	return true
}

func oneRow(c *counter) bool {
	for _, s := range c.order {
		q, ok := s.(*ir.ReturnRows)
		if !ok || !control.ExactlyOne(q.Query) {
			return false
		}
	}
	return true
}

func callsCursors(p *rewrite.Pass, c *counter) bool {
	for _, s := range c.order {
		if n, ok := s.(*ir.CallProc); ok {
			if g := FormOf(p, n.Routine); g == nil || g.Kind != Function {
				return true
			}
		}
	}
	return false
}

// known tells that all columns have a type on the target.
func known(p *rewrite.Pass, r types.Row) bool {
	for _, t := range r.Types {
		if types.IsUnknown(t) {
			return false
		}
		if p.Lower != nil {
			if _, ok := p.Lower.TypeSQL(t); !ok {
				return false
			}
		}
	}
	return len(r.Types) > 0
}

// notices is the form of a procedure that returns results in a loop: possible only where each is one computed row.
func notices(f *Form, c *counter) *Form {
	for _, s := range c.order {
		q, ok := s.(*ir.ReturnRows)
		if !ok || !control.ExactlyOne(q.Query) || hasFrom(q.Query) {
			f.Kind, f.Why = Impossible, "the number of its result sets depends on the run"
			return f
		}
	}
	f.Kind, f.Slots = Notices, []Slot{{}}
	for _, s := range c.order {
		f.at[s] = 0
	}
	return f
}

func hasFrom(q ir.Query) bool {
	s, ok := q.(*ir.Select)
	return !ok || len(s.From) > 0
}

// name chooses names for the parameters that the form adds.
func (f *Form) name(r *ir.Routine) {
	for _, d := range r.Params {
		f.params = append(f.params, strings.ToLower(d.Name.Text))
	}
	names := control.NamesOf(r)
	names.Avoid(control.ColumnNames(r)) // a parameter with the name of a column would get another one, and statements name the cursors by text
	for i := range f.Slots {
		n := "result"
		if len(f.Slots) > 1 {
			n += "_" + strconv.Itoa(i+1)
		}
		f.Slots[i].Name = names.Unused(n)
	}
	if f.Kind != OutRow {
		return
	}
	s := &f.Slots[0]
	for i, t := range s.Shape.Types {
		n := s.Name
		if len(s.Shape.Types) > 1 {
			n += "_" + strconv.Itoa(i+1)
		}
		s.Params = append(s.Params, &ir.ParamDecl{Name: ir.Ident{Text: n}, Mode: catalog.InOut, Type: t})
	}
}
