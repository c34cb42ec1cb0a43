package autonomous

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

func (r *run) spell(t types.Type) string { return datatypes.SQL(r.Pass, plsql.Unlimited(t)) }

// call is the call of the procedure that does the work.
type call struct {
	*run
	like         ir.Node
	schema, name string
	text         []string // the arguments' places
	args         []ir.Expr
	back         []ir.Expr // what takes the results in order, nil for that of a function
	types        []string
}

// add is one argument: e is what the caller has, nil for the result of a function.
func (c *call) add(mode catalog.ParamMode, sql string, e ir.Expr) {
	if mode == catalog.Out {
		c.text = append(c.text, "NULL::"+sql)
	} else {
		c.text = append(c.text, "%L::"+sql)
		c.args = append(c.args, e)
	}
	if mode != catalog.In {
		c.back = append(c.back, e)
		c.types = append(c.types, sql)
	}
}

// helper is the call by the second connection.
func (c *call) helper() ir.Expr {
	name := strings.ReplaceAll(datatypes.Qualified(datatypes.Fold(c.schema), c.name), "%", "%%")
	var text ir.Expr = control.Text("CALL " + name + "(" + strings.Join(c.text, ", ") + ")")
	if len(c.args) > 0 {
		text = &ir.TargetCall{Name: "format", Args: append([]ir.Expr{text}, c.args...)}
		text.SetType(types.Text{})
	} else {
		text = control.Text(strings.ReplaceAll(text.(*ir.String).Value, "%%", "%"))
	}
	args := []ir.Expr{text}
	if len(c.back) > 0 {
		args = append(args, control.Int(strconv.Itoa(len(c.back))))
	}
	c.Unit.NeedHelper("dblink")
	h := c.Helper("autonomous", nil, args...)
	h.Type, h.Span = types.Named{Name: "text[]"}, c.like.Base().Span
	return h
}

// body is the body of the wrapper.
func (c *call) body(old ir.Stmt) *ir.Block {
	b := &ir.Block{}
	b.Span = old.Base().Span
	b.Made(code)
	if len(c.back) == 0 {
		s := &ir.Perform{Expr: c.helper()}
		b.Body = []ir.Stmt{s}
		c.mark(s)
		return b
	}
	if len(c.back) == 1 && c.back[0] == nil {
		s := &ir.Return{Value: c.value(c.helper(), 0)}
		b.Body = []ir.Stmt{s}
		c.mark(s)
		return b
	}
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(c.like, "results")}, Type: types.Named{Name: "text[]"}, TypeSQL: "text[]"}
	v.TargetName = strings.ToLower(v.Name.Text)
	v.Span = b.Span
	b.Decls = []ir.Decl{v}
	b.Body = []ir.Stmt{control.Set(control.Var(v), c.helper())}
	for i, to := range c.back {
		var s ir.Stmt
		if value := c.value(control.Var(v), i); to == nil {
			s = &ir.Return{Value: value}
		} else {
			s = control.Set(ir.Clone(to), value)
		}
		b.Body = append(b.Body, s)
	}
	for _, s := range b.Body {
		c.mark(s)
	}
	return b
}

func (c *call) mark(s ir.Stmt) {
	s.Base().Span = c.like.Base().Span
	s.Base().Made(code)
}

// value is a result as a value of its type.
func (c *call) value(of ir.Expr, i int) ir.Expr {
	x := &ir.Subscript{X: of, Index: control.Int(strconv.Itoa(i + 1))}
	x.Type, x.Span = types.Text{}, c.like.Base().Span
	if c.types[i] == "text" {
		return x
	}
	return build.As(x, c.types[i], types.Text{}, code)
}

// end puts a check behind the work of a program that may leave its transaction open.
func (r *run) end(x *ir.Routine) {
	known := plsql.Of(r.Pass, x)
	e := &ends{code: known, clean: true}
	e.stmt(x.Body)
	if !e.dirty && e.clean {
		return
	}
	if ir.Find(x.Body, func(n ir.Node) bool { v, ok := n.(*ir.NextValue); return ok && !v.Previous }) || r.numbers(x.Body) {
		rewrite.Refuse(r.Pass, unended, x.Span, "a path ends without COMMIT or ROLLBACK")
		return
	}
	work := &ir.Block{Body: []ir.Stmt{x.Body}}
	if b, ok := x.Body.(*ir.Block); ok && b.Label == "" && len(b.Catches) == 0 {
		work.Body, work.Decls = b.Body, b.Decls
	}
	returns := false
	label := strings.ToLower(control.Unused(x, "work"))
	for i, s := range work.Body {
		work.Body[i] = ir.MapPre(s, notNested, func(n ir.Node) ir.Node {
			t, ok := n.(*ir.Return)
			if !ok {
				return n
			}
			returns = true
			l := &ir.Leave{Label: label}
			l.Meta = *t.Base()
			l.Made(code)
			return l
		})
	}
	work.Span = x.Body.Base().Span
	h := r.Helper("autonomous_end", nil)
	h.Type, h.Span = types.Null{}, work.Span
	check := &ir.Perform{Expr: h}
	check.Span = work.Span
	check.Made(code)
	if !returns {
		work.Body = append(work.Body, check)
		work.Made(code)
		x.Body = work
		return
	}
	work.Label = label
	work.Made(code)
	out := &ir.Block{Body: []ir.Stmt{work, check}}
	out.Span = work.Span
	out.Made(code)
	x.Body = out
}

// ends follows whether something may be changed that is not committed.
type ends struct {
	code  *plsql.Code
	clean bool // nothing is, where the statement ends
	dirty bool // something may be where a RETURN or a jump leaves
}

func (e *ends) list(list []ir.Stmt) {
	for _, s := range list {
		e.stmt(s)
	}
}

func (e *ends) stmt(s ir.Stmt) {
	switch n := s.(type) {
	case *ir.Transaction:
		if n.Kind == ir.CommitTransaction || n.Kind == ir.RollbackTransaction {
			e.clean = true
		}
	case *ir.Return:
		if n.Value != nil && e.code.Writes(n.Value) {
			e.clean = false
		}
		e.leave()
	case *ir.Leave, *ir.Iterate, *ir.Goto:
		e.leave()
		if l, ok := s.(*ir.Leave); ok && l.When != nil {
			e.clean = e.clean && !e.dirty
		}
	case *ir.RaiseNamed, *ir.Raise:
		e.clean = true // the error undoes what is open, or a handler is told below
	case *ir.Block:
		e.block(n)
	case *ir.If:
		e.branches(n.Branches, n.Else)
	case *ir.CaseStmt:
		e.branches(n.Branches, n.Else)
	case *ir.Loop:
		before := e.clean
		e.list(n.Body)
		e.clean = e.clean && before
	default:
		if e.code.Writes(s) || locks(s) {
			e.clean = false
		}
	}
}

// leave is a jump: what follows is not reached.
func (e *ends) leave() {
	e.dirty = e.dirty || !e.clean
	e.clean = true
}

func (e *ends) block(b *ir.Block) {
	for _, d := range b.Decls {
		if v, ok := d.(*ir.VarDecl); ok && v.Default != nil && e.code.Writes(v.Default) {
			e.clean = false
		}
	}
	start := e.clean
	if e.code.Writes(&ir.Block{Body: b.Body}) || locks(&ir.Block{Body: b.Body}) {
		start = false
	}
	e.list(b.Body)
	out := e.clean
	for _, c := range b.Catches {
		e.clean = start
		e.list(c.Body)
		out = out && e.clean
	}
	e.clean = out
}

func (e *ends) branches(list []*ir.Branch, other []ir.Stmt) {
	start, out := e.clean, true
	for _, b := range list {
		e.clean = start && !e.code.Writes(b.Cond)
		e.list(b.Body)
		out = out && e.clean
	}
	e.clean = start
	e.list(other)
	e.clean = out && e.clean
}

// locks tells that a query locks the rows that it reads.
func locks(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		q, ok := x.(ir.Query)
		return ok && len(q.Common().Lock) > 0
	})
}
