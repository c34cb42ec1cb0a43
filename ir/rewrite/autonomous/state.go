package autonomous

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
)

// use is what a routine, or the triggers of a table or the query of a view, use of the session, and what they lead to.
type use struct {
	state  string // the first thing that another session does not have, "" if there is none
	lines  bool   // DBMS_OUTPUT
	number bool   // NEXTVAL
	next   []any  // *catalog.Routine, *catalog.Table
}

const usesKey = "autonomous.uses"

func usesOf(p *rewrite.Pass) map[any]*use {
	m, _ := p.Session.Values[usesKey].(map[any]*use)
	if m == nil {
		m = map[any]*use{}
		p.Session.Values[usesKey] = m
	}
	return m
}

// note keeps what the programs of a unit use, as they stand in the source.
func note(p *rewrite.Pass) {
	m := usesOf(p)
	for _, s := range p.Unit.Stmts {
		switch n := s.(type) {
		case *ir.CreateTrigger:
			if t := n.Object; t != nil {
				learn(m, t, n)
			} else if n.Table != nil && n.Table.Table != nil {
				learn(m, n.Table.Table, n)
			}
		case *ir.CreateView:
			if n.Object != nil && n.Query != nil {
				learn(m, n.Object, n.Query)
			}
		case *ir.CreateTable:
			if n.Object != nil {
				learn(m, n.Object, n)
			}
		}
		ir.Walk(s, func(x ir.Node) bool {
			if r, ok := x.(*ir.Routine); ok && r.Object != nil && r.Body != nil {
				learn(m, r.Object, r)
			}
			return true
		})
	}
}

// learn adds what a program uses to a key.
func learn(m map[any]*use, key any, n ir.Node) *use {
	u := m[key]
	if u == nil {
		u = &use{}
		m[key] = u
	}
	numbered := map[string]bool{}
	ir.Walk(n, func(x ir.Node) bool {
		if v, ok := x.(*ir.NextValue); ok && !v.Previous {
			numbered[strings.ToUpper(v.Sequence.String())] = true
			u.number = true
		}
		return true
	})
	ir.Walk(n, func(x ir.Node) bool {
		what := ""
		switch x := x.(type) {
		case *ir.Name:
			if ref, ok := x.Ref.(*ir.PackageRef); ok && kept(ref.Member) {
				what = "the variable " + ir.QName{Parts: x.Parts}.String()
			}
		case *ir.NextValue:
			if x.Previous && !numbered[strings.ToUpper(x.Sequence.String())] {
				what = x.Sequence.String() + ".CURRVAL"
			}
		case *ir.TableRef:
			if x.Table == nil {
				break
			}
			if x.Table.Kind == catalog.TempTable {
				what = "the temporary table " + x.Table.Name
			}
			u.next = append(u.next, x.Table)
		case *ir.CallProc:
			if x.Routine != nil {
				u.next = append(u.next, x.Routine)
			}
		case *ir.RoutineCall:
			if x.Routine != nil {
				u.next = append(u.next, x.Routine)
			}
		case *ir.Call:
			what = u.call(x)
		}
		if u.state == "" {
			u.state = what
		}
		return true
	})
	return u
}

// kept tells that a member of a package is state: constants that are computed are too, for each session computes them.
func kept(v *catalog.PackageVar) bool {
	if v == nil || !v.Constant {
		return true
	}
	d, ok := v.Decl.(*ir.VarDecl)
	return !ok || ir.Find(d, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.RoutineCall, *ir.Now, *ir.Pseudo, *ir.CallProc, *ir.NextValue:
			return true
		}
		return false
	})
}

// call names what a built-in function asks of the session, "" if nothing.
func (u *use) call(c *ir.Call) string {
	switch c.Op {
	case op.OraSysContext, op.OraUserEnv:
		if !shared(c) {
			return c.Name + " of " + describe(c)
		}
	case op.OraSupplied:
		pkg, name, _ := strings.Cut(c.Name, ".")
		switch pkg {
		case "DBMS_OUTPUT":
			u.lines = true
		case "DBMS_SESSION", "DBMS_APPLICATION_INFO", "DBMS_TRANSACTION", "DBMS_ALERT", "DBMS_PIPE", "DBMS_SQL":
			return c.Name
		case "DBMS_LOCK":
			if name != "SLEEP" && name != "ALLOCATE_UNIQUE" {
				return c.Name
			}
		case "DBMS_RANDOM":
			return c.Name + ", which has a seed for each session"
		}
	}
	return ""
}

// shared tells that a value of a context is the same on the second connection.
func shared(c *ir.Call) bool {
	args := c.Args
	if c.Op == op.OraSysContext {
		if space, ok := build.TextLiteral(bare(args[0])); !ok || !strings.EqualFold(space, "USERENV") {
			return false
		}
		args = args[1:]
	}
	name, ok := build.TextLiteral(bare(args[0]))
	if !ok {
		return false
	}
	switch strings.ToUpper(name) {
	case "SID", "SESSIONID", "AUDSID", "ENTRYID":
		return false
	}
	return true
}

func describe(c *ir.Call) string {
	for _, a := range c.Args[len(c.Args)-1:] {
		if name, ok := build.TextLiteral(bare(a)); ok {
			return name
		}
	}
	return "a computed name"
}

func bare(e ir.Expr) ir.Expr {
	for {
		c, ok := e.(*ir.Cast)
		if !ok || !c.Implicit {
			return e
		}
		e = c.X
	}
}

// uses refuses a program that uses state of its session, by itself or by what it calls.
func (r *run) uses(o *catalog.Routine, n ir.Node) {
	m := usesOf(r.Pass)
	first := m[o]
	if first == nil {
		first = learn(map[any]*use{}, o, n)
	}
	seen := map[*use]bool{}
	lines := false
	var visit func(u *use, by string)
	visit = func(u *use, by string) {
		if u == nil || seen[u] {
			return
		}
		seen[u] = true
		lines = lines || u.lines
		if u.state != "" && !r.Refused() {
			rewrite.Refuse(r.Pass, sessionState, n.Base().Span, "%s uses %s%s", nameOf(n), u.state, by)
		}
		for _, k := range u.next {
			switch k := k.(type) {
			case *catalog.Routine:
				if m[k] == nil && k.Facts.ReadsState && !r.Refused() {
					rewrite.Refuse(r.Pass, sessionState, n.Base().Span, "%s calls %s, which is not known or keeps state", nameOf(n), k.Name)
				}
				visit(m[k], " in "+k.Name)
			case *catalog.Table:
				visit(m[k], " by "+k.Name)
			}
		}
	}
	visit(first, "")
	if lines && !r.Refused() {
		r.Report(output, n.Base().Span, "%s", nameOf(n))
	}
}

// numbers tells that what a body calls takes numbers of sequences.
func (r *run) numbers(body ir.Stmt) bool {
	m := usesOf(r.Pass)
	seen := map[*use]bool{}
	var visit func(u *use) bool
	visit = func(u *use) bool {
		if u == nil || seen[u] {
			return false
		}
		seen[u] = true
		if u.number {
			return true
		}
		for _, k := range u.next {
			if visit(m[k]) {
				return true
			}
		}
		return false
	}
	return visit(learn(map[any]*use{}, nil, body))
}

func nameOf(n ir.Node) string {
	switch n := n.(type) {
	case *ir.Routine:
		return n.Name.String()
	case *ir.CreateTrigger:
		return "trigger " + n.Name.String()
	}
	return "the block"
}
