package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/source"
	"godwit/parser"
)

// dynamic follows prepared statements while units are read in order, so that EXECUTE of a text that is known becomes the statement
// itself, before names are resolved. What is not known stays, and a rule refuses it by name.
type dynamic struct {
	p *pipeline
	// texts are the prepared statements by name, values the user and local variables whose text is known.
	texts, values map[string]string
	// locals are the variables and parameters of the routine around, nil outside: a prepared text does not see them.
	locals map[string]bool
}

func (p *pipeline) newDynamic() *dynamic {
	return &dynamic{p: p, texts: map[string]string{}, values: map[string]string{}}
}

// expand replaces what is known in one unit.
func (d *dynamic) expand(u *Unit) {
	if len(u.Stmts) != 1 {
		return
	}
	s := u.Stmts[0]
	if control.IsProgram(s) {
		d.program(u, s)
		return
	}
	switch x := d.stmt(u, s).(type) {
	case nil:
		c := &ir.CommentStmt{Text: u.Text}
		c.Span = u.Source
		c.Lead = s.Base().Lead
		u.Stmts[0] = c
	default:
		if x != s {
			u.Stmts[0] = x
			u.Kind, u.Object, u.Name = "", "", ""
		}
	}
}

// program follows the body of a routine. Prepared statements of the session are not known there.
func (d *dynamic) program(u *Unit, s ir.Stmt) {
	if !ir.Find(s, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Prepare, *ir.Execute:
			return true
		}
		return false
	}) {
		return
	}
	in := d.p.newDynamic()
	in.locals = map[string]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.VarDecl:
			in.locals[strings.ToLower(n.Name.Text)] = true
		case *ir.ParamDecl:
			in.locals[strings.ToLower(n.Name.Text)] = true
		}
		return true
	})
	if b, ok := s.(*ir.Block); ok {
		b.Body = in.list(u, b.Body)
		return
	}
	switch x := in.stmt(u, control.Body(s)).(type) {
	case nil:
		control.SetBody(s, &ir.Nothing{})
	default:
		control.SetBody(s, x)
	}
}

func (d *dynamic) list(u *Unit, list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		x := d.stmt(u, s)
		if x == nil {
			if len(s.Base().Lead)+len(s.Base().Trail) == 0 {
				continue
			}
			n := &ir.Nothing{}
			n.Meta = *s.Base()
			x = n
		}
		out = append(out, x)
	}
	return out
}

// inner follows statements that may run, or not, or several times.
func (d *dynamic) inner(u *Unit, around ir.Node, list []ir.Stmt, again bool) []ir.Stmt {
	if again {
		d.forget(around)
	}
	c := &dynamic{p: d.p, texts: clone(d.texts), values: clone(d.values), locals: d.locals}
	return c.list(u, list)
}

func clone(m map[string]string) map[string]string {
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// forget drops what statements at or below n may change.
func (d *dynamic) forget(n ir.Node) {
	ir.Walk(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Prepare:
			delete(d.texts, strings.ToLower(x.Name.Text))
		case *ir.Deallocate:
			delete(d.texts, strings.ToLower(x.Name.Text))
		case *ir.CallProc, *ir.RoutineCall:
			d.values, d.texts = map[string]string{}, map[string]string{}
		case *ir.Call:
			if x.Op == "" { // a stored function, perhaps
				d.values = map[string]string{}
			}
		case *ir.AssignExpr:
			delete(d.values, key(x.Target))
		case *ir.SetItem:
			delete(d.values, key(x.Target))
		case *ir.FetchCursor:
			d.drop(x.Into)
		case *ir.DiagItem:
			delete(d.values, key(x.Target))
		case ir.Query:
			if m, ok := x.(interface{ Common() *ir.QueryMeta }); ok {
				d.drop(m.Common().Into)
			}
		}
		return true
	})
}

func (d *dynamic) drop(list []ir.Expr) {
	for _, e := range list {
		delete(d.values, key(e))
	}
}

// key names a variable: @x or x.
func key(e ir.Expr) string {
	switch x := e.(type) {
	case *ir.UserVar:
		return "@" + strings.ToLower(x.Name)
	case *ir.Name:
		if len(x.Parts) == 1 {
			return strings.ToLower(x.Parts[0].Text)
		}
	}
	return ""
}

// stmt follows one statement; nil takes it out.
func (d *dynamic) stmt(u *Unit, s ir.Stmt) ir.Stmt {
	switch n := s.(type) {
	case *ir.SetVar:
		for _, it := range n.Items {
			v, ok := d.text(it.Value)
			d.forget(it)
			if k := key(it.Target); ok && k != "" {
				d.values[k] = v
			}
		}
	case *ir.Prepare:
		name := strings.ToLower(n.Name.Text)
		delete(d.texts, name)
		if text, ok := d.text(n.Text); ok {
			d.texts[name] = text
			return nil
		}
	case *ir.Deallocate:
		name := strings.ToLower(n.Name.Text)
		if _, ok := d.texts[name]; ok {
			delete(d.texts, name)
			return nil
		}
	case *ir.Execute:
		return d.execute(u, n)
	case *ir.Block:
		d.block(u, n)
	case *ir.If:
		d.branches(u, n, n.Branches)
		n.Else = d.inner(u, n, n.Else, false)
		d.forget(n)
	case *ir.CaseStmt:
		d.branches(u, n, n.Branches)
		n.Else = d.inner(u, n, n.Else, false)
		d.forget(n)
	case *ir.Loop:
		n.Body = d.inner(u, n, n.Body, true)
		d.forget(n)
	default:
		d.forget(s)
	}
	return s
}

func (d *dynamic) branches(u *Unit, around ir.Node, list []*ir.Branch) {
	for _, b := range list {
		d.forget(b.Cond)
	}
	for _, b := range list {
		b.Body = d.inner(u, around, b.Body, false)
	}
}

// block is a plain sequence; where handlers may run at any time, nothing is known of what they change.
func (d *dynamic) block(u *Unit, n *ir.Block) {
	for _, x := range n.Decls {
		switch x := x.(type) {
		case *ir.Handler:
			d.forget(x)
			if list := d.inner(u, x, []ir.Stmt{x.Body}, true); len(list) == 1 {
				x.Body = list[0]
			}
		case *ir.VarDecl:
			delete(d.values, strings.ToLower(x.Name.Text))
			if v, ok := d.text(x.Default); ok && !hasHandlers(n) {
				d.values[strings.ToLower(x.Name.Text)] = v
			}
		}
	}
	if hasHandlers(n) {
		n.Body = d.inner(u, n, n.Body, false)
		d.forget(n)
		return
	}
	n.Body = d.list(u, n.Body)
}

func hasHandlers(b *ir.Block) bool {
	for _, x := range b.Decls {
		if _, ok := x.(*ir.Handler); ok {
			return true
		}
	}
	return false
}

// text is the constant text of an expression.
func (d *dynamic) text(e ir.Expr) (string, bool) {
	switch x := e.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Number:
		return x.Text, x.Kind == ir.IntNumber
	case *ir.UserVar, *ir.Name:
		v, ok := d.values[key(x)]
		return v, ok && key(x) != ""
	case *ir.Concat:
		if x.Null != ir.NullPropagates {
			return "", false
		}
		var b strings.Builder
		for _, a := range x.Args {
			t, ok := d.text(a)
			if !ok {
				return "", false
			}
			b.WriteString(t)
		}
		return b.String(), true
	}
	return "", false
}

// execute is the statement that the text holds, with the values in place of the parameters.
func (d *dynamic) execute(u *Unit, n *ir.Execute) ir.Stmt {
	text, ok := "", false
	if n.Text != nil {
		text, ok = d.text(n.Text)
	} else {
		text, ok = d.texts[strings.ToLower(n.Name.Text)]
	}
	var s ir.Stmt
	if ok {
		s = d.parse(u, text, n)
	}
	if s == nil {
		d.forgetAll()
		return n
	}
	d.forget(s)
	return s
}

func (d *dynamic) forgetAll() { d.values = map[string]string{} }

func (d *dynamic) parse(u *Unit, text string, n *ir.Execute) ir.Stmt {
	settings := u.Settings
	if settings == nil {
		settings = d.p.opt.Settings
	}
	us, err := parser.Parse(source.NewFile("prepared statement", text), d.p.scanOptions(settings))
	if err != nil || len(us) != 1 || len(us[0].Stmts) != 1 {
		return nil
	}
	s := us[0].Stmts[0]
	if _, bad := s.(*ir.Unsupported); bad || control.IsProgram(s) || !d.fits(s, n) {
		return nil
	}
	s = ir.Map(s, func(x ir.Node) ir.Node {
		if q, ok := x.(*ir.Param); ok {
			return ir.Clone(n.Using[q.Index-1])
		}
		return x
	})
	if d.locals != nil {
		s = inRoutine(s)
	}
	m := s.Base()
	m.Span, m.Lead, m.Trail = n.Span, n.Lead, n.Trail
	u.Findings.Add(us[0].Findings...)
	return s
}

// fits tells that each parameter has a value, and that no name of the text would become a variable of the routine.
func (d *dynamic) fits(s ir.Stmt, n *ir.Execute) bool {
	count, captured := 0, false
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Param:
			count = max(count, x.Index)
		case *ir.Name:
			captured = captured || d.locals[strings.ToLower(x.Parts[0].Text)]
		case *ir.Prepare, *ir.Execute, *ir.Deallocate:
			captured = true
		}
		return true
	})
	return count == len(n.Using) && !captured
}

// inRoutine is a statement as the front end makes it in a routine.
func inRoutine(s ir.Stmt) ir.Stmt {
	q, ok := s.(*ir.QueryStmt)
	if !ok {
		return s
	}
	if len(control.Into(q.Query)) > 0 {
		x := &ir.SelectInto{Query: q.Query}
		x.Meta = q.Meta
		return x
	}
	x := &ir.ReturnRows{Query: q.Query}
	x.Meta = q.Meta
	return x
}
