package resultsets

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "PL0301"

var (
	noForm = &diag.Code{
		ID: "PL0302", Title: "Result sets without a form", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The number or kind of result sets depends on the run, or the procedure ends transactions while a result would still be read.",
		Next: "Return the rows through a table, or split the procedure.", Learn: 2, Each: 2,
	}
	emptyResult = &diag.Code{
		ID: "PL0303", Title: "A result set that some paths leave out", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Depending on its path the procedure returns more or fewer result sets. On the target each has a cursor parameter; one that a path leaves out comes back without columns, as no result of the source does. Assumed: callers skip it.",
		Next: "Let callers skip results without columns, or split the procedure.", Learn: 1, Each: 0.5,
	}
	asMessage = &diag.Code{
		ID: "PL0304", Title: "Results of a loop become messages", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "The procedure returns a result set of one computed row in each pass of a loop, as programs do to show progress. On the target they are messages (RAISE INFO).",
		Next: "If a program reads these results, return the rows through a table.", Learn: 0.5, Each: 0.3,
	}
	cursorCall = &diag.Code{
		ID: "PL0305", Title: "A procedure with result sets has cursor parameters", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The procedure gets an INOUT parameter of type refcursor for each result set. It is called in a transaction, and each result is fetched from its cursor before the transaction ends; the cursors of one that commits outlive its transactions, and are closed when they are fetched.",
		Next: "Adapt the programs that call the procedure.", Learn: 1, Each: 0.3,
	}
)

// Rule is PL0301.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "resultsets",
		Doc: `A SELECT without INTO in a procedure returns its rows to the client (MySQL Reference Manual, "CALL Statement"). A procedure
that returns one result of one shape on every path, and no parameters, becomes a function with RETURNS TABLE. Others get an
INOUT refcursor parameter for each result, in order. One that ends transactions returns a single row, where it does so on every path,
through INOUT parameters, and else opens its cursors WITH HOLD, with the helper routine hold. Results of one computed row inside a loop become messages.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "CREATE PROCEDURE p() SQL SECURITY INVOKER SELECT id FROM t;",
			Target: "CREATE OR REPLACE FUNCTION p()\nRETURNS TABLE (id integer)\nLANGUAGE plpgsql\nAS $$\n#variable_conflict use_column\nBEGIN\n  RETURN QUERY\n    SELECT id FROM t;\nEND;\n$$;",
		}},
		Feature:  feature.ResultSetsFromProcedures,
		Fidelity: diag.Exact,
		Findings: []*diag.Code{noForm, emptyResult, asMessage, cursorCall},
		After:    map[string]string{"ranges": "results that are variables of a domain are cast"},
		Prepare:  prepare,
		Looks:    ir.Kinds(ir.KindRoutine),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if r, ok := s.(*ir.Routine); ok {
					routine(p, r)
				}
			}
		},
	}
}

func routine(p *rewrite.Pass, r *ir.Routine) {
	f := FormOf(p, r.Object)
	if f == nil {
		return
	}
	w := &writer{p: p, f: f, r: r}
	if f.Kind == None {
		r.Body = ir.Map(r.Body, w.dead)
		return
	}
	switch f.Kind {
	case Impossible:
		rewrite.Refuse(p, noForm, r.Span, "procedure %s: %s", r.Name, f.Why)
		return
	case Cursors:
		w.parameters()
	case OutRow:
		r.Params = append(r.Params, f.Slots[0].Params...)
	case Notices:
		p.Report(asMessage, r.Span, "the results that %s returns in a loop become messages", r.Name)
	}
	r.Body = ir.Map(r.Body, w.node)
	if f.Held {
		p.Unit.NeedHelper("hold")
	}
	if f.Varying && f.Kind == Cursors {
		w.openEmpty()
	}
}

type writer struct {
	p *rewrite.Pass
	f *Form
	r *ir.Routine
}

// parameters adds the cursors.
func (w *writer) parameters() {
	for _, s := range w.f.Slots {
		d := &ir.ParamDecl{Name: ir.Ident{Text: s.Name}, Mode: catalog.InOut, Type: types.Named{Name: "refcursor"}, TypeSQL: "refcursor"}
		d.Span = w.r.Span
		d.Made(code)
		w.r.Params = append(w.r.Params, d)
	}
	w.p.Report(cursorCall, w.r.Span, "procedure %s returns its result sets through %d cursor parameters", w.r.Name, len(w.f.Slots))
	if w.f.Varying {
		w.p.Report(emptyResult, w.r.Span, "procedure %s returns more or fewer result sets; those that a path leaves out come back empty", w.r.Name)
	}
}

// openEmpty opens an empty result for each one that a path may leave out.
func (w *writer) openEmpty() {
	b := outermost(w.r)
	var list []ir.Stmt
	for _, s := range w.f.Slots {
		if !s.conditional {
			continue
		}
		var x ir.Stmt = control.OpenEmpty(s.Name)
		if w.f.Held {
			x = control.EmptyResult(s.Name)
		}
		x.Base().Span = w.r.Span
		x.Base().Made(code)
		list = append(list, x)
	}
	b.Body = append(list, b.Body...)
}

// outermost is the block around the body: one of its own where the body's has handlers, which must not undo what stands in it.
func outermost(r *ir.Routine) *ir.Block {
	if b, ok := r.Body.(*ir.Block); ok && !slices.ContainsFunc(b.Decls, func(d ir.Decl) bool { _, ok := d.(*ir.Handler); return ok }) {
		return b
	}
	b := &ir.Block{Body: []ir.Stmt{r.Body}}
	b.Span = r.Body.Base().Span
	r.Body = b
	return b
}

// dead leaves out a result that is never reached.
func (w *writer) dead(n ir.Node) ir.Node {
	if x, ok := n.(*ir.ReturnRows); ok {
		return control.Take(code, x, &ir.Nothing{})
	}
	return n
}

func (w *writer) node(n ir.Node) ir.Node {
	switch n := n.(type) {
	case *ir.ReturnRows:
		k, ok := w.f.at[n]
		if !ok {
			return w.dead(n)
		}
		return w.rows(n, w.f.Slots[k])
	case *ir.CallProc:
		if k, ok := w.f.at[n]; ok {
			return w.call(n, w.f.Slots[k])
		}
	}
	return n
}

func (w *writer) rows(n *ir.ReturnRows, s Slot) ir.Node {
	n.Made(code)
	switch w.f.Kind {
	case Function:
		n.Append = true
		n.Query = w.cast(n.Query, s.Shape)
		return n
	case Cursors:
		n.Cursor, n.Held = s.Name, w.f.Held
		if !s.conditional || n.Held {
			return n
		}
		c := &ir.CloseCursor{Name: s.Name, Safe: true}
		return control.Take(code, n, c, n)
	case OutRow:
		return w.assign(n, s)
	case Notices:
		return w.message(n)
	}
	return n
}

// call passes on the rows that a called procedure returns.
func (w *writer) call(n *ir.CallProc, s Slot) ir.Node {
	g := FormOf(w.p, n.Routine)
	switch {
	case g != nil && g.Kind == Function:
		return w.rows(callRows(n, g.Slots[0]), s)
	case g != nil && g.Kind == Cursors && w.f.Kind == Cursors && len(g.Slots) == 1:
		a := cursorName(s.Name)
		n.Args = append(n.Args, a)
		n.Made(code)
		if !s.conditional || w.f.Held {
			return n
		}
		return control.Take(code, n, &ir.CloseCursor{Name: s.Name, Safe: true}, n)
	}
	rewrite.Refuse(w.p, noForm, n.Span, "the rows that %s returns cannot be passed on", n.Name)
	return n
}

// cursorName is a parameter that holds a cursor, as an argument.
func cursorName(name string) ir.Expr {
	t := types.Named{Name: "refcursor"}
	d := &ir.ParamDecl{Name: ir.Ident{Text: name}, Type: t}
	e := &ir.Name{Parts: []ir.Ident{{Text: name}}, Ref: &ir.ParamRef{Param: d}}
	e.Type = t
	return e
}

// callRows is SELECT * FROM f(args).
func callRows(n *ir.CallProc, s Slot) *ir.ReturnRows {
	c := &ir.RoutineCall{Name: n.Name, Args: n.Args, Routine: n.Routine}
	c.Span = n.Span
	star := &ir.Star{}
	star.Type = s.Shape
	q := &ir.Select{Items: []*ir.SelectItem{{Expr: star}}, From: []ir.TableExpr{&ir.TableFunc{Call: c}}}
	q.Span, q.Row = n.Span, &s.Shape
	out := &ir.ReturnRows{Query: q}
	out.StmtMeta = n.StmtMeta
	return out
}

func (w *writer) sql(t types.Type) string {
	s, _ := w.p.Lower.TypeSQL(t)
	return s
}

// Column is the type of a result's column: text without a length, numbers without precision, so that nothing is cut.
func Column(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Text, types.Set:
		return types.Text{}
	case types.Enum:
		return types.Text{}
	case types.Decimal:
		return types.Decimal{}
	case types.Int:
		if t.Unsigned && t.Bits == 64 {
			return types.Decimal{}
		}
		return types.Int{Bits: t.Bits, Unsigned: t.Unsigned}
	}
	return t
}

// assign puts the one row into the parameters.
func (w *writer) assign(n *ir.ReturnRows, s Slot) ir.Node {
	q := n.Query.(*ir.Select)
	if len(q.From) > 0 || len(q.Items) != len(s.Params) {
		into := &ir.SelectInto{Query: q}
		for _, d := range s.Params {
			q.Into = append(q.Into, param(d))
		}
		return control.Take(code, n, into)
	}
	set := &ir.SetVar{}
	for i, it := range q.Items {
		set.Items = append(set.Items, &ir.SetItem{Target: param(s.Params[i]), Value: it.Expr})
	}
	return control.Take(code, n, set)
}

func param(d *ir.ParamDecl) ir.Expr {
	e := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.ParamRef{Param: d}}
	e.Type = d.Type
	return e
}

// message is RAISE INFO with the values of the row, joined by tabs.
func (w *writer) message(n *ir.ReturnRows) ir.Node {
	q := n.Query.(*ir.Select)
	var args []ir.Expr
	for i, it := range q.Items {
		if i > 0 {
			args = append(args, control.Text("\t"))
		}
		args = append(args, it.Expr)
	}
	m := args[0]
	if len(args) > 1 {
		c := &ir.TargetCall{Name: "concat", Args: args}
		c.Type = types.Text{}
		m = c
	}
	return control.Take(code, n, &ir.Raise{Level: "INFO", Message: m})
}

// Returns is the RETURNS clause of a function form.
func (f *Form) Returns(p *rewrite.Pass) string {
	s := f.Slots[0]
	names := uniqueNames(s.Shape, f.params) // parameters and columns share one name space
	var cols []string
	for i, t := range s.Shape.Types {
		sql, _ := p.Lower.TypeSQL(Column(t))
		cols = append(cols, quote(names[i])+" "+sql)
	}
	return "TABLE (" + strings.Join(cols, ", ") + ")"
}

// uniqueNames are names for the columns of a row, other than some.
func uniqueNames(row types.Row, others []string) []string {
	seen := map[string]bool{}
	for _, n := range others {
		seen[n] = true
	}
	var out []string
	for i := range row.Types {
		n := ""
		if i < len(row.Names) {
			n = strings.ToLower(row.Names[i])
		}
		if n == "" || !plainName(n) {
			n = "column_" + strconv.Itoa(i+1)
		}
		for base, k := n, 2; seen[n]; k++ {
			n = base + "_" + strconv.Itoa(k)
		}
		seen[n] = true
		out = append(out, n)
	}
	return out
}

func plainName(s string) bool {
	for i, c := range s {
		if !(c == '_' || c >= 'a' && c <= 'z' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return len(s) <= 60
}
