// Package heldcursors holds the rule for cursors that outlive the end of their transaction.
package heldcursors

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "PL0191"

// Rule is PL0191.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "held-cursors", Language: rewrite.PSM,
		Doc: `On the source OPEN writes the rows of a cursor to a temporary table (MySQL Reference Manual, "Restrictions on Server-Side Cursors"), and FETCH goes on behind
COMMIT and ROLLBACK. PL/pgSQL closes a cursor with its transaction. In a routine that ends transactions the rows of a cursor that is not the head of a loop
go to arrays at OPEN, one for each column, and FETCH takes the next elements: like FETCH, SELECT ... INTO of no row sets FOUND to false. This is done for a cursor
that is opened once, in front of all that fetches from it, and closed behind; others are refused where a transaction ends in a loop.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN DECLARE x INT; DECLARE c CURSOR FOR SELECT id FROM t ORDER BY v; OPEN c; FETCH c INTO x; UPDATE t SET v = 1 WHERE id = x; COMMIT; FETCH c INTO x; UPDATE t SET v = 2 WHERE id = x; COMMIT; CLOSE c; END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  x integer;\n  c_id integer[];\n  c_at integer;\nBEGIN\n  SELECT array_agg(c_rows.id)\n  INTO c_id\n  FROM (SELECT id FROM t ORDER BY v NULLS FIRST) AS c_rows (id);\n  c_at := 0;\n  c_at := c_at + 1;\n  SELECT c_id[c_at] INTO x WHERE c_at <= cardinality(c_id);\n  IF NOT found THEN\n    RAISE EXCEPTION 'No data - zero rows fetched, selected, or processed' USING ERRCODE = '02000';\n  END IF;\n  UPDATE t SET v = 1 WHERE id = x;\n  COMMIT;\n  c_at := c_at + 1;\n  SELECT c_id[c_at] INTO x WHERE c_at <= cardinality(c_id);\n  IF NOT found THEN\n    RAISE EXCEPTION 'No data - zero rows fetched, selected, or processed' USING ERRCODE = '02000';\n  END IF;\n  UPDATE t SET v = 2 WHERE id = x;\n  COMMIT;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindFetchCursor),
		After: map[string]string{
			"idioms":      "a loop over a query outlives transactions by itself",
			"select-into": "its queries are the target's already",
		},
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) && control.Transactional(s) && !ir.Find(s, asks) {
					program(p, s)
				}
			}
		},
	}
}

// asks tells a statement that looks at what the statement before it has done: OPEN is one that counts rows now.
func asks(n ir.Node) bool {
	_, ok := n.(*ir.GetDiagnostics)
	return ok
}

func program(p *rewrite.Pass, s ir.Stmt) {
	names := control.NamesOf(s)
	names.Avoid(control.ColumnNames(s)) // the rule that tells variables and columns apart has run
	ir.Walk(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		var decls []ir.Decl
		for _, d := range b.Decls {
			if c, ok := d.(*ir.CursorDecl); ok {
				if h := of(p, b, c); h != nil {
					decls = append(decls, h.hold(names)...)
					continue
				}
			}
			decls = append(decls, d)
		}
		b.Decls = decls
		return true
	})
}

// held is a cursor whose rows can be held.
type held struct {
	block   *ir.Block
	cursor  *ir.CursorDecl
	query   ir.Query
	open    *ir.OpenCursor
	fetches int
	columns []column
	lists   []*ir.VarDecl // the values of each column
	at      *ir.VarDecl   // how many rows are fetched
}

// column is a column of a cursor's rows.
type column struct {
	name  string
	elem  types.Type
	label bool // elements are texts, what the query gives is not
}

// of looks at a cursor of a block; nil if its rows cannot be held.
func of(p *rewrite.Pass, b *ir.Block, c *ir.CursorDecl) *held {
	h := &held{block: b, cursor: c, query: c.Query}
	opens := 0
	ir.Walk(b, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			if h.named(n.Name, n.X) {
				h.open = n
				opens++
			}
		case *ir.FetchCursor:
			if h.named(n.Name, n.X) {
				h.fetches++
			}
		}
		return true
	})
	if opens != 1 || h.fetches == 0 || c.Prepared != "" || len(c.Params) > 0 || h.open.Dynamic != nil {
		return nil
	}
	if h.open.Query != nil {
		h.query = h.open.Query
	}
	if h.query == nil || h.query.Columns() == nil {
		return nil
	}
	row := h.query.Columns()
	for i, name := range row.Names {
		t := elem(row.Types[i])
		if t == nil {
			return nil
		}
		if _, ok := p.Lower.TypeSQL(t); !ok {
			return nil
		}
		h.columns = append(h.columns, column{name, t, isLabel(row.Types[i])})
	}
	if len(h.columns) == 0 || !h.ordered() {
		return nil
	}
	return h
}

// named tells that a statement is about the cursor. An inner block may have one of the same name: it shows as a second OPEN.
func (h *held) named(name string, x ir.Expr) bool {
	return x == nil && strings.EqualFold(name, h.cursor.Name.Text)
}

// elem is the type of the elements of an array of values of a column; nil where such an array is not sure to give them back. Lengths are
// left to the variables that take the values.
func elem(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Int, types.Float, types.Bool, types.Date, types.Year, types.DateTime, types.Timestamp, types.Time, types.Binary:
		return t
	case types.Decimal:
		return types.Decimal{}
	case types.Text, types.Enum, types.Set:
		return types.Text{}
	}
	return nil
}

func isLabel(t types.Type) bool {
	switch t.(type) {
	case types.Enum, types.Set:
		return true
	}
	return false
}

// ordered tells that the cursor is open wherever it is fetched from and closed: OPEN stands in no loop, all FETCHes and CLOSEs in what
// follows it in its list, and a CLOSE is the last that happens to the cursor.
func (h *held) ordered() bool {
	list, at := h.opening()
	if at < 0 || ir.Find(h.block, func(n ir.Node) bool { l, ok := n.(*ir.Loop); return ok && holds(l, h.open) }) {
		return false
	}
	fetches, last, closes := 0, at, 0
	for i, s := range list[at+1:] {
		if n := h.fetchesIn(s); n > 0 {
			fetches += n
			last = at + 1 + i
		}
	}
	if fetches != h.fetches {
		return false
	}
	behind := 0 // CLOSEs in the list itself, behind all FETCHes
	inside := 0 // CLOSEs that leave what fetches
	ok := true
	for i, s := range list[at+1:] {
		if c, is := s.(*ir.CloseCursor); is && h.named(c.Name, c.X) {
			ok = ok && at+1+i > last
			behind++
			continue
		}
		n, good := h.leaving(s)
		inside += n
		ok = ok && good
	}
	ir.Walk(h.block, func(n ir.Node) bool {
		if c, is := n.(*ir.CloseCursor); is && h.named(c.Name, c.X) {
			closes++
		}
		return true
	})
	return ok && behind <= 1 && (behind == 0 || inside == 0) && closes == behind+inside
}

// opening is the list in which OPEN stands, and its place there; -1 if it stands elsewhere.
func (h *held) opening() (list []ir.Stmt, at int) {
	at = -1
	control.Lists(&h.block.Body, func(l *[]ir.Stmt) {
		if i := slices.Index(*l, ir.Stmt(h.open)); i >= 0 {
			list, at = *l, i
		}
	})
	return list, at
}

func holds(n ir.Node, what ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool { return x == what })
}

func (h *held) fetchesIn(s ir.Stmt) int {
	n := 0
	ir.Walk(s, func(x ir.Node) bool {
		if f, ok := x.(*ir.FetchCursor); ok && h.named(f.Name, f.X) {
			n++
		}
		return true
	})
	return n
}

// leaving counts the CLOSEs within a statement that follows OPEN in its list. It is good if each is on the way out of the statement: what
// follows it in its list touches no cursor, and ends with a jump that leaves the statement, or the routine.
func (h *held) leaving(s ir.Stmt) (n int, good bool) {
	label := ""
	switch s := s.(type) {
	case *ir.Loop:
		label = s.Label
	case *ir.Block:
		label = s.Label
	}
	good = true
	control.Lists(&[]ir.Stmt{s}, func(l *[]ir.Stmt) {
		for i, x := range *l {
			c, is := x.(*ir.CloseCursor)
			if !is || !h.named(c.Name, c.X) || x == s {
				continue
			}
			n++
			good = good && h.out((*l)[i+1:], label)
		}
	})
	return n, good
}

// out tells that a list leaves the label, or the routine, without a look at the cursor.
func (h *held) out(list []ir.Stmt, label string) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *ir.Leave:
			if s.When == nil {
				return label != "" && strings.EqualFold(s.Label, label)
			}
			return false
		case *ir.Return:
			return true
		case *ir.Iterate, *ir.Block, *ir.If, *ir.Loop, *ir.CaseStmt, *ir.OpenCursor, *ir.FetchCursor, *ir.CloseCursor:
			return false
		}
	}
	return false
}

// hold makes the arrays, and returns their declarations.
func (h *held) hold(names *control.Names) []ir.Decl {
	cursor := strings.ToLower(h.cursor.Name.Text)
	var out []ir.Decl
	variable := func(name string, t types.Type) *ir.VarDecl {
		v := &ir.VarDecl{Name: ir.Ident{Text: names.Take(cursor + "_" + name)}, Type: t}
		v.Span = h.cursor.Span
		v.Made(code)
		out = append(out, v)
		return v
	}
	labels := h.labels()
	for i, c := range h.columns {
		h.lists = append(h.lists, variable(labels[i], types.Array{Elem: c.elem}))
	}
	h.at = variable("at", types.Int{Bits: 32})
	h.block.Body = ir.MapStmts(h.block.Body, nil, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.OpenCursor:
			if n == h.open {
				return h.opened(names.Take(cursor+"_rows"), labels)
			}
		case *ir.FetchCursor:
			if h.named(n.Name, n.X) {
				return h.fetched(n)
			}
		case *ir.CloseCursor:
			if h.named(n.Name, n.X) {
				return closed(n)
			}
		}
		return n
	})
	return out
}

// closed is what is left of a CLOSE: its comments.
func closed(n *ir.CloseCursor) ir.Node {
	if len(n.Lead)+len(n.Trail) == 0 {
		return &ir.Splice{}
	}
	return control.Take(code, n, &ir.Nothing{})
}

// labels are names for the columns: their own where they are plain words.
func (h *held) labels() []string {
	out, used := make([]string, len(h.columns)), map[string]bool{"at": true, "rows": true}
	for i, c := range h.columns {
		name := strings.ToLower(c.name)
		if !plain(name) || used[name] || len(name) > 30 {
			name = fmt.Sprintf("%d", i+1)
		}
		used[name], out[i] = true, name
	}
	return out
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '_' && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// opened is SELECT array_agg(c_rows.a), ... INTO c_a, ... FROM (query) AS c_rows (a, ...); c_at := 0.
func (h *held) opened(name string, labels []string) ir.Node {
	from := &ir.Derived{Query: h.query, Alias: ir.Ident{Text: name}}
	from.Span = h.open.Span
	var items []*ir.SelectItem
	var into []ir.Expr
	for i, v := range h.lists {
		label := labels[i]
		if !plain(label) {
			label = "column" + label
		}
		from.Columns = append(from.Columns, ir.Ident{Text: label})
		var value ir.Expr = tree.Output(name, label, h.columns[i].elem)
		if h.columns[i].label {
			value = build.As(value, "text", types.Text{}, code)
		}
		a := &ir.Aggregate{Args: []ir.Expr{value}, TargetName: "array_agg"}
		a.Span, a.Type = h.open.Span, v.Type
		a.Made(code)
		items, into = append(items, tree.Item(a, "")), append(into, control.Var(v))
	}
	return control.Take(code, h.open, h.into(tree.Select(items, []ir.TableExpr{from}, nil), into), control.Set(control.Var(h.at), control.Int("0")))
}

// fetched is c_at := c_at + 1; SELECT c_a[c_at], ... INTO ... WHERE c_at <= cardinality(c_a).
func (h *held) fetched(f *ir.FetchCursor) ir.Node {
	next := &ir.TargetOp{Op: "+", L: control.Var(h.at), R: control.Int("1")}
	next.Span, next.Type = f.Span, h.at.Type
	next.Made(code)
	var items []*ir.SelectItem
	for i, v := range h.lists {
		x := &ir.Subscript{X: control.Var(v), Index: control.Var(h.at)}
		x.Span, x.Type = f.Span, h.columns[i].elem
		x.Made(code)
		items = append(items, tree.Item(x, ""))
	}
	count := &ir.TargetCall{Name: "cardinality", Args: []ir.Expr{control.Var(h.lists[0])}}
	count.Span, count.Type = f.Span, h.at.Type
	count.Made(code)
	left := &ir.TargetOp{Op: "<=", L: control.Var(h.at), R: count}
	left.Span, left.Type = f.Span, types.Bool{}
	left.Made(code)
	return control.Take(code, f, control.Set(control.Var(h.at), next), h.into(tree.Select(items, nil, left), f.Into))
}

func (h *held) into(q *ir.Select, targets []ir.Expr) ir.Stmt {
	q.Into, q.Span = targets, h.open.Span
	s := &ir.SelectInto{Query: q}
	s.Span = h.open.Span
	return s
}
