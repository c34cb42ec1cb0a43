package godwit

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Migrations of MySQL have no ADD COLUMN IF NOT EXISTS: they ask information_schema, prepare a text that depends on the answer, and
// execute it, at the top level or in a procedure that is called and dropped. Where the script itself has made the table that is asked for,
// the script tells the answer, and the statement that is run stands in place of all that.

// toldByScript is reported where a script answers a question about its own tables.
var toldByScript = &diag.Code{
	ID: "DS0833", Title: "A question about the schema that the script answers", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `The statement asks information_schema about a table that the script makes in front of it, and what is run next depends on the answer. The answer is what the script has made
of the table up to there, and the statement that the source would run is converted. Assumed: the script runs from its beginning, on a server without other tables of that name.`,
	Next: "Nothing, if the script is the whole schema.",
}

// calledOnce is reported of a program that stands in place of its calls.
var calledOnce = &diag.Code{
	ID: "DS0834", Title: "A procedure that the script runs and drops", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "The script makes the procedure, calls it and drops it again. The statements that the calls run are converted in their places, and the procedure is not made.",
	Next: "Nothing.",
}

// decider takes the statements of a script in order.
type decider struct {
	p        *pipeline
	tables   *scriptTables
	vars     map[string]known // user variables
	texts    map[string]known // prepared statements
	routines map[string]*decidedRoutine
	triggers bool
	// off tells that nothing is decided any more: rows that are not among the statements may change user variables. steps counts what a call runs.
	off   bool
	steps int
}

// decidedRoutine is a procedure of the script.
type decidedRoutine struct {
	unit   *Unit
	def    *ir.Routine
	schema string
	// inPlace tells that statements stand in place of a call, kept that something else calls it.
	inPlace, kept bool
}

// known is a value that is known: a text, a number or NULL. asked tells that the script has answered a question for it.
type known struct {
	text    string
	n       int64
	number  bool
	null    bool
	current bool // the database in use, which has no name here
	asked   bool
}

func (p *pipeline) newDecider() *decider {
	return &decider{p: p, tables: newScriptTables(p.opt.Schema), vars: map[string]known{}, texts: map[string]known{}, routines: map[string]*decidedRoutine{}}
}

// decideAll takes all units.
func (p *pipeline) decideAll(us []*Unit) []*Unit {
	return p.newDecider().units(us)
}

// units takes the next units.
func (d *decider) units(us []*Unit) []*Unit {
	var out []*Unit
	for _, u := range us {
		out = append(out, d.unit(u)...)
	}
	return out
}

// unit takes the next unit, and gives what stands in its place.
func (d *decider) unit(u *Unit) (out []*Unit) {
	out = []*Unit{u}
	if d.p.opt.From == dialect.Oracle || d.off || u.rows {
		return out
	}
	if len(u.Stmts) != 1 {
		if len(u.Stmts) > 1 {
			d.off = true
		}
		return out
	}
	d.p.guard(u, "decide", func() { out = d.statement(u) })
	return out
}

func (d *decider) statement(u *Unit) []*Unit {
	switch s := u.Stmts[0].(type) {
	case *ir.Routine:
		d.routine(u, s)
	case *ir.CallProc:
		if list, ok := d.inPlace(u, s); ok {
			return list
		}
		d.forget(s)
		d.called(s)
	case *ir.SetVar:
		r := d.running(u, nil)
		r.set(s)
	case *ir.SelectInto:
		d.into(u, s, s.Query)
	case *ir.QueryStmt:
		if len(control.Into(s.Query)) > 0 {
			d.into(u, s, s.Query)
			break
		}
		d.forget(s)
	case *ir.Prepare:
		r := d.running(u, nil)
		r.prepare(s)
	case *ir.Execute:
		d.execute(u, s)
	case *ir.Drop:
		d.drop(u, s)
	case *ir.CreateTrigger:
		d.triggers = true
		d.off = d.off || setsVariables(s)
	case *ir.Block, *ir.If, *ir.Loop, *ir.CaseStmt, *ir.CreateEvent:
		d.program(s)
		if changesTables(s) {
			d.tables.reset()
		}
		d.forget(s)
	default:
		d.tables.apply(s)
		d.forget(s)
	}
	return []*Unit{u}
}

func (d *decider) running(u *Unit, locals map[string]known) *deciding {
	return &deciding{d: d, u: u, locals: locals, declared: map[string]types.Type{}}
}

// into is SELECT ... INTO at the top level.
func (d *decider) into(u *Unit, s ir.Stmt, q ir.Query) {
	r := d.running(u, nil)
	values, ok := r.row(q)
	d.forget(s)
	if !ok {
		return
	}
	set := &ir.SetVar{}
	set.Meta = *s.Base()
	asked := false
	for i, t := range control.Into(q) {
		if _, user := t.(*ir.UserVar); !user {
			return
		}
		asked = asked || values[i].asked
		set.Items = append(set.Items, &ir.SetItem{Target: t, Value: values[i].literal(t)})
	}
	for i, t := range control.Into(q) {
		d.vars[key(t)] = values[i]
	}
	if asked && !slices.ContainsFunc(set.Items, func(it *ir.SetItem) bool { return it.Value == nil }) {
		u.Stmts[0] = set
		d.tell(u)
	}
}

func (d *decider) tell(u *Unit) {
	u.Report(toldByScript.New(u.Source, "information_schema is answered by the script"))
}

func (d *decider) execute(u *Unit, s *ir.Execute) {
	t, ok := d.texts[strings.ToLower(s.Name.Text)]
	if s.Text != nil {
		t, ok = d.running(u, nil).value(s.Text)
	}
	if ok && !t.number && !t.null {
		if x, findings := d.p.newDynamic().read(u, t.text); x != nil {
			d.tables.apply(x)
			d.forget(x)
			if changesTables(x) && len(s.Using) == 0 { // the order of the script depends on it
				x.Base().Span, x.Base().Lead, x.Base().Trail = s.Span, s.Lead, s.Trail
				u.Stmts[0] = x
				u.Kind, u.Object, u.Name = "", "", ""
				u.Findings.Add(findings...)
			}
			return
		}
	}
	d.tables.reset()
	d.vars = map[string]known{}
}

// routine notes a procedure, and what it calls.
func (d *decider) routine(u *Unit, s *ir.Routine) {
	d.program(s)
	if s.Kind == catalog.Procedure && s.Name.Schema() == "" {
		k := strings.ToLower(s.Name.Name())
		if d.routines[k] != nil { // which of the two is there is not told here
			delete(d.routines, k)
			return
		}
		d.routines[k] = &decidedRoutine{unit: u, def: s, schema: d.tables.schema}
	}
}

// program notes what a program calls, which must stay.
func (d *decider) program(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		if c, ok := n.(*ir.CallProc); ok {
			if r := d.routines[strings.ToLower(c.Name.Name())]; r != nil {
				r.kept = true
			}
		}
		return true
	})
}

// called notes a call that stays. What the procedure does to tables is not known.
func (d *decider) called(s *ir.CallProc) {
	r := d.routines[strings.ToLower(s.Name.Name())]
	if r != nil {
		r.kept = true
	}
	if r == nil || changesTables(r.def) {
		d.tables.reset()
		d.texts = map[string]known{}
	}
}

// setsVariables tells a program that may set variables of the session.
func setsVariables(s ir.Node) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.UserVar, *ir.CallProc, *ir.RoutineCall, *ir.Unsupported:
			return true
		case *ir.Call:
			return n.Op == ""
		}
		return false
	})
}

// changesTables tells a program that may change tables' definitions.
func changesTables(s ir.Node) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.AlterTable, *ir.CreateTable, *ir.CreateIndex, *ir.CreateView, *ir.RenameTables, *ir.Prepare, *ir.Execute, *ir.CallProc, *ir.Unsupported:
			return true
		case *ir.Drop:
			return !n.Temporary
		}
		return false
	})
}

// drop takes a procedure out whose calls are all replaced.
func (d *decider) drop(u *Unit, s *ir.Drop) {
	d.tables.apply(s)
	if s.Kind != "procedure" || len(s.Names) != 1 || s.Names[0].Schema() != "" {
		return
	}
	k := strings.ToLower(s.Names[0].Name())
	r := d.routines[k]
	delete(d.routines, k)
	if r == nil || !r.inPlace || r.kept || r.schema != d.tables.schema {
		return
	}
	r.unit.Report(calledOnce.New(r.unit.Source, "what procedure %s does stands where it is called", r.def.Name.Name()))
	r.unit.comment()
	u.comment()
}

// comment leaves a statement's text as a comment.
func (u *Unit) comment() {
	c := &ir.CommentStmt{Text: u.Text}
	c.Span = u.Source
	c.Lead = u.Stmts[0].Base().Lead
	u.Stmts[0] = c
	u.Kind, u.Object, u.Name = "", "", ""
}

// forget drops the user variables that a statement may change.
func (d *decider) forget(s ir.Node) {
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.CallProc, *ir.RoutineCall:
			clear(d.vars)
		case *ir.Call:
			if x.Op == "" { // a stored function, perhaps
				clear(d.vars)
			}
		case *ir.Insert, *ir.Update, *ir.Delete:
			if d.triggers {
				clear(d.vars)
			}
		case *ir.AssignExpr:
			delete(d.vars, key(x.Target))
		case *ir.SetItem:
			delete(d.vars, key(x.Target))
		case *ir.FetchCursor:
			clear(d.vars)
		case *ir.DiagItem:
			delete(d.vars, key(x.Target))
		case ir.Query:
			for _, t := range x.Common().Into {
				delete(d.vars, key(t))
			}
		}
		return true
	})
}

// inPlace are the statements that a call runs.
func (d *decider) inPlace(u *Unit, c *ir.CallProc) ([]*Unit, bool) {
	r := d.routines[strings.ToLower(c.Name.Name())]
	if r == nil || c.Name.Schema() != "" || r.schema != d.tables.schema || !changesTables(r.def.Body) || !maps.Equal(r.unit.Settings, u.Settings) {
		return nil, false
	}
	d.steps = 0
	run := d.running(u, map[string]known{})
	list, ok := run.call(r, c)
	if !ok {
		return nil, false // called forgets what was noted on the way
	}
	if run.asked {
		d.tell(u)
	} else if !slices.ContainsFunc(list, func(s ir.Stmt) bool { return changesTables(s) }) {
		return nil, false // a call of what changes rows alone
	}
	r.inPlace = true
	u.Findings.Add(run.findings...)
	var out []*Unit
	for i, s := range list {
		x := u
		if i > 0 {
			x = &Unit{Unit: &ir.Unit{Span: u.Span, Settings: u.Settings, Schema: u.Schema, PLSQL: u.PLSQL, Stmts: []ir.Stmt{nil}}, Text: u.Text, Source: u.Source}
		} else {
			s.Base().Lead = append(slices.Clone(u.Stmts[0].Base().Lead), s.Base().Lead...)
		}
		x.Stmts[0] = s
		x.Kind, x.Object, x.Name = "", "", ""
		out = append(out, x)
	}
	if len(list) == 0 {
		u.comment()
		out = append(out, u)
	}
	return out, true
}

// deciding runs statements as far as their values are known.
type deciding struct {
	d        *decider
	u        *Unit
	locals   map[string]known // nil outside of procedures
	declared map[string]types.Type
	depth    int
	asked    bool
	out      []ir.Stmt
	findings diag.List // of the texts that were read
}

const maxCallsDeep, maxInPlace, maxSteps = 8, 500, 5000

// call runs a procedure with values that are known.
func (r *deciding) call(p *decidedRoutine, c *ir.CallProc) ([]ir.Stmt, bool) {
	if len(c.Args) != len(p.def.Params) || r.depth > maxCallsDeep {
		return nil, false
	}
	in := &deciding{d: r.d, u: r.u, locals: map[string]known{}, declared: map[string]types.Type{}, depth: r.depth + 1}
	for i, a := range p.def.Params {
		v, ok := r.value(c.Args[i])
		if !ok || a.Mode != catalog.In {
			return nil, false
		}
		in.declared[strings.ToLower(a.Name.Text)] = a.Type
		if !in.assign(strings.ToLower(a.Name.Text), v) {
			return nil, false
		}
	}
	ok := in.run([]ir.Stmt{p.def.Body})
	r.asked = r.asked || in.asked
	r.findings.Add(in.findings...)
	return in.out, ok
}

// assign gives a variable of the procedure a value, if its type holds it as it is.
func (r *deciding) assign(k string, v known) bool {
	delete(r.locals, k)
	switch t := r.declared[k].(type) {
	case types.Text:
		if v.number {
			v.number, v.text = false, strconv.FormatInt(v.n, 10)
		}
		if t.Fixed || t.N > 0 && (len(v.text) > t.N || v.current && t.N < 64) {
			return false
		}
	case types.Int:
		if !v.number && !v.null || v.n < 0 || v.n > 127 {
			return false
		}
	case types.Bool:
		if !v.number && !v.null {
			return false
		}
	default:
		return false
	}
	r.locals[k] = v
	return true
}

func (r *deciding) run(list []ir.Stmt) bool {
	for _, s := range list {
		if r.d.steps++; r.d.steps > maxSteps || !r.statement(s) || len(r.out) > maxInPlace {
			return false
		}
	}
	return true
}

func (r *deciding) statement(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.Block:
		return r.block(n)
	case *ir.If:
		return r.decide(n)
	case *ir.SetVar:
		return r.assigned(n)
	case *ir.SelectInto:
		return r.selected(n)
	case *ir.Prepare:
		return r.prepare(n)
	case *ir.Deallocate:
		delete(r.d.texts, strings.ToLower(n.Name.Text))
		return true
	case *ir.Execute:
		return r.execute(n)
	case *ir.CallProc:
		p := r.d.routines[strings.ToLower(n.Name.Name())]
		if p == nil || n.Name.Schema() != "" || p.schema != r.d.tables.schema {
			return false
		}
		list, ok := r.call(p, n)
		r.out = append(r.out, list...)
		return ok
	case *ir.Nothing, *ir.CommentStmt:
		return true
	case *ir.ReturnRows:
		q := &ir.QueryStmt{Query: n.Query}
		q.Meta = n.Meta
		return r.plain(q)
	case *ir.AlterTable, *ir.CreateTable, *ir.CreateIndex, *ir.CreateView, *ir.RenameTables, *ir.Drop, *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
		return r.plain(s)
	}
	return false
}

// plain keeps a statement that reads no variable of the procedure.
func (r *deciding) plain(s ir.Stmt) bool {
	if ir.Find(s, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok {
			return false
		}
		_, local := r.declared[strings.ToLower(x.Parts[0].Text)]
		return local
	}) {
		return false
	}
	s = ir.Clone(s)
	r.d.tables.apply(s)
	r.d.forget(s)
	r.out = append(r.out, s)
	return true
}

func (r *deciding) block(n *ir.Block) bool {
	if n.NotAtomic || len(n.Catches) > 0 {
		return false
	}
	for _, x := range n.Decls {
		v, ok := x.(*ir.VarDecl)
		if !ok || v.TypeOf != nil || v.RowOf != nil {
			return false
		}
		k := strings.ToLower(v.Name.Text)
		if _, twice := r.declared[k]; twice {
			return false
		}
		r.declared[k] = v.Type
		first := known{null: true}
		if v.Default != nil {
			if first, ok = r.value(v.Default); !ok {
				continue
			}
		}
		r.assign(k, first)
	}
	return r.run(n.Body)
}

func (r *deciding) decide(n *ir.If) bool {
	for _, b := range n.Branches {
		v, ok := r.value(b.Cond)
		if !ok {
			return false
		}
		yes, ok := v.truth()
		if !ok {
			return false
		}
		if yes {
			return r.run(b.Body)
		}
	}
	return r.run(n.Else)
}

// assigned is SET in a procedure.
func (r *deciding) assigned(n *ir.SetVar) bool {
	if readsBeside(n) {
		return false
	}
	for _, it := range n.Items {
		v, ok := r.value(it.Value)
		if !ok || !r.give(n, it.Target, v) {
			return false
		}
	}
	return true
}

// give sets a variable. Those of the session are set in the script as well.
func (r *deciding) give(at ir.Stmt, target ir.Expr, v known) bool {
	switch t := target.(type) {
	case *ir.UserVar:
		x := v.literal(t)
		if x == nil {
			return false
		}
		s := &ir.SetVar{Items: []*ir.SetItem{{Target: ir.Clone(target), Value: x}}}
		s.Span = at.Base().Span
		s.Items[0].Span = s.Span
		r.out = append(r.out, s)
		r.d.vars[key(t)] = v
		return true
	case *ir.Name:
		k := key(t)
		_, local := r.declared[k]
		return local && r.assign(k, v)
	}
	return false
}

func (r *deciding) selected(n *ir.SelectInto) bool {
	values, ok := r.row(n.Query)
	if !ok {
		return false
	}
	for i, t := range control.Into(n.Query) {
		if !r.give(n, t, values[i]) {
			return false
		}
	}
	return true
}

func (r *deciding) prepare(n *ir.Prepare) bool {
	name := strings.ToLower(n.Name.Text)
	delete(r.d.texts, name)
	v, ok := r.value(n.Text)
	if !ok || v.number || v.null || v.current {
		return false
	}
	r.d.texts[name] = v
	if _, constant := n.Text.(*ir.String); !constant && r.locals == nil {
		n.Text = v.literal(n.Text)
	}
	return true
}

func (r *deciding) execute(n *ir.Execute) bool {
	t, ok := r.d.texts[strings.ToLower(n.Name.Text)]
	if n.Text != nil {
		t, ok = r.value(n.Text)
	}
	if !ok || len(n.Using) > 0 || t.number || t.null {
		return false
	}
	s, findings := r.d.p.newDynamic().read(r.u, t.text)
	if s == nil || findings.Worst() == diag.Refused {
		return false
	}
	for _, f := range findings {
		f.Span = n.Span
		r.findings.Add(f)
	}
	switch s.(type) {
	case *ir.AlterTable, *ir.CreateTable, *ir.CreateIndex, *ir.CreateView, *ir.RenameTables, *ir.Drop, *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
	case *ir.QueryStmt:
	default:
		return false
	}
	s.Base().Span = n.Span
	r.d.tables.apply(s)
	r.d.forget(s)
	r.out = append(r.out, s)
	return true
}

// readsBeside tells a SET that reads a variable to the right of where it sets it: which value that has then is not told
// here.
func readsBeside(s *ir.SetVar) bool {
	set := map[string]bool{}
	for _, it := range s.Items {
		if len(set) > 0 && it.Value != nil && ir.Find(it.Value, func(n ir.Node) bool {
			e, ok := n.(ir.Expr)
			return ok && set[key(e)]
		}) {
			return true
		}
		if k := key(it.Target); k != "" {
			set[k] = true
		}
	}
	return false
}

// set is SET at the top level: what the script answers stands in place of the question.
func (r *deciding) set(s *ir.SetVar) {
	if readsBeside(s) {
		r.d.forget(s)
		return
	}
	for _, it := range s.Items {
		var v known
		ok := false
		if it.Value != nil {
			v, ok = r.value(it.Value)
		}
		r.d.forget(it)
		if _, user := it.Target.(*ir.UserVar); !user || !ok {
			continue
		}
		r.d.vars[key(it.Target)] = v
		if x := v.literal(it.Value); v.asked && x != nil {
			it.Value = x
			r.d.tell(r.u)
		}
	}
}

// literal is a value as an expression, nil if it cannot be written as one.
func (v known) literal(at ir.Node) ir.Expr {
	switch {
	case v.null:
		x := &ir.Null{}
		x.Span = at.Base().Span
		return x
	case v.number && v.n >= 0:
		x := &ir.Number{Text: strconv.FormatInt(v.n, 10)}
		x.Span = at.Base().Span
		return x
	case v.number || v.current:
		return nil
	}
	x := &ir.String{Value: v.text}
	x.Span = at.Base().Span
	return x
}

func (v known) truth() (yes, ok bool) {
	return v.number && v.n != 0, v.number || v.null
}

// row are the values of a query with one row.
func (r *deciding) row(q ir.Query) ([]known, bool) {
	s, ok := q.(*ir.Select)
	if !ok || len(s.Items) == 0 || len(s.Items) != len(control.Into(q)) {
		return nil, false
	}
	var out []known
	for _, it := range s.Items {
		v, ok := r.item(s, it.Expr)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}
