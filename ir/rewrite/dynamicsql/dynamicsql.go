// Package dynamicsql holds the rule for statements of PL/SQL whose text is executed at run time.
package dynamicsql

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/supplied"
	"godwit/ir/types"
)

const code = "DS0220"

var (
	unknownText = &diag.Code{
		ID: "DS0221", Title: "A statement whose text is built at run time", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "EXECUTE IMMEDIATE or OPEN FOR runs a text of which nothing is known here, or one that gives values back. A text in the source's dialect cannot be run on the target.",
		Next:  "Build the statement in the target's dialect with format() and EXECUTE ... USING.",
		Learn: 1, Each: 1.5,
	}
	definition = &diag.Code{
		ID: "DS0222", Title: "A definition that is executed as a text", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "EXECUTE IMMEDIATE of a definition whose text the converter cannot follow or does not know.",
		Next: "Write the definition by hand, or create the object beforehand.", Each: 0.5,
	}
	builtText = &diag.Code{
		ID: "DS0223", Title: "A statement whose text has parts that are not known", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The text is put together from literals and values. Placeholders have the target's form; the rest is executed as it is, so that names, functions and operators have the target's meaning.",
		Next: "Check that the statement means the same on the target, and that the parts are names (format('%I', ...)).", Each: 0.5,
	}
	notConverted = &diag.Code{
		ID: "DS0224", Title: "The text of a statement is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The text that EXECUTE IMMEDIATE or OPEN FOR runs is known, and is a statement that the converter cannot read or resolve.",
		Next: "Look at the finding about the text, or write the statement itself in place of EXECUTE.", Each: 0.5,
	}
)

// Rule is DS0220.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "dynamic-sql",
		Doc: `EXECUTE IMMEDIATE and OPEN FOR (PL/SQL Language Reference, "Native Dynamic SQL"). A text that is known (a literal, or one that is put together from literals and variables that are
never changed) stands in place of EXECUTE as the statement itself, with the values of USING in place of its placeholders: by position in SQL, by name in a block. TRUNCATE commits before and after.
A text that is one of several known ones (pieces that IFs add) is a CASE over these, with the statement of each.
A text with parts that are not known is executed, with $1, $2 for its placeholders.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);",
				Source: "CREATE PROCEDURE p(n NUMBER) AUTHID CURRENT_USER IS\nBEGIN\n  EXECUTE IMMEDIATE 'DELETE FROM t WHERE id = :x' USING n;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p(n numeric)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  DELETE FROM t WHERE id = n;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unknownText, definition, builtText, notConverted, uncommitted, openName, NotExecuted, stepText},
		Looks:    ir.Kinds(ir.KindExecute, ir.KindOpenCursor),
		After:    map[string]string{"packages": "routines of packages stand alone", "supplied": "procedures that change a text become assignments"},
		Run: func(p *rewrite.Pass) {
			list := p.Unit.Stmts // a refusal replaces the unit's
			for i, s := range list {
				if control.IsProgram(s) && !p.Refused() {
					list[i] = program(p, s)
				}
			}
		},
	}
}

type run struct {
	*rewrite.Pass
	root  ir.Stmt
	decls []ir.Decl            // variables for values that are needed several times
	texts map[ir.Stmt][]string // of statements that run one of several texts
}

func program(p *rewrite.Pass, s ir.Stmt) ir.Stmt {
	r := &run{Pass: p, root: s}
	r.texts = r.variants()
	s = ir.Map(s, func(n ir.Node) ir.Node {
		if p.Refused() {
			return n
		}
		switch n := n.(type) {
		case *ir.Execute:
			if n.Name.Text == "" && n.Text != nil && len(n.Origin) == 0 {
				return r.execute(n)
			}
		case *ir.OpenCursor:
			if n.Dynamic != nil {
				return r.open(n)
			}
		}
		return n
	})
	if len(r.decls) > 0 {
		if b, ok := control.Body(s).(*ir.Block); ok {
			b.Decls = append(b.Decls, r.decls...)
		}
	}
	control.EachList(s, onceCommitted)
	return s
}

// onceCommitted leaves out a COMMIT behind another one.
func onceCommitted(list []ir.Stmt) []ir.Stmt {
	own := func(s ir.Stmt) bool {
		t, ok := s.(*ir.Transaction)
		return ok && t.Kind == ir.CommitTransaction && slices.Contains(t.Origin, code)
	}
	out := list[:0:0]
	for i, s := range list {
		if i == 0 || !own(s) || !own(list[i-1]) || len(s.Base().Lead) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// execute is EXECUTE IMMEDIATE.
func (r *run) execute(n *ir.Execute) ir.Node {
	text, known := r.constant(n.Text)
	if n.Defines != nil {
		return r.defined(n)
	}
	if !known {
		one := func(text string) ir.Node {
			x := ir.Clone(n)
			x.Lead, x.Trail, x.Text = nil, nil, control.Text(text)
			return r.execute(x)
		}
		if s, ok := r.chosen(n, n.Text, n.Using, one); ok {
			return s
		}
		if r.Refused() {
			return n
		}
		return r.built(n)
	}
	word := FirstWord(text)
	if Defines(word) && word != "TRUNCATE" {
		rewrite.Refuse(r.Pass, definition, n.Span, "EXECUTE IMMEDIATE of %s", word)
		return n
	}
	switch word {
	case "TRUNCATE":
		return r.truncate(n, text)
	case "BEGIN", "DECLARE", "CALL", "<<":
		return r.block(n, text)
	case "SELECT", "WITH", "(":
		if len(n.Into) == 0 {
			x := &ir.Nothing{} // the source does not execute it
			return control.Take(code, n, x)
		}
		q, ok := r.query(n, text, n.Using)
		if !ok {
			return n
		}
		m := ir.Common(q)
		m.Into, m.Bulk = n.Into, n.Bulk
		s := &ir.SelectInto{Query: q}
		return control.Take(code, n, s)
	}
	return r.change(n, text)
}

// change is INSERT, UPDATE, DELETE, MERGE or LOCK TABLE.
func (r *run) change(n *ir.Execute, text string) ir.Node {
	values := append(append([]ir.Expr(nil), n.Using...), n.Returning...)
	w, ok := r.wrap(n, text, values, false)
	if !ok {
		return n
	}
	b, ok := r.parse(n, w.declare()+"BEGIN\n"+strings.TrimRight(strings.TrimSpace(w.text), ";")+";\nEND;")
	if !ok {
		return n
	}
	w.fill(b)
	if len(b.Body) != 1 {
		rewrite.Refuse(r.Pass, notConverted, n.Span, "the text holds several statements")
		return n
	}
	s := b.Body[0]
	if n.Bulk {
		switch x := s.(type) {
		case *ir.Insert:
			x.Bulk = true
		case *ir.Update:
			x.Bulk = true
		case *ir.Delete:
			x.Bulk = true
		}
	}
	return control.Take(code, n, s)
}

// query is a query with values in place of its placeholders.
func (r *run) query(at ir.Stmt, text string, using []ir.Expr) (ir.Query, bool) {
	w, ok := r.wrap(at, text, using, false)
	if !ok {
		return nil, false
	}
	b, ok := r.parse(at, w.declare()+"BEGIN FOR godwit_row IN (\n"+strings.TrimRight(strings.TrimSpace(w.text), ";")+"\n) LOOP NULL; END LOOP; END;")
	if !ok {
		return nil, false
	}
	l, ok := b.Body[0].(*ir.Loop)
	if !ok || l.Query == nil {
		rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "the text is no query")
		return nil, false
	}
	w.fill(b)
	return l.Query, true
}

// block is a block of PL/SQL, whose placeholders are bound by name.
func (r *run) block(n *ir.Execute, text string) ir.Node {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(strings.ToUpper(text), "CALL") {
		text = "BEGIN " + strings.TrimRight(strings.TrimSpace(text[4:]), ";") + "; END;"
	}
	w, ok := r.wrap(n, text, n.Using, true)
	if !ok {
		return n
	}
	b, ok := r.parse(n, w.declare()+"BEGIN\n"+strings.TrimRight(strings.TrimSpace(w.text), ";")+";\nEND;")
	if !ok {
		return n
	}
	w.fill(b)
	if inner, ok := b.Body[0].(*ir.Block); ok && len(b.Body) == 1 {
		if len(inner.Decls) == 0 && len(inner.Catches) == 0 && inner.Label == "" && len(inner.Body) > 0 {
			return control.Take(code, n, inner.Body...)
		}
		return control.Take(code, n, inner)
	}
	rewrite.Refuse(r.Pass, notConverted, n.Span, "the text holds several statements")
	return n
}

// truncate commits around TRUNCATE.
func (r *run) truncate(n *ir.Execute, text string) ir.Node {
	if r.Parse == nil {
		rewrite.Refuse(r.Pass, notConverted, n.Span, "the text cannot be parsed here")
		return n
	}
	units, err := r.Parse(strings.TrimRight(strings.TrimSpace(text), ";")+";\n", r.Settings)
	if err != nil || len(units) != 1 || len(units[0].Stmts) != 1 {
		rewrite.Refuse(r.Pass, notConverted, n.Span, "the text is not one statement")
		return n
	}
	t, ok := units[0].Stmts[0].(*ir.Truncate)
	if !ok {
		rewrite.Refuse(r.Pass, notConverted, n.Span, "%s", reason(units[0]))
		return n
	}
	t.Span = n.Span
	return r.committed(n, t)
}

func reason(u *ir.Unit) string {
	for _, f := range u.Findings {
		if f.Fidelity == diag.Refused {
			return f.Message
		}
	}
	return "the text is not converted"
}

// parse resolves a block that was made of the text.
func (r *run) parse(at ir.Stmt, text string) (*ir.Block, bool) {
	if r.Parse == nil {
		rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "the text cannot be parsed here")
		return nil, false
	}
	units, err := r.Parse(text+"\n/\n", r.Settings)
	if err != nil || len(units) != 1 || len(units[0].Stmts) != 1 {
		rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "the text is not one statement")
		return nil, false
	}
	b, ok := units[0].Stmts[0].(*ir.Block)
	if !ok {
		rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "%s", reason(units[0]))
		return nil, false
	}
	for _, f := range units[0].Findings {
		if f.Fidelity == diag.Refused {
			rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "%s", f.Message)
			return nil, false
		}
		f.Span = at.Base().Span
		r.Unit.Report(f)
	}
	ir.Walk(b, func(n ir.Node) bool {
		n.Base().Span = at.Base().Span
		return true
	})
	b = supplied.In(r.Pass, b)
	return b, !r.Refused()
}

// wrapped is a text whose placeholders are variables of a block.
type wrapped struct {
	text   string
	values []ir.Expr
	kinds  []string
}

// wrap puts variables in place of placeholders: one for each place, or with byName one for each name.
func (r *run) wrap(at ir.Stmt, text string, values []ir.Expr, byName bool) (*wrapped, bool) {
	w := &wrapped{}
	seen := map[string]int{}
	count := 0
	w.text = Placeholders(text, func(name string) string {
		k := count
		if old, ok := seen[strings.ToUpper(name)]; ok && byName {
			k = old
		} else {
			seen[strings.ToUpper(name)] = k
			count++
		}
		return variable(k)
	})
	if count != len(values) {
		rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "the text has %d placeholders, %d values are given", count, len(values))
		return nil, false
	}
	for _, v := range values {
		kind := spelled(v.TypeOf())
		if e, bulk := at.(*ir.Execute); bulk && e.Bulk && slices.Contains(e.Returning, v) {
			if c, ok := v.TypeOf().(types.Collection); ok { // one row's value stands for all
				kind = spelled(c.Elem)
			}
		}
		if kind == "" {
			rewrite.Refuse(r.Pass, notConverted, at.Base().Span, "a value of the type %s", v.TypeOf())
			return nil, false
		}
		w.values, w.kinds = append(w.values, v), append(w.kinds, kind)
	}
	return w, true
}

func variable(k int) string { return fmt.Sprintf("godwit_bind_%d", k+1) }

// spelled is a type of the source for a value's class.
func spelled(t types.Type) string {
	switch t := t.(type) {
	case types.Decimal:
		return "NUMBER"
	case types.Int:
		return "PLS_INTEGER"
	case types.Float:
		if t.Bits == 32 {
			return "BINARY_FLOAT"
		}
		return "BINARY_DOUBLE"
	case types.Text:
		if !t.EmptyIsNull && t.N == 0 {
			return "CLOB"
		}
		return "VARCHAR2(32767)"
	case types.Null:
		return "VARCHAR2(32767)"
	case types.DateTime:
		if t.Precision > 0 {
			return "TIMESTAMP"
		}
		return "DATE"
	case types.Timestamp:
		return "TIMESTAMP WITH TIME ZONE"
	case types.Bool:
		return "BOOLEAN"
	case types.Binary:
		return "RAW(2000)"
	}
	return ""
}

func (w *wrapped) declare() string {
	if len(w.values) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("DECLARE\n")
	for i, k := range w.kinds {
		b.WriteString(variable(i) + " " + k + ";\n")
	}
	return b.String()
}

// fill puts the values in place of the variables.
func (w *wrapped) fill(b *ir.Block) {
	place := map[ir.Node]ir.Expr{}
	for _, d := range b.Decls {
		v, ok := d.(*ir.VarDecl)
		if !ok {
			continue
		}
		for i := range w.values {
			if strings.EqualFold(v.Name.Text, variable(i)) {
				place[v] = w.values[i]
			}
		}
	}
	b.Body = ir.MapStmts(b.Body, nil, func(n ir.Node) ir.Node {
		name, ok := n.(*ir.Name)
		if !ok {
			return n
		}
		if v := place[control.Target(name)]; v != nil {
			return ir.Clone(v)
		}
		return n
	})
}

// open is OPEN cursor FOR text.
func (r *run) open(n *ir.OpenCursor) ir.Node {
	text, known := r.constant(n.Dynamic)
	if !known {
		one := func(text string) ir.Node {
			x := ir.Clone(n)
			x.Lead, x.Trail, x.Dynamic = nil, nil, control.Text(text)
			return r.open(x)
		}
		if s, ok := r.chosen(n, n.Dynamic, n.Using, one); ok {
			return s
		}
		if r.Refused() {
			return n
		}
		if word, ok := r.stepped(n.Dynamic, len(n.Using)); ok && (word == "SELECT" || word == "WITH") {
			r.Report(stepText, n.Span, "the text grows in several assignments")
			n.Dynamic = r.numbered(n.Dynamic, len(n.Using))
			n.Made(code)
		} else if t, ok := r.placed(n, n.Dynamic, len(n.Using)); ok {
			n.Dynamic = t
			n.Made(code)
		}
		return n
	}
	q, ok := r.query(n, text, n.Using)
	if ok {
		n.Query, n.Dynamic, n.Using = q, nil, nil
		n.Made(code)
	}
	return n
}

// built executes a text with parts that are not known.
func (r *run) built(n *ir.Execute) ir.Node {
	word := ""
	if c, ok := bare(n.Text).(*ir.Concat); ok && len(c.Args) > 0 {
		if s, ok := bare(c.Args[0]).(*ir.String); ok {
			word = FirstWord(s.Value)
		}
	}
	steps, stepwise := r.stepped(n.Text, len(n.Using))
	if stepwise && word == "" {
		word = steps
	}
	for _, m := range n.Modes {
		if m != catalog.In {
			word = ""
		}
	}
	if len(n.Returning) > 0 || n.Bulk {
		word = ""
	}
	commits := false
	switch word {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE":
	case "TRUNCATE", "DROP":
		commits = true
	default:
		rewrite.Refuse(r.Pass, unknownText, n.Span, "the text of EXECUTE IMMEDIATE is built at run time")
		return n
	}
	if stepwise {
		r.Report(stepText, n.Span, "the text grows in several assignments")
		n.Text = r.numbered(n.Text, len(n.Using))
	} else if t, ok := r.placed(n, n.Text, len(n.Using)); ok {
		n.Text = t
	} else {
		return n
	}
	n.Strict = len(n.Into) > 0
	n.Made(code)
	if !commits {
		return n
	}
	return r.committed(n, n)
}

// placed gives the placeholders of the literals of a text the target's form.
func (r *run) placed(at ir.Stmt, text ir.Expr, values int) (ir.Expr, bool) {
	c, ok := bare(text).(*ir.Concat)
	if !ok {
		rewrite.Refuse(r.Pass, unknownText, at.Base().Span, "nothing is known of the text")
		return nil, false
	}
	count, literal := 0, false
	for _, a := range c.Args {
		s, ok := bare(a).(*ir.String)
		if !ok {
			continue
		}
		literal = true
		s.Value = Placeholders(s.Value, func(string) string {
			count++
			return fmt.Sprintf("$%d", count)
		})
	}
	if !literal || count != values {
		rewrite.Refuse(r.Pass, unknownText, at.Base().Span, "the literals of the text have %d placeholders, %d values are given", count, values)
		return nil, false
	}
	r.Report(builtText, at.Base().Span, "parts of the text are not known")
	return text, true
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
