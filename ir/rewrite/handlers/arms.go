package handlers

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

// arms makes the exception arms for a statement that can raise the kinds: of the scopes around it, from the inside outwards
// up to a block whose handlers are its own arms. leaf is nil for the arms of a plain block.
func (r *run) arms(sc *scope, kinds control.Kinds, leaf ir.Stmt, tail bool) []*ir.ExceptArm {
	var out []*ir.ExceptArm
	seen := map[string]bool{}
	var guards []*guard
	for s := sc; s != nil && (leaf == nil && s == sc || leaf != nil && !s.plain); s = s.parent {
		for _, m := range s.ordered() {
			k := m.c.kinds & kinds
			if k == 0 || seen["OTHERS"] || leaf != nil && k == control.NoRow && !isCall(leaf) {
				continue
			}
			names, g := r.targetConditions(m.c, leaf, seen)
			if len(names) == 0 {
				continue
			}
			a := &ir.ExceptArm{Conditions: names}
			a.Span = m.h.Span
			a.Made(code)
			a.Body = r.handlerBody(m.h, errorContext, tail && s == sc, leaf)
			out = append(out, a)
			if g != "" {
				guards = append(guards, &guard{arm: a, state: g})
			}
		}
	}
	r.guard(out, guards)
	return classesLast(out, guards)
}

// classesLast puts the arms that catch a whole class of states, though they mean one, behind those for other states of the
// class and in front of the one for everything.
func classesLast(arms []*ir.ExceptArm, guards []*guard) []*ir.ExceptArm {
	var first, classes, rest []*ir.ExceptArm
	for _, a := range arms {
		guarded := false
		for _, g := range guards {
			guarded = guarded || g.arm == a
		}
		switch {
		case guarded:
			classes = append(classes, a)
		case len(a.Conditions) == 1 && a.Conditions[0] == "OTHERS":
			rest = append(rest, a)
		default:
			first = append(first, a)
		}
	}
	return append(append(first, classes...), rest...)
}

func isCall(s ir.Stmt) bool {
	_, ok := s.(*ir.CallProc)
	return ok
}

// guard is an arm that catches a whole class of states where the source means one of them.
type guard struct {
	arm   *ir.ExceptArm
	state string
}

// guard lets other states of the class pass on: to the arm for everything else if there is one, else outwards.
func (r *run) guard(arms []*ir.ExceptArm, guards []*guard) {
	for _, g := range guards {
		var other []ir.Stmt
		for _, a := range arms {
			if len(a.Conditions) == 1 && a.Conditions[0] == "OTHERS" {
				for _, s := range a.Body {
					other = append(other, control.Copy(s))
				}
			}
		}
		if other == nil {
			other = []ir.Stmt{&ir.Raise{}}
		}
		cmp := &ir.Compare{Op: ir.Eq, L: control.State(), R: control.Text(g.state)}
		cmp.Type = types.Bool{}
		f := control.When(cmp, g.arm.Body...)
		f.Else = other
		g.arm.Body = []ir.Stmt{f}
	}
}

// targetConditions are the target's conditions for a condition of the source that are not taken yet; class is the state that
// the arm must check because the target catches its whole class.
func (r *run) targetConditions(c condition, leaf ir.Stmt, seen map[string]bool) (names []string, class string) {
	add := func(n string) {
		if !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	if c.errno != "" {
		if state := r.signalled(c, leaf); state != "" {
			add("SQLSTATE '" + state + "'")
		}
		return names, ""
	}
	for _, n := range c.names {
		add(n)
	}
	if c.state == "" || !mayDeclare(leaf) {
		return names, ""
	}
	switch {
	case c.state == "23000":
		names = nil
		add("integrity_constraint_violation")
	case !control.IsClass(c.state):
		add("SQLSTATE '" + c.state + "'")
	case len(c.names) == 0:
		add("SQLSTATE '" + c.state + "'")
		class = c.state
		if s, ok := leaf.(*ir.Signal); ok && s.Condition != nil && s.Condition.State == c.state {
			class = ""
		}
	}
	return names, class
}

// signalled is the SQLSTATE that a leaf raises with the error number of the condition, "" if it raises none. What a called
// routine or a trigger signals has a number that the target does not keep.
func (r *run) signalled(c condition, leaf ir.Stmt) string {
	s, ok := leaf.(*ir.Signal)
	if ok && s.Condition != nil && s.Condition.Kind == ir.ByState && !s.Resignal {
		if numberOf(s) == c.errno {
			return s.Condition.State
		}
		return ""
	}
	if ok || signals(r.p, leaf) {
		rewrite.Refuse(r.p, unknownCondition, leaf.Base().Span, "what is raised here may have the error number %s, which the target does not keep", c.errno)
	}
	return ""
}

// numberOf is the error number of a SIGNAL, "?" if it is no literal.
func numberOf(s *ir.Signal) string {
	for _, i := range s.Items {
		if i.Name == "MYSQL_ERRNO" {
			if n, ok := i.Value.(*ir.Number); ok {
				return n.Text
			}
			return "?"
		}
	}
	return "1644"
}

// signals tells that a routine or trigger that the statement runs may raise a condition of its own.
func signals(p *rewrite.Pass, leaf ir.Stmt) bool {
	if leaf == nil {
		return false
	}
	return ir.Find(leaf, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return n.Routine == nil || n.Routine.Facts.CanRaise
		case *ir.RoutineCall:
			return n.Routine == nil || n.Routine.Facts.CanRaise
		case *ir.Execute:
			return true
		case *ir.Insert:
			return triggers.On(p, n.Table.Name, "insert") || (n.Replace || len(n.OnDuplicate) > 0) && (triggers.On(p, n.Table.Name, "update") || triggers.On(p, n.Table.Name, "delete"))
		case *ir.TableRef:
			if _, read := leaf.(*ir.SelectInto); read {
				return false
			}
			return triggers.On(p, n.Name, "update") || triggers.On(p, n.Name, "delete")
		}
		return false
	})
}

// mayDeclare tells that the statement can raise states that SIGNAL makes.
func mayDeclare(leaf ir.Stmt) bool {
	return leaf == nil || control.OfStmt(leaf)&control.Declared != 0
}

// context says what a handler's body runs for.
type context int

const (
	errorContext context = iota // in an exception arm
	noRowContext                // where a query or FETCH found no row
)

// handlerBody copies the body of a handler for one place and adds the way out.
func (r *run) handlerBody(h *bound, ctx context, tail bool, leaf ir.Stmt) []ir.Stmt {
	body := control.Copy(h.Body)
	list := control.List(body)
	list = r.bindDiagnostics(list, ctx, h, leaf)
	list = r.list(list, h.scope.parent, false)
	if h.Action == ir.ExitHandler && !tail && !control.Leaves(list) && !(h.scope.plain && ctx == errorContext) {
		l := &ir.Leave{Label: r.labelOf(h.scope.block)}
		l.Span = h.Span
		list = append(list, l)
	}
	if len(list) == 0 {
		n := &ir.Nothing{}
		n.Span = h.Span
		list = []ir.Stmt{n}
	}
	return list
}

// labelOf gives the block a label if it has none.
func (r *run) labelOf(b *ir.Block) string {
	if b.Label == "" {
		b.Label = r.fresh("handled")
	}
	return b.Label
}

// fresh makes a label or variable name that the routine does not use.
func (r *run) fresh(name string) string {
	n := name
	for i := 2; r.names[n]; i++ {
		n = name + "_" + itoa(i)
	}
	r.names[n] = true
	return n
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}

// signal processes SIGNAL, RESIGNAL and the marks of "no row".
func (r *run) signal(s *ir.Signal, sc *scope, tail bool) []ir.Stmt {
	if mark := control.NoRowMark(s); mark != "" {
		return r.noRow(s, mark, sc, tail)
	}
	if s.Condition != nil && s.Condition.Kind == ir.ByName {
		if d := sc.declared(s.Condition.Name); d != nil {
			c := *d
			s.Condition = &c
		}
	}
	if s.Condition != nil && s.Condition.Kind == ir.ByState && control.IsNotFound(s.Condition.State) {
		if h := sc.forNoRow(); h != nil {
			return r.handlerBody(h, noRowContext, tail && h.scope == sc, s)
		}
		return []ir.Stmt{s}
	}
	if s.Condition != nil && s.Condition.Kind == ir.ByState && control.IsWarning(s.Condition.State) {
		if h := sc.forWarning(s.Condition.State); h != nil {
			return r.handlerBody(h, noRowContext, tail && h.scope == sc, s)
		}
		return []ir.Stmt{s}
	}
	return []ir.Stmt{r.protect(s, sc, tail)}
}

// noRow puts the handler for NOT FOUND where no row was found.
func (r *run) noRow(s *ir.Signal, mark string, sc *scope, tail bool) []ir.Stmt {
	if h := sc.forNoRow(); h != nil {
		return r.handlerBody(h, noRowContext, tail && h.scope == sc, s)
	}
	if mark == control.SelectMark {
		return []ir.Stmt{control.Take(code, s, &ir.Nothing{})}
	}
	x := &ir.Raise{Level: "EXCEPTION", State: "02000", Message: control.Text(noData)}
	return []ir.Stmt{control.Take(code, s, x)}
}

const noData = "No data - zero rows fetched, selected, or processed"

// Clean tells that a routine writes nothing before its last statement that can raise. It is known of routines that the
// session has seen.
func Clean(p *rewrite.Pass, c *catalog.Routine) bool { return fact(p, "handlers.clean", c) }

// Quiet tells that a routine leaves no NOT FOUND condition behind.
func Quiet(p *rewrite.Pass, c *catalog.Routine) bool { return fact(p, "handlers.quiet", c) }

func fact(p *rewrite.Pass, key string, c *catalog.Routine) bool {
	if p.Session == nil || c == nil {
		return false
	}
	m, _ := p.Session.Values[key].(map[*catalog.Routine]bool)
	return m[c]
}
