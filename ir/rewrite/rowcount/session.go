package rowcount

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/lastinsertid"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

const sessionCode = "PL0410"

var unknownCount = &diag.Code{
	ID: "PL0411", Title: "ROW_COUNT() of a statement whose rows are not counted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "ROW_COUNT() tells how many rows the statement right before it changed. The converter counts INSERT, UPDATE and DELETE; the source counts REPLACE and ON DUPLICATE KEY UPDATE in its own way, and rows that an UPDATE left as they were are none.",
	Next:  "Count with a query of its own, or read the command tag in the program.",
	Learn: 0.2, Each: 0.3,
}

// Session is PL0410.
func Session() *rewrite.Rule {
	return &rewrite.Rule{
		Code: sessionCode, Name: "affected-rows",
		Doc: `ROW_COUNT() at the top level (MySQL Reference Manual, "Information Functions"): the rows that the statement before changed, -1 behind a
query and behind an error, 0 behind a definition. A statement whose rows the next one asks for keeps their number in a variable of the session. An UPDATE leaves out rows that it would not change, as
only changed rows count.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (id INT PRIMARY KEY, v INT);", Source: "DELETE FROM t;\nSELECT ROW_COUNT() AS n;",
			Target: "SELECT godwit_mysql.var_set('@row_count', '-1');\nWITH changed AS (DELETE FROM t RETURNING 1) SELECT godwit_mysql.var_set('@changed', count(*)::text) FROM changed;\nSELECT godwit_mysql.var_set('@row_count', godwit_mysql.var_get('@changed'));\nSELECT godwit_mysql.var_get('@row_count')::bigint AS n;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unknownCount},
		After: map[string]string{
			"assignment-order": "values of an UPDATE refer to the old row",
			"auto-increment":   "rows are as the target inserts them",
			"insert-ignore":    "it makes the target's form of the statement",
			"on-duplicate-key": "as above",
			"replace":          "as above",
			"joined-update":    "as above",
			"limited-change":   "a limit counts rows that stay as they are as well",
			"self-references":  "it takes rows apart",
		},
		Needed:  func(p *rewrite.Pass) bool { return p.Session.InOrder },
		Prepare: noted,
		Run:     session,
	}
}

// count is the key of the session's state: a number, kept, or "" when it is not known.
const count, kept = "rowcount.last", "kept"

func session(p *rewrite.Pass) {
	before, known := p.Session.State[count].(string)
	if !known {
		before = "0"
	}
	if len(p.Unit.Stmts) == 0 || !p.Session.InOrder {
		return
	}
	read := false
	for _, s := range p.Unit.Stmts {
		read = read || !isRoutine(s) && reads(s, op.RowCount)
	}
	after := next(p)
	if of, _ := p.Session.Values[diagnostics].(map[*ir.Unit]bool); of[p.Unit] {
		after = before
	}
	p.Session.State[count] = after
	if read {
		replaceReads(p, before)
	}
	if !p.Refused() && after != "" && after != "-1" && Asked(p) && fails(p.Unit.Stmts) {
		p.Session.State[count] = kept
		failed(p, after)
	}
}

// diagnostics is the key of the session's values of the units that are GET DIAGNOSTICS, behind which the count is as before.
const diagnostics = "rowcount.diagnostics"

// noted keeps which units are GET DIAGNOSTICS before other rules change them.
func noted(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		n, ok := s.(*ir.SetVar)
		if !ok || !n.Diagnostics {
			continue
		}
		of, _ := p.Session.Values[diagnostics].(map[*ir.Unit]bool)
		if of == nil {
			of = map[*ir.Unit]bool{}
			p.Session.Values[diagnostics] = of
		}
		of[p.Unit] = true
	}
}

// fails tells that a statement may end with an error.
func fails(list []ir.Stmt) bool {
	for _, s := range list {
		switch n := s.(type) {
		case *ir.RawStmt, *ir.CommentStmt, *ir.Nothing:
			continue
		case *ir.Perform:
			if n.Query == nil && control.OfExpr(n.Expr)&^control.Data == 0 {
				continue
			}
			return true
		}
		if control.OfStmt(s) != 0 {
			return true
		}
	}
	return false
}

// failed keeps -1 in front of the statements, which is the count when they fail; a count that is known is kept behind them.
func failed(p *rewrite.Pass, after string) {
	set := func(n ir.Expr, at ir.Stmt) ir.Stmt {
		h := p.Helper("var_set", nil, control.Text("@row_count"), n)
		h.Type = types.Text{}
		x := &ir.Perform{Expr: h}
		x.Span = at.Base().Span
		x.Made(sessionCode)
		return x
	}
	list := p.Unit.Stmts
	first, last := set(control.Text("-1"), list[0]), list[len(list)-1]
	first.Base().Lead, list[0].Base().Lead = list[0].Base().Lead, nil
	p.Unit.Stmts = append([]ir.Stmt{first}, list...)
	var n ir.Expr = control.Text(after)
	if after == kept {
		// Keys are checked behind the statement: its own count does not stand before that.
		h := p.Helper("var_get", nil, control.Text("@changed"))
		h.Type = types.Text{}
		n = h
	}
	p.Unit.Stmts = append(p.Unit.Stmts, set(n, last))
}

func isRoutine(s ir.Stmt) bool {
	_, block := s.(*ir.Block)
	return control.IsProgram(s) && !block
}

func replaceReads(p *rewrite.Pass, before string) {
	if before == "" {
		rewrite.Refuse(p, unknownCount, p.Unit.Span, "ROW_COUNT() behind a statement whose rows are not counted")
		return
	}
	p.Exprs(func(e ir.Expr) ir.Expr {
		c, ok := e.(*ir.Call)
		if !ok || c.Op != op.RowCount {
			return e
		}
		if before != kept {
			n := number(before)
			n.Base().Span = c.Span
			return n
		}
		h := p.Helper("var_get", c, control.Text("@row_count"))
		h.Type = types.Text{}
		x := &ir.Cast{X: h, To: types.Int{Bits: 64}, Target: true}
		x.Span, x.Type = c.Span, types.Int{Bits: 64}
		return x
	})
}

func number(text string) ir.Expr {
	if text[0] != '-' {
		return control.Int(text)
	}
	u := &ir.Unary{Op: ir.Neg, X: control.Int(text[1:])}
	u.Type = types.Int{Bits: 64}
	return u
}

// next is what ROW_COUNT() gives behind the unit. The statement keeps its rows' number only where the next one asks.
func next(p *rewrite.Pass) string {
	var change ir.Stmt
	at, counted := -1, false
	for i, s := range p.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete:
			if change != nil {
				return ""
			}
			change, at = s, i
		case *ir.QueryStmt:
			if len(control.Into(n.Query)) > 0 {
				return ""
			}
			return "-1"
		case *ir.Block:
			if !madeHere(n) || !Asked(p) || !countBlock(p, n) {
				return ""
			}
			counted = true
		case *ir.CallProc, *ir.Execute, *ir.Unsupported, *ir.Prepare:
			return ""
		}
	}
	switch {
	case counted && change != nil:
		return ""
	case counted:
		return kept
	case change == nil:
		return "0"
	}
	if i, ok := change.(*ir.Insert); ok {
		if v, ok := i.Source.(*ir.Values); ok && i.Conflict == nil && i.With == nil && !i.Replace {
			return strconv.Itoa(len(v.Rows))
		}
	}
	if !Asked(p) {
		return ""
	}
	if u, ok := change.(*ir.Update); ok && triggered(p, u) && len(u.Returning) == 0 {
		if n := Changes(p, u); n != nil {
			p.Unit.Stmts[at] = keepAs(p, change, n)
			return kept
		}
	}
	if !countable(p, change) {
		return ""
	}
	if i, ok := change.(*ir.Insert); ok && i.Table.Table != nil && tree.AutoIncrement(i.Table.Table) != nil && lastinsertid.Read(p.Session) {
		b := &ir.Block{Body: []ir.Stmt{i}} // the rule about LAST_INSERT_ID() finds the statement in it
		b.Span, b.Lead, b.Trail = i.Span, i.Lead, i.Trail
		b.Made("QY0013")
		i.Lead, i.Trail = nil, nil
		if !countBlock(p, b) {
			return ""
		}
		p.Unit.Stmts[at] = b
		return kept
	}
	p.Unit.Stmts[at] = keep(p, change)
	return kept
}

// Asked tells that the next statement of the script reads ROW_COUNT().
func Asked(p *rewrite.Pass) bool {
	k := p.Session.At + 1
	if k >= len(p.Session.Script) {
		return false
	}
	for _, s := range p.Session.Script[k].Stmts {
		if !isRoutine(s) && reads(s, op.RowCount) {
			return true
		}
	}
	return false
}

func countable(p *rewrite.Pass, s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.Insert:
		return !n.Replace && len(n.OnDuplicate) == 0 && len(n.Returning) == 0 && (n.Conflict == nil || n.Conflict.Nothing) && n.With == nil
	case *ir.Delete:
		return len(n.Targets) == 0 && len(n.Returning) == 0 && countableWith(p, n.With)
	case *ir.Update:
		return len(n.Returning) == 0 && countableWith(p, n.With) && ChangedOnly(p, n)
	}
	return false
}

// countableWith tells that the rows of the changes among common table expressions can be counted as well.
func countableWith(p *rewrite.Pass, w *ir.With) bool {
	if w == nil || onlyReads(w) {
		return true
	}
	for _, c := range w.CTEs {
		switch s := c.Stmt.(type) {
		case nil:
			if !onlyReads(&ir.With{CTEs: []*ir.CTE{c}}) {
				return false
			}
		case *ir.Delete:
			if len(s.Returning) == 0 || !onlyReads(s.With) {
				return false
			}
		case *ir.Update:
			if len(s.Returning) == 0 || !onlyReads(s.With) || !ChangedOnly(p, s) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// madeHere tells a block that a rule made of one statement that changes rows.
func madeHere(b *ir.Block) bool {
	for _, code := range b.Origin {
		if strings.HasPrefix(code, "QY") {
			return true
		}
	}
	return false
}

// countBlock lets a block count the rows that its statements change; an updated row of an upsert counts twice.
func countBlock(p *rewrite.Pass, b *ir.Block) bool {
	name := func(n string) *ir.VarDecl {
		d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(b, n)}, Type: types.Int{Bits: 64}}
		d.Span = b.Span
		d.Made(sessionCode)
		return d
	}
	sum, part := name("changed"), name("part")
	sum.Default = control.Int("0")
	ok, some := true, false
	var done []func()
	control.Lists(&b.Body, func(list *[]ir.Stmt) {
		var out []ir.Stmt
		for _, s := range *list {
			if d, tries := s.(*ir.Delete); tries && slices.Contains(d.Origin, "QY0015") {
				// DELETE IGNORE counts the rows that it tries to delete
				add := &ir.Binary{Op: ir.Add, L: control.Var(sum), R: control.Int("1")}
				add.Type, add.Span = types.Int{Bits: 64}, d.Span
				one := control.Set(control.Var(sum), add)
				one.Base().Span = d.Span
				out, some = append(out, one, s), true
				continue
			}
			out = append(out, s)
			twice := false
			var before ir.Expr
			switch n := s.(type) {
			case *ir.Insert:
				ok = ok && n.With == nil && len(n.Returning) == 0 && (n.Conflict == nil || n.Conflict.Nothing)
			case *ir.Delete:
				ok = ok && len(n.Returning) == 0 && onlyReads(n.With)
			case *ir.Update:
				if before = Changes(p, n); before == nil || !triggered(p, n) {
					before, ok = nil, ok && onlyReads(n.With) && ChangedOnly(p, n)
				}
				ok = ok && len(n.Returning) == 0
				for _, code := range n.Origin {
					twice = twice || code == "QY0017"
				}
			default:
				continue
			}
			some = true
			item := &ir.DiagItem{Target: control.Var(part), Name: "ROW_COUNT"}
			item.Span = s.Base().Span
			get := &ir.GetDiagnostics{Items: []*ir.DiagItem{item}}
			get.Span = s.Base().Span
			if before != nil { // in front of the statement
				count := control.Set(control.Var(part), before)
				count.Base().Span = s.Base().Span
				out = append(out[:len(out)-1], count, s)
			} else {
				out = append(out, get)
			}
			var more ir.Expr = control.Var(part)
			if twice {
				x := &ir.Binary{Op: ir.Mul, L: control.Int("2"), R: more}
				x.Type = types.Int{Bits: 64}
				more = x
			}
			add := &ir.Binary{Op: ir.Add, L: control.Var(sum), R: more}
			add.Type, add.Span = types.Int{Bits: 64}, s.Base().Span
			set := control.Set(control.Var(sum), add)
			set.Base().Span = s.Base().Span
			out = append(out, set)
		}
		done = append(done, func() { *list = out })
	})
	if !ok || !some {
		return false
	}
	for _, f := range done {
		f()
	}
	text := &ir.Cast{X: control.Var(sum), To: types.Text{}, Target: true}
	text.Type = types.Text{}
	h := p.Helper("var_set", nil, control.Text("@changed"), text)
	h.Type = types.Text{}
	last := &ir.Perform{Expr: h}
	last.Span = b.Span
	b.Decls = append(b.Decls, sum, part)
	b.Body = append(b.Body, last)
	return true
}

// onlyReads tells that the common table expressions of a change are queries, which may stand inside another WITH.
func onlyReads(w *ir.With) bool {
	return w == nil || !ir.Find(w, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete:
			return true
		}
		return false
	})
}

// ChangedOnly leaves out the rows of an UPDATE that would stay as they are; false if that cannot be told of a column, or if
// a trigger would miss those rows.
func ChangedOnly(p *rewrite.Pass, u *ir.Update) bool {
	t := one(u)
	if t == nil || triggers.On(p, t.Name, "update") {
		return false
	}
	any := differs(u)
	if any == nil {
		return false
	}
	if u.Where == nil {
		u.Where = any
		return true
	}
	u.Where = tree.And(u.Where, any)
	return true
}

// Changes is how many rows an UPDATE with triggers is about to change, which have to run for those that stay as they are as well; nil if it cannot
// be told. A trigger may set columns itself.
func Changes(p *rewrite.Pass, u *ir.Update) ir.Expr {
	t := one(u)
	if t == nil || u.With != nil || u.Where != nil && ir.Find(u.Where, unstable) {
		return nil
	}
	if sets, _ := triggers.Sets(p, t.Name, "update"); len(sets) > 0 {
		return nil
	}
	any := differs(u)
	if any == nil {
		return nil
	}
	if u.Where != nil {
		any = tree.And(ir.Clone(u.Where), any)
	}
	if len(u.From) > 0 { // a row that several rows join is changed once
		var from []ir.TableExpr
		for _, f := range u.From {
			from = append(from, ir.Clone(f))
		}
		e := &ir.Exists{Query: tree.Select([]*ir.SelectItem{tree.Item(tree.Int("1"), "")}, from, any)}
		e.Type, e.Span = types.Bool{}, u.Span
		any = e
	}
	q := tree.Select([]*ir.SelectItem{tree.Item(tree.CountStar(), "")}, []ir.TableExpr{ir.Clone(u.Tables[0])}, any)
	x := tree.Scalar(q, types.Int{Bits: 64})
	x.Base().Span = u.Span
	return x
}

// one is the table of an UPDATE whose values all refer to the old row.
func one(u *ir.Update) *ir.TableRef {
	if len(u.Tables) != 1 || u.Order == ir.LeftToRight && len(u.Sets) > 1 || u.WhereCurrentOf != "" {
		return nil
	}
	t, _ := u.Tables[0].(*ir.TableRef)
	return t
}

// differs tells that a row would be another; nil if that cannot be told of a column.
func differs(u *ir.Update) ir.Expr {
	var list []ir.Expr
	for _, a := range u.Sets {
		d := distinct(a)
		if d == nil {
			return nil
		}
		list = append(list, d)
	}
	return tree.Or(list...)
}

// distinct is NOT (column IS NOT DISTINCT FROM value), byte by byte for text.
func distinct(a *ir.Assign) ir.Expr {
	if ir.Find(a.Value, unstable) {
		return nil
	}
	var l, r ir.Expr = ir.Clone(a.Column), ir.Clone(a.Value)
	switch a.Column.TypeOf().(type) {
	case types.Int, types.Decimal, types.Date, types.Time, types.DateTime, types.Timestamp, types.Year, types.Float, types.Binary, types.Enum, types.Bit:
	case types.Text, types.Set:
		l, r = bytewise(l), bytewise(r)
	default:
		return nil
	}
	c := &ir.Compare{Op: ir.NullSafeEq, L: l, R: r}
	c.Type, c.Span = types.Bool{}, a.Span
	return control.Negate(c)
}

func bytewise(e ir.Expr) ir.Expr {
	c := &ir.Collate{X: e, Name: ir.Qualified("", "C")}
	c.Type, c.Span = e.TypeOf(), e.Base().Span
	return c
}

// unstable tells that a value may differ from one evaluation to the next, or has an effect.
func unstable(n ir.Node) bool {
	switch x := n.(type) {
	case *ir.RoutineCall, *ir.UserVar, *ir.AssignExpr, *ir.NextValue, *ir.Default:
		return true
	case *ir.Call:
		i := op.Lookup(x.Op)
		return i == nil || i.Volatility == op.Volatile
	case *ir.TargetCall:
		return x.Name == "random" || x.Name == "clock_timestamp" || x.Name == "nextval"
	case *ir.HelperCall:
		return x.Name == "var_set" || x.Name == "set_last_insert_id"
	}
	return false
}

// triggered tells that an UPDATE of one table runs triggers.
func triggered(p *rewrite.Pass, u *ir.Update) bool {
	t := one(u)
	return t != nil && triggers.On(p, t.Name, "update")
}

// keepAs is WITH changed AS (... RETURNING 1) SELECT var_set('@changed', n::text): n is of the rows as they are before.
func keepAs(p *rewrite.Pass, s ir.Stmt, n ir.Expr) ir.Stmt {
	text := &ir.Cast{X: n, To: types.Text{}, Target: true}
	text.Type = types.Text{}
	h := p.Helper("var_set", nil, control.Text("@changed"), text)
	h.Type = types.Text{}
	q := tree.Select([]*ir.SelectItem{tree.Item(h, "")}, nil, nil)
	return performed(s, q, nil)
}

// performed runs a change beside the query that counts it.
func performed(s ir.Stmt, q *ir.Select, with []*ir.CTE) ir.Stmt {
	lead := s.Base().Lead
	s.Base().Lead = nil
	q.With = &ir.With{CTEs: append(with, tree.Changing("changed", s))}
	q.Span = s.Base().Span
	x := &ir.Perform{Query: q}
	x.Span, x.Lead = s.Base().Span, lead
	x.Made(sessionCode)
	return x
}

// keep is WITH changed AS (... RETURNING 1) SELECT var_set('@row_count', count(*)::text).
func keep(p *rewrite.Pass, s ir.Stmt) ir.Stmt {
	with, parts := before(s)
	var rows ir.Expr = tree.CountStar()
	for _, name := range parts {
		count := tree.Scalar(tree.Select([]*ir.SelectItem{tree.Item(tree.CountStar(), "")}, []ir.TableExpr{tree.CTERef(name)}, nil), types.Int{Bits: 64})
		sum := &ir.Binary{Op: ir.Add, L: rows, R: count}
		sum.Type = types.Int{Bits: 64}
		rows = sum
	}
	n := &ir.Cast{X: rows, To: types.Text{}, Target: true}
	n.Type = types.Text{}
	h := p.Helper("var_set", nil, control.Text("@changed"), n)
	h.Type = types.Text{}
	q := tree.Select([]*ir.SelectItem{tree.Item(h, "")}, []ir.TableExpr{tree.CTERef("changed")}, nil)
	return performed(s, q, with)
}

// before takes the common table expressions off a statement whose changes have to stand beside it; parts are the names of those that change rows.
func before(s ir.Stmt) (with []*ir.CTE, parts []string) {
	var w **ir.With
	switch n := s.(type) {
	case *ir.Delete:
		w = &n.With
	case *ir.Update:
		w = &n.With
	default:
		return nil, nil
	}
	if *w == nil || onlyReads(*w) {
		return nil, nil
	}
	with = (*w).CTEs
	*w = nil
	for _, c := range with {
		if c.Stmt != nil {
			parts = append(parts, c.Name.Text)
		}
	}
	return with, parts
}
