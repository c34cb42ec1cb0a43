// Package evaluation holds the rule about functions that write while the statement that calls them runs.
package evaluation

import (
	"maps"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0701"

var (
	inUse = &diag.Code{
		ID: "PL0702", Title: "A function or trigger writes a table that its caller uses", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc: `The source ends a statement with error 1442 when a function that it calls, or a trigger that it fires, writes a table that the statement itself uses. The target goes on: the write
happens.`,
		Next: "Write to the table in a statement of its own.", Each: 0.3,
	}
	twice = &diag.Code{
		ID: "PL0703", Title: "An operand that is evaluated twice", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc: `The target computes the first operand of BETWEEN, and of IN with a list of columns, once for each comparison. A function there that writes, or gives another value each time, runs
more often than on the source.`,
		Next: "Assign the value to a variable before, or compute it in a subquery.", Each: 0.2,
	}
	skipped = &diag.Code{
		ID: "PL0704", Title: "A branch of CASE that the source does not compute", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc: `Where the operand of CASE is NULL, the source compares it with nothing: what stands behind WHEN is not computed. The target computes it, so that it can raise an error or call a
function that writes.`,
		Next: "Nothing, unless the operand can be NULL.", Each: 0.1,
	}
)

// Rule is PL0701.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "evaluation",
		Doc: `What calls of functions do while a statement runs: the source allows no writes to tables that the statement uses (MySQL Reference Manual, "Restrictions on Stored Programs"), computes
the operands of BETWEEN and IN once, and nothing behind WHEN for an operand that is NULL. The rule changes nothing; it says where that can matter.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (a INT);",
			Source: "SELECT a FROM t WHERE a BETWEEN 1 AND 3;",
			Target: "SELECT a FROM t WHERE a BETWEEN 1 AND 3;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{inUse, twice, skipped, decided},
		Prepare:  prepare,
		Looks:    ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindBetween, ir.KindIn, ir.KindCase, ir.KindRoutineCall, ir.KindInsert, ir.KindUpdate, ir.KindDelete),
	}
}

// effect is what a routine or trigger writes, itself and by what it calls.
type effect struct {
	tables map[string]bool
	calls  []*catalog.Routine
}

type effects struct {
	routines map[*catalog.Routine]*effect
	triggers map[string][]*effect // by table and event
}

func known(p *rewrite.Pass) *effects {
	e, _ := p.Session.Values[code].(*effects)
	if e == nil {
		e = &effects{routines: map[*catalog.Routine]*effect{}, triggers: map[string][]*effect{}}
		p.Session.Values[code] = e
	}
	return e
}

// prepare notes what bodies write before rules change them, and looks at the unit as the source has it.
func prepare(p *rewrite.Pass) {
	e := known(p)
	if p.Unit.Rows {
		return
	}
	for _, s := range p.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Routine:
			if n.Object != nil && n.Body != nil {
				e.routines[n.Object] = of(n.Body)
			}
		case *ir.CreateTrigger:
			if n.Table != nil && n.Body != nil {
				x := of(n.Body)
				for _, event := range n.Events {
					k := strings.ToLower(n.Table.Name.Name()) + " " + event
					e.triggers[k] = append(e.triggers[k], x)
				}
				e.clash(p, n, x, map[string]bool{strings.ToLower(n.Table.Name.Name()): true})
			}
		}
		l := &look{Pass: p, effects: e}
		ir.Walk(s, l.node)
	}
}

func of(body ir.Stmt) *effect {
	x := &effect{tables: map[string]bool{}}
	ir.Walk(body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			x.calls = append(x.calls, n.Routine)
		case *ir.RoutineCall:
			x.calls = append(x.calls, n.Routine)
		case ir.Stmt:
			for t := range targets(n) {
				x.tables[t] = true
			}
		}
		return true
	})
	return x
}

// targets are the tables that a statement writes, each with the event of its triggers.
func targets(s ir.Node) map[string]string {
	out := map[string]string{}
	add := func(list []ir.TableExpr, event string) {
		for _, t := range list {
			if r, ok := t.(*ir.TableRef); ok {
				out[strings.ToLower(r.Name.Name())] = event
			}
		}
	}
	switch n := s.(type) {
	case *ir.Insert:
		add([]ir.TableExpr{n.Table}, "insert")
	case *ir.Update:
		add(n.Tables, "update")
	case *ir.Delete:
		add(n.From, "delete")
	}
	return out
}

type look struct {
	*rewrite.Pass
	*effects
}

func (l *look) node(n ir.Node) bool {
	l.decides(n)
	switch n := n.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.QueryStmt, *ir.SelectInto, *ir.SetVar, *ir.Do, *ir.Return, *ir.CallProc:
		l.statement(n)
	case *ir.Between:
		if changes(n.X) {
			l.Report(twice, n.Span, "the target computes the first operand of BETWEEN twice")
		}
	case *ir.In:
		if changes(n.X) && n.Query == nil {
			l.Report(twice, n.Span, "the target can compute the first operand of IN several times")
		}
	case *ir.Case:
		for _, w := range n.Whens {
			l.behind(n.Operand, w.Cond)
		}
	case *ir.CaseStmt:
		for _, b := range n.Branches {
			l.behind(n.Operand, b.Cond)
		}
	}
	return true
}

// behind looks at what stands behind WHEN.
func (l *look) behind(operand, when ir.Expr) {
	if operand != nil && when != nil && (control.OfExpr(when) != 0 || control.Writes(when)) {
		l.Report(skipped, when.Base().Span, "where the operand of CASE is NULL, the source does not compute this")
	}
}

// changes tells that computing an expression twice is not the same as once.
func changes(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		if c, ok := n.(*ir.Call); ok {
			i := op.Lookup(c.Op)
			return i != nil && i.Volatility == op.Volatile
		}
		return control.Writes(n)
	})
}

// statement looks for writes, in what a statement calls and fires, to tables that it uses.
func (l *look) statement(s ir.Node) {
	if len(l.routines)+len(l.triggers) == 0 {
		return
	}
	x, used := &effect{}, map[string]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.TableRef:
			used[strings.ToLower(n.Name.Name())] = true
		case *ir.RoutineCall:
			x.calls = append(x.calls, n.Routine)
		}
		return true
	})
	written := targets(s)
	for _, t := range sorted(written) {
		used[t] = true
		event := written[t]
		for _, fired := range l.triggers[t+" "+event] {
			l.clash(l.Pass, s, fired, used)
		}
	}
	if len(used) > 0 && len(x.calls) > 0 {
		l.clash(l.Pass, s, x, used)
	}
}

func (e *effects) clash(p *rewrite.Pass, at ir.Node, x *effect, used map[string]bool) {
	if t := e.writes(x, used, map[*effect]bool{}); t != "" {
		p.Report(inUse, at.Base().Span, "a function or trigger that the statement runs writes %s, which the statement uses: error 1442 on the source", t)
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// writes is the first of the tables that an effect, or what it calls or fires, writes; "" if there is none.
func (e *effects) writes(x *effect, used map[string]bool, seen map[*effect]bool) string {
	if x == nil || seen[x] {
		return ""
	}
	seen[x] = true
	for _, t := range sorted(x.tables) {
		if used[t] {
			return t
		}
	}
	for _, c := range x.calls {
		if t := e.writes(e.routines[c], used, seen); t != "" {
			return t
		}
	}
	for _, t := range sorted(x.tables) {
		for _, event := range []string{"insert", "update", "delete"} {
			for _, fired := range e.triggers[t+" "+event] {
				if w := e.writes(fired, used, seen); w != "" {
					return w
				}
			}
		}
	}
	return ""
}
