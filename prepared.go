package godwit

import (
	"maps"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser"
)

// dynamic follows prepared statements while units are read in order, so that EXECUTE of a text that is known becomes the statement
// itself, before names are resolved. What is not known stays, and a rule refuses it by name.
type dynamic struct {
	p *pipeline
	// texts are the prepared statements by name, values the user and local variables whose text is known.
	texts, values map[string]template
	// locals are the variables and parameters of the routine around and how often they are declared, nil outside: a prepared text
	// does not see them. types are their types where they are declared once.
	locals map[string]int
	types  map[string]types.Type
	// joined are the variables that take texts which are put together, by their keys.
	joined map[string]bool
	// holes follows texts that hold values of variables, too; the catalog is there then. schema is the routine's database.
	holes  bool
	schema string
	// named and plain tell that statements were chosen by names that variables hold, and that variables stand in literals.
	named, plain bool
	// defining follows the definitions that PL/SQL executes (see executed.go).
	defining bool
}

func (p *pipeline) newDynamic() *dynamic {
	return &dynamic{p: p, texts: map[string]template{}, values: map[string]template{}}
}

// expand replaces what is known in one unit.
func (d *dynamic) expand(u *Unit) {
	if len(u.Stmts) != 1 {
		return
	}
	s := u.Stmts[0]
	if d.p.executed != nil {
		d.stepwise(u, s)
		d.executed(u, s)
	}
	if u.PLSQL { // a rule converts the other texts of PL/SQL
		return
	}
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
	in.declare(s)
	in.body(u, s)
}

// body puts what a body becomes in its place, if nothing is left to prepare.
func (d *dynamic) body(u *Unit, s ir.Stmt) {
	body := control.Body(s)
	if b, ok := s.(*ir.Block); ok {
		body = b
	}
	if body == nil {
		return
	}
	findings := len(u.Findings)
	x := d.stmt(u, ir.Clone(body))
	if x == nil {
		x = &ir.Nothing{}
	}
	switch b, ok := s.(*ir.Block); {
	case prepares(x):
		u.Findings = u.Findings[:findings]
		d.named, d.plain = false, false
	case ok:
		if c, same := x.(*ir.Block); same {
			*b = *c
		}
	default:
		control.SetBody(s, x)
	}
}

// declare notes the variables of a routine.
func (d *dynamic) declare(s ir.Stmt) {
	d.locals, d.types, d.joined = map[string]int{}, map[string]types.Type{}, map[string]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.VarDecl:
			d.locals[strings.ToLower(n.Name.Text)]++
			d.types[strings.ToLower(n.Name.Text)] = n.Type
		case *ir.ParamDecl:
			d.locals[strings.ToLower(n.Name.Text)]++
			d.types[strings.ToLower(n.Name.Text)] = n.Type
		case *ir.SetItem:
			d.joined[key(n.Target)] = d.joined[key(n.Target)] || n.Value != nil && joins(n.Value)
		case *ir.SelectInto:
			d.selected(n.Query)
		case *ir.QueryStmt:
			d.selected(n.Query)
		}
		return true
	})
}

// selected notes the variables that SELECT ... INTO gives texts that it puts together.
func (d *dynamic) selected(q ir.Query) {
	s, ok := q.(*ir.Select)
	into := control.Into(q)
	if !ok || len(s.Items) != len(into) {
		return
	}
	for i, it := range s.Items {
		if joins(it.Expr) {
			d.joined[key(into[i])] = true
		}
	}
}

// joins tells that a value puts texts together.
func joins(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Concat:
			return true
		case *ir.Call:
			return n.Op == op.ConcatWS
		case *ir.Aggregate:
			return n.Op == op.GroupConcat
		}
		return false
	})
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
	return d.child().within(u, d, list)
}

// child knows what is known here.
func (d *dynamic) child() *dynamic {
	c := *d
	c.texts, c.values = maps.Clone(d.texts), maps.Clone(d.values)
	return &c
}

// within follows a list of statements in a child of d.
func (d *dynamic) within(u *Unit, of *dynamic, list []ir.Stmt) []ir.Stmt {
	out := d.list(u, list)
	of.named, of.plain = of.named || d.named, of.plain || d.plain
	return out
}

// forget drops what statements at or below n may change.
func (d *dynamic) forget(n ir.Node) {
	if d.defining {
		d.forgetCalls(n)
		return
	}
	ir.Walk(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Prepare:
			delete(d.texts, strings.ToLower(x.Name.Text))
		case *ir.Deallocate:
			delete(d.texts, strings.ToLower(x.Name.Text))
		case *ir.CallProc:
			d.session()
			d.drop(x.Args) // OUT, perhaps
			d.texts = map[string]template{}
		case *ir.RoutineCall:
			d.session()
			d.texts = map[string]template{}
		case *ir.Call:
			if x.Op == "" { // a stored function, perhaps
				d.session()
			}
		case *ir.AssignExpr:
			d.lose(key(x.Target))
		case *ir.SetItem:
			d.lose(key(x.Target))
		case *ir.FetchCursor:
			d.drop(x.Into)
		case *ir.DiagItem:
			d.lose(key(x.Target))
		case ir.Query:
			d.drop(x.Common().Into)
		}
		return true
	})
}

func (d *dynamic) drop(list []ir.Expr) {
	for _, e := range list {
		d.lose(key(e))
	}
}

// lose forgets a variable that takes another value, and the texts that were made of the old one.
func (d *dynamic) lose(k string) {
	if k == "" {
		return
	}
	delete(d.values, k)
	if !d.holes && !d.defining {
		return // texts read no variables
	}
	for _, m := range []map[string]template{d.values, d.texts} {
		for n, t := range m {
			if t.reads(k) {
				delete(m, n)
			}
		}
	}
}

// session forgets the user variables.
func (d *dynamic) session() {
	for k := range d.values {
		if k[0] == '@' {
			delete(d.values, k)
		}
	}
	d.lose("@")
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
	if d.defining {
		if x, done := d.plStmt(u, s); done {
			return x
		}
	}
	switch n := s.(type) {
	case *ir.SetVar:
		if readsBeside(n) {
			d.forget(n)
			break
		}
		for _, it := range n.Items {
			v, ok := d.text(it.Value)
			d.forget(it)
			if k := key(it.Target); ok && k != "" && !v.reads(k) && v.size() <= maxText {
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
		d.decide(u, n)
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

// execute is the statement that the text holds, with the values in place of the parameters.
func (d *dynamic) execute(u *Unit, n *ir.Execute) ir.Stmt {
	var t template
	ok := false
	if n.Text != nil {
		t, ok = d.text(n.Text)
	} else {
		t, ok = d.texts[strings.ToLower(n.Name.Text)]
	}
	var s ir.Stmt
	if text, constant := t.constant(); ok && constant {
		s = d.parse(u, text, n)
		if s == nil {
			s = d.variants(u, t, n)
		}
	} else if ok {
		s = d.variants(u, t, n)
	}
	if s == nil {
		d.forgetAll()
		return n
	}
	d.forget(s)
	return s
}

func (d *dynamic) forgetAll() { d.values = map[string]template{} }

// decide follows both ways of an IF. A text that is built on one of them becomes a choice.
func (d *dynamic) decide(u *Unit, n *ir.If) {
	if len(n.Branches) != 1 || !d.holes || !d.pure(n.Branches[0].Cond) {
		d.branches(u, n, n.Branches)
		n.Else = d.inner(u, n, n.Else, false)
		d.forget(n)
		return
	}
	cond := n.Branches[0].Cond
	then, els := d.child(), d.child()
	n.Branches[0].Body = then.within(u, d, n.Branches[0].Body)
	n.Else = els.within(u, d, n.Else)
	// The condition decides again where the text is run: what it reads must not have changed by then.
	cond = ir.Clone(cond)
	d.forget(n)
	for k, a := range then.values {
		b, ok := els.values[k]
		switch {
		case !ok || assigns(n, cond):
			continue
		case sameTemplate(a, b):
			d.values[k] = a
		default:
			d.values[k] = template{{cond: cond, then: a, els: b}}
		}
	}
}

// assigns tells that a statement changes what a condition reads.
func assigns(n ir.Stmt, cond ir.Expr) bool {
	return ir.Find(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.SetItem:
			return readsVariable(cond, key(x.Target))
		case *ir.CallProc, *ir.RoutineCall, *ir.FetchCursor, *ir.SelectInto, *ir.DiagItem, *ir.AssignExpr:
			return true
		}
		return false
	})
}

func sameTemplate(a, b template) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].text != b[i].text || a[i].hole != b[i].hole || a[i].cond != b[i].cond || a[i].quoted != b[i].quoted {
			return false
		}
	}
	return true
}

func (d *dynamic) parse(u *Unit, text string, n *ir.Execute) ir.Stmt {
	s, findings := d.read(u, text)
	if s == nil || !d.fits(s, n, nil) {
		return nil
	}
	u.Findings.Add(findings...)
	return d.place(s, n)
}

// read parses a text that holds one statement which may be prepared; nil if it is none.
func (d *dynamic) read(u *Unit, text string) (ir.Stmt, diag.List) {
	settings := u.Settings
	if settings == nil {
		settings = d.p.opt.Settings
	}
	us, err := parser.Parse(source.NewFile("prepared statement", text), d.p.scanOptions(settings))
	if err != nil || len(us) != 1 || len(us[0].Stmts) != 1 {
		return nil, nil
	}
	s := us[0].Stmts[0]
	if _, bad := s.(*ir.Unsupported); bad || control.IsProgram(s) {
		return nil, nil
	}
	return s, us[0].Findings
}

// place puts a statement where EXECUTE stands.
func (d *dynamic) place(s ir.Stmt, n *ir.Execute) ir.Stmt {
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
	return s
}

// fits tells that each parameter has a value, and that no name of the text would become a variable of the routine.
// Names in own are columns whatever the routine calls its variables.
func (d *dynamic) fits(s ir.Stmt, n *ir.Execute, own map[*ir.Name]bool) bool {
	count, captured := 0, false
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Param:
			count = max(count, x.Index)
		case *ir.Name:
			captured = captured || d.locals[strings.ToLower(x.Parts[0].Text)] > 0 && !own[x]
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
