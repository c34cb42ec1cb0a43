package dynamicsql

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Limits of a text that has several forms: more statements than that are harder to read than the text, and paths double with each IF.
const (
	mostVariants = 16
	mostPaths    = 64
)

// held is what the variables of a program hold on one path through it: those that are missing hold something that is not known.
type held map[*ir.VarDecl]string

// paths follows the texts that variables of a program take, over all ways through it.
type paths struct {
	run     *run
	tracked []*ir.VarDecl
	at      map[ir.Stmt]ir.Expr // texts that are executed, by statement
	found   map[ir.Stmt][]string
	lost    map[ir.Stmt]bool // statements that run a text that is not known on some path
}

// variants finds the statements whose text is one of several that are known: pieces that are put together in IFs, say.
func (r *run) variants() map[ir.Stmt][]string {
	p := &paths{run: r, at: map[ir.Stmt]ir.Expr{}, found: map[ir.Stmt][]string{}, lost: map[ir.Stmt]bool{}}
	jumps := false
	ir.Walk(r.root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Goto:
			jumps = true
		case *ir.Execute:
			if n.Name.Text == "" && n.Text != nil && n.Defines == nil && !slices.ContainsFunc(n.Modes, func(m catalog.ParamMode) bool { return m != catalog.In }) {
				p.want(n, n.Text)
			}
		case *ir.OpenCursor:
			if n.Dynamic != nil {
				p.want(n, n.Dynamic)
			}
		}
		return true
	})
	body, ok := control.Body(r.root).(*ir.Block)
	if !ok || jumps || len(p.at) == 0 {
		return nil
	}
	p.track()
	p.block(body, []held{{}})
	for s := range p.lost {
		delete(p.found, s)
	}
	return p.found
}

func (p *paths) want(s ir.Stmt, text ir.Expr) {
	if _, known := p.run.constant(text); !known {
		p.at[s] = text
	}
}

// track lists the variables that are followed: texts, which nested routines do not change.
func (p *paths) track() {
	var nested []ir.Decl
	ir.Walk(p.run.root, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		for _, d := range b.Decls {
			if v, ok := d.(*ir.VarDecl); !ok {
				nested = append(nested, d)
			} else if t, ok := v.Type.(types.Text); ok && !t.Fixed {
				p.tracked = append(p.tracked, v)
			}
		}
		return true
	})
	p.tracked = slices.DeleteFunc(p.tracked, func(v *ir.VarDecl) bool {
		return slices.ContainsFunc(nested, func(d ir.Decl) bool {
			_, writes := control.Uses(d, v)
			return len(writes) > 0
		})
	})
}

func (p *paths) follows(v *ir.VarDecl) bool { return slices.Contains(p.tracked, v) }

// block follows declarations, statements and handlers: where a handler begins, everything that the block writes is unknown.
func (p *paths) block(b *ir.Block, in []held) []held {
	out := in
	for _, d := range b.Decls {
		v, ok := d.(*ir.VarDecl)
		if !ok || !p.follows(v) {
			continue
		}
		value := v.Default
		if value == nil {
			value = &ir.Null{}
		}
		out = p.assign(v, value, out)
	}
	if len(b.Catches) == 0 {
		return p.list(b.Body, out)
	}
	caught := p.forget(b, in)
	out = p.list(b.Body, out)
	for _, c := range b.Catches {
		out = append(out, p.list(c.Body, caught)...)
	}
	return unique(out)
}

func (p *paths) list(list []ir.Stmt, in []held) []held {
	for _, s := range list {
		in = p.stmt(s, in)
	}
	return in
}

func (p *paths) stmt(s ir.Stmt, in []held) []held {
	p.look(s, in)
	switch s := s.(type) {
	case *ir.SetVar:
		for _, it := range s.Items {
			v, _ := control.Target(it.Target).(*ir.VarDecl)
			if v == nil || !p.follows(v) || it.Value == nil {
				continue
			}
			in = p.assign(v, it.Value, in)
		}
		return in
	case *ir.If:
		return p.branches(s.Branches, s.Else, true, in)
	case *ir.CaseStmt:
		return p.branches(s.Branches, s.Else, s.HasElse, in)
	case *ir.Block:
		return p.block(s, in)
	case *ir.Loop:
		in = p.forget(s, in)
		p.list(s.Body, in)
		return in // what the last round left is forgotten
	case *ir.Return:
		return nil
	}
	return p.forget(s, in)
}

func (p *paths) branches(list []*ir.Branch, other []ir.Stmt, goesOn bool, in []held) []held {
	var out []held
	for _, b := range list {
		out = append(out, p.list(b.Body, in)...)
	}
	if goesOn {
		out = append(out, p.list(other, in)...)
	}
	return unique(out)
}

// forget gives up the variables that a statement changes in ways that are not followed.
func (p *paths) forget(s ir.Node, in []held) []held {
	var changed []*ir.VarDecl
	for _, v := range p.tracked {
		if _, writes := control.Uses(s, v); len(writes) > 0 {
			changed = append(changed, v)
		}
	}
	if len(changed) == 0 {
		return in
	}
	out := make([]held, 0, len(in))
	for _, h := range in {
		h = maps.Clone(h)
		for _, v := range changed {
			delete(h, v)
		}
		out = append(out, h)
	}
	return unique(out)
}

func (p *paths) assign(v *ir.VarDecl, value ir.Expr, in []held) []held {
	var out []held
	for _, h := range in {
		texts, ok := p.texts(value, h)
		if !ok || len(texts)*len(in) > mostPaths {
			h = maps.Clone(h)
			delete(h, v)
			out = append(out, h)
			continue
		}
		for _, t := range texts {
			next := maps.Clone(h)
			next[v] = t
			out = append(out, next)
		}
	}
	return unique(out)
}

// texts are the texts that an expression may give where the variables hold what they do.
func (p *paths) texts(e ir.Expr, h held) ([]string, bool) {
	switch x := bare(e).(type) {
	case *ir.Concat:
		out := []string{""}
		for _, a := range x.Args {
			list, ok := p.texts(a, h)
			if !ok || len(out)*len(list) > mostPaths {
				return nil, false
			}
			var next []string
			for _, o := range out {
				for _, t := range list {
					next = append(next, o+t)
				}
			}
			out = next
		}
		return out, true
	case *ir.Case:
		var out []string
		values := []ir.Expr{x.Else}
		for _, w := range x.Whens {
			values = append(values, w.Then)
		}
		for _, value := range values {
			if value == nil {
				value = &ir.Null{}
			}
			list, ok := p.texts(value, h)
			if !ok {
				return nil, false
			}
			out = append(out, list...)
		}
		return out, true
	case *ir.Call:
		return p.called(x, h)
	case *ir.Name:
		if v, ok := control.Target(x).(*ir.VarDecl); ok && p.follows(v) {
			t, known := h[v]
			return []string{t}, known
		}
	}
	t, ok := p.run.constant(e)
	return []string{t}, ok
}

// called are the texts of a call that takes a piece of a text: the AND before the first condition, a comma behind the last column.
func (p *paths) called(c *ir.Call, h held) ([]string, bool) {
	var consts []string
	for _, a := range c.Args[min(1, len(c.Args)):] {
		t, ok := p.run.constant(a)
		if !ok || t == "" {
			return nil, false
		}
		consts = append(consts, t)
	}
	var cut func(string) string
	switch {
	case c.Op == op.OraSubstr && len(consts) == 1:
		from, err := strconv.Atoi(consts[0])
		if err != nil || from < 1 {
			return nil, false
		}
		cut = func(s string) string { r := []rune(s); return string(r[min(from-1, len(r)):]) }
	case c.Op == op.OraLTrim || c.Op == op.OraRTrim:
		set := strings.Join(append(consts, " ")[:1], "")
		cut = func(s string) string { return strings.TrimLeft(s, set) }
		if c.Op == op.OraRTrim {
			cut = func(s string) string { return strings.TrimRight(s, set) }
		}
	case c.Op == op.OraChr && len(c.Args) == 1:
		t, ok := p.run.constant(c.Args[0])
		n, err := strconv.Atoi(t)
		return []string{string(rune(n))}, ok && err == nil && n > 0 && n < 128
	default:
		return nil, false
	}
	list, ok := p.texts(c.Args[0], h)
	for i := range list {
		list[i] = cut(list[i])
	}
	return list, ok
}

// look notes what a statement executes.
func (p *paths) look(s ir.Stmt, in []held) {
	text, ok := p.at[s]
	if !ok {
		return
	}
	for _, h := range in {
		list, known := p.texts(text, h)
		if !known {
			p.lost[s] = true
			return
		}
		for _, t := range list {
			if !slices.Contains(p.found[s], t) {
				p.found[s] = append(p.found[s], t)
			}
		}
	}
	if len(p.found[s]) > mostVariants {
		p.lost[s] = true
	}
}

func unique(list []held) []held {
	var out []held
	for _, h := range list {
		if !slices.ContainsFunc(out, func(o held) bool { return maps.Equal(o, h) }) {
			out = append(out, h)
		}
	}
	if len(out) <= mostPaths {
		return out
	}
	return []held{{}}
}

// chosen is a CASE over the texts that a statement may run, with the statement of each. A text that does not fit the values raises
// what the source raises for it.
func (r *run) chosen(at ir.Stmt, text ir.Expr, using []ir.Expr, one func(text string) ir.Node) (ir.Stmt, bool) {
	fitting, few, many := r.fitting(at, using)
	if len(fitting) == 0 {
		return nil, false
	}
	if len(fitting) == 1 && !few && !many {
		s, ok := one(fitting[0]).(ir.Stmt)
		return control.Take(code, at, s), ok && !r.Refused()
	}
	c := &ir.CaseStmt{Operand: ir.Clone(text)}
	c.Span = at.Base().Span
	for _, t := range fitting {
		s, ok := one(t).(ir.Stmt)
		if !ok || r.Refused() {
			return nil, false
		}
		b := &ir.Branch{Cond: placedAt(control.Text(t), at), Body: []ir.Stmt{s}}
		b.Span = c.Span
		c.Branches = append(c.Branches, b)
	}
	if few || many {
		c.HasElse = true
		x := &ir.Raise{Level: "EXCEPTION", State: "ZZ0S0", Message: control.Text("ORA-01008: not all variables bound")}
		if few {
			x.State, x.Message = "ZZ0RY", control.Text("ORA-01006: bind variable does not exist")
		}
		x.Span = c.Span
		x.Made(code)
		c.Else = []ir.Stmt{x}
	}
	return control.Take(code, at, c), true
}

func placedAt(e ir.Expr, at ir.Stmt) ir.Expr {
	e.Base().Span = at.Base().Span
	return e
}

// fitting are the texts of a statement that have as many placeholders as there are values; none where one of them cannot be read,
// or where the others fail in two ways.
func (r *run) fitting(at ir.Stmt, using []ir.Expr) (list []string, few, many bool) {
	for _, t := range r.texts[at] {
		count := 0
		Placeholders(t, func(string) string { count++; return "" })
		switch {
		case count < len(using):
			few = true
		case count > len(using):
			many = true
		case !r.readable(t, using):
			return nil, false, false
		default:
			list = append(list, t)
		}
	}
	if few && many {
		return nil, false, false
	}
	return list, few, many
}

// readable tells that a text is a query or a change that the source can read with these values: a path that is never taken may give one
// that it cannot.
func (r *run) readable(text string, using []ir.Expr) bool {
	switch FirstWord(text) {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE":
	default:
		return false
	}
	if r.Parse == nil {
		return false
	}
	w := &wrapped{}
	for _, v := range using {
		kind := spelled(v.TypeOf())
		if kind == "" {
			return false
		}
		w.values, w.kinds = append(w.values, v), append(w.kinds, kind)
	}
	count := 0
	body := Placeholders(text, func(string) string { count++; return variable(count - 1) })
	units, err := r.Parse(w.declare()+asStatement(FirstWord(text), body)+"\n/\n", r.Settings)
	if err != nil || len(units) != 1 || len(units[0].Stmts) != 1 {
		return false
	}
	_, ok := units[0].Stmts[0].(*ir.Block)
	return ok && reason(units[0]) == "the text is not converted"
}

func asStatement(word, text string) string {
	if word == "SELECT" || word == "WITH" {
		return "BEGIN FOR godwit_row IN (\n" + text + "\n) LOOP NULL; END LOOP; END;"
	}
	return "BEGIN\n" + text + ";\nEND;"
}
