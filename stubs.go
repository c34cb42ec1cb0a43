package godwit

import (
	"slices"
	"strings"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// A routine that is not converted is there with its parameters and raises an error, so that what calls it can be converted and
// nothing is silently missing. The error is one that no WHEN OTHERS takes: a handler around the call must not pass for the routine.

// routineLeft is what is told of a routine that stands alone and is not converted.
var routineLeft = &diag.Code{
	ID: "PK0630", Title: "Routine that only raises an error", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "An error, which has its own finding, refuses the body of the routine. A routine of its name and parameters is made that raises an error which names the reason (SQLSTATE P0004, which no WHEN OTHERS handles), so that routines and packages that call it are converted. " +
		"They are converted for a routine that changes nothing before it fails. Statements of the script, views, tables, indexes and triggers that come to it are refused.",
	Next: "Write the routine by hand. If it ends transactions, convert its callers again with its form in --catalog.",
}

// stubMark stands in the message that a routine raises which is not converted.
const stubMark = "is not converted"

// stubState is ASSERT_FAILURE.
const stubState = "P0004"

// stub gives a routine a body that raises an error.
func stub(r *ir.Routine, f diag.Finding) {
	text := &ir.String{Value: r.Name.Name() + " " + stubMark + ": " + f.Code + ", " + strings.Join(strings.Fields(f.Message), " ")}
	text.Type = types.Text{}
	raise := &ir.Raise{Level: "EXCEPTION", State: stubState, Message: text}
	block := &ir.Block{Body: []ir.Stmt{raise}}
	for _, n := range []ir.Node{text, raise, block} {
		n.Base().Span = r.Span.Place()
	}
	r.Body = block
}

func isStub(r *ir.Routine) bool {
	b, ok := r.Body.(*ir.Block)
	if !ok || len(b.Body) != 1 {
		return false
	}
	raise, ok := b.Body[0].(*ir.Raise)
	return ok && raise.State == stubState && ir.Find(raise.Message, func(n ir.Node) bool {
		s, ok := n.(*ir.String)
		return ok && strings.Contains(s.Value, " "+stubMark+": ")
	})
}

// standsAlone is the routine that a unit of PL/SQL defines by itself, nil for other units.
func (u *Unit) standsAlone() *ir.Routine {
	r, _ := u.tree.(*ir.Routine)
	return r
}

// stubAlone makes the routine that a unit defines one that only raises an error; false if it is one already, so that its head is the reason.
func (u *Unit) stubAlone(f diag.Finding) bool {
	r := u.standsAlone()
	if r == nil || isStub(r) {
		return false
	}
	stub(r, f)
	u.lead = len(r.Lead)
	for _, l := range emit.CommentLines(strings.TrimRight(u.Text, "; \t\r\n")) {
		r.Lead = append(r.Lead, ir.Comment{Text: l, Span: r.Span.Place(), OwnLine: true})
	}
	return true
}

// refusedAgain takes back what was told of a routine whose head is refused as well.
func (u *Unit) refusedAgain() {
	if u.standsAlone() == nil {
		return
	}
	base := u.Stmts[0].Base()
	base.Lead = base.Lead[:min(len(base.Lead), u.lead)] // the source stands in the refusal
	u.Findings = slices.DeleteFunc(u.Findings, func(f diag.Finding) bool { return f.Code == routineLeft.ID })
	for i := range u.Findings {
		if slices.Contains(u.left, u.Findings[i]) {
			u.Findings[i].Fidelity = diag.Refused
		}
	}
}

// renewedAlone hands the name of a routine on to the one that was declared in its place.
func (p *pipeline) renewedAlone(u *Unit) {
	r, ok := u.Stmts[0].(*ir.Routine)
	if !ok || r.Object == nil {
		return
	}
	if old := u.routine; old != nil && old != r.Object && r.Object.Target == "" {
		r.Object.TargetSchema, r.Object.Target, r.Object.TargetAsFunction = old.TargetSchema, old.Target, old.TargetAsFunction
	}
	if u.routine != nil {
		p.dependents.stubs[u.routine] = objectName(u.routine) // calls that were resolved before
	}
	p.dependents.stubs[r.Object] = objectName(r.Object)
	if p.dependents.made[u] != nil {
		p.dependents.made[u] = r.Object
	}
	u.routine = r.Object
}

// declaredAlone notes the routine that a unit declares.
func (u *Unit) declaredAlone() {
	if u.standsAlone() == nil || len(u.Stmts) != 1 {
		return
	}
	if r, ok := u.Stmts[0].(*ir.Routine); ok {
		u.routine = r.Object
	}
}

// callees are the routines that a statement calls.
func callees(s ir.Stmt) []*catalog.Routine {
	var out []*catalog.Routine
	add := func(o *catalog.Routine) {
		if o != nil && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			add(n.Routine)
		case *ir.RoutineCall:
			add(n.Routine)
		}
		return true
	})
	return out
}

// stub names a routine that only raises an error and that a statement of the script, a view or the like comes to, which would fail whenever
// it is used. Other routines may never come to the call.
func (d *dependents) stub(u *Unit) string {
	if len(u.Stmts) != 1 || u.rows {
		return ""
	}
	switch s := u.Stmts[0].(type) {
	case *ir.Routine:
		d.noteCalls(s)
		return ""
	case *ir.Package:
		for _, m := range s.Decls {
			if r, ok := m.(*ir.RoutineDecl); ok {
				d.noteCalls(r.Routine)
			}
		}
		return ""
	case *ir.TypeBody:
		for _, m := range s.Methods {
			d.noteCalls(m.Routine)
		}
		return ""
	}
	list := callees(u.Stmts[0])
	if len(list) > 0 && d.callers[u] == nil {
		d.callerOrder = append(d.callerOrder, u)
	}
	d.callers[u] = list
	return d.failing(u)
}

func (d *dependents) noteCalls(r *ir.Routine) {
	if r.Object != nil && r.Body != nil {
		d.calls[r.Object] = callees(r.Body)
	}
}

// failing names a routine that only raises an error and that a unit comes to. A trigger fires for statements of which most may be none of
// the script's: members of packages do not cost it.
func (d *dependents) failing(u *Unit) string {
	return d.comesToStub(d.callers[u], u.Kind != "trigger", map[*catalog.Routine]bool{})
}

func (d *dependents) comesToStub(list []*catalog.Routine, packages bool, seen map[*catalog.Routine]bool) string {
	for _, o := range list {
		if seen[o] || o.Package != nil && !packages {
			continue
		}
		seen[o] = true
		if s := d.stubs[o]; s != "" {
			return s
		}
		if s := d.comesToStub(d.calls[o], packages, seen); s != "" {
			return s
		}
	}
	return ""
}

// settleStubs refuses what was written before a routine that it comes to was found to be one that only raises an error.
func (d *dependents) settleStubs(p *pipeline) {
	for _, u := range d.callerOrder {
		if name := d.failing(u); name != "" && !isRefused(u.Unit) && len(u.Outputs) > 0 {
			p.refuseFor(u, name, u.Source)
			u.Findings = u.Findings.Sort()
			u.Status = diag.Refused
			d.settle(p, u)
		}
	}
}
