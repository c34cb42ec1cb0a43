// Package lastinsertid holds the rule for LAST_INSERT_ID().
package lastinsertid

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "SE0120"

var (
	unclear = &diag.Code{
		ID: "SE0121", Title: "LAST_INSERT_ID() of a statement that is not clear", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Statements keep the number that they generate where the script or the routine reads it. This one generates a number on some rows or paths only, stands in a called routine or in another place where the number cannot be kept.",
		Next:  "Take the number with INSERT ... RETURNING on the target.",
		Learn: 0.3, Each: 0.3,
	}
	concurrent = &diag.Code{
		ID: "SE0122", Title: "The first of several generated numbers", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "LAST_INSERT_ID() is the smallest number that the statement generated. It is assumed that nobody counts on the numbers of one statement being without gaps.",
		Next: "Use RETURNING to get all numbers.",
	}
)

// Rule is SE0120.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "last-insert-id",
		Doc: `LAST_INSERT_ID() is the first number that the last INSERT of the session generated, LAST_INSERT_ID(x) sets it (MySQL Reference Manual,
"Information Functions"). lastval() of the target also counts numbers that triggers and failed statements took, and gives the last of several.
So an INSERT that generates numbers keeps the first with the helper set_last_insert_id, where the script or routine reads LAST_INSERT_ID() at all. A function gives its caller's number back at its end.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT);", Source: "INSERT INTO t (v) VALUES (1);\nSELECT LAST_INSERT_ID() AS n;",
				Target: "INSERT INTO t (v) VALUES (1) RETURNING godwit_mysql.set_last_insert_id(id);\nSELECT godwit_mysql.last_insert_id() AS n;"},
			{Setup: "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT);", Source: "INSERT INTO t (v) VALUES (1);", Target: "INSERT INTO t (v) VALUES (1);"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, concurrent},
		After: map[string]string{
			"auto-increment":   "it tells which rows take a number",
			"insert-ignore":    "it makes the target's form of the statement",
			"on-duplicate-key": "as above",
			"replace":          "as above",
			"self-references":  "as above",
			"session":          "it reads @@last_insert_id",
			"row-count":        "it counts the rows of the statement as it stands",
			"affected-rows":    "as above",
			"handlers":         "it looks at statements as they were written",
		},
		Prepare: prepare,
		Looks:   ir.Kinds(ir.KindCall, ir.KindSysVar, ir.KindCallProc, ir.KindInsert, ir.KindRoutine),
		Run:     run,
	}
}

// Keys: the routines that keep their numbers, and whether a call has left the session's number unclear.
const (
	keeps = "lastinsertid.keeps"
	lost  = "lastinsertid.lost"
)

func keeping(p *rewrite.Pass) map[*catalog.Routine]bool {
	m, _ := p.Session.Values[keeps].(map[*catalog.Routine]bool)
	if m == nil {
		m = map[*catalog.Routine]bool{}
		p.Session.Values[keeps] = m
	}
	return m
}

// calls is what Prepare keeps of who calls whom; nil is the script itself.
type calls struct {
	of      map[*catalog.Routine][]*catalog.Routine
	readers []*catalog.Routine
	// needed are the routines that a reader calls, itself or through others; nil until it is asked for.
	needed map[*catalog.Routine]bool
	// lines are those of the last statement of each script that reads the number outside of routines.
	lines map[string]int
}

// Keys: who calls whom, and the routines of this conversion, whose text can still be made to keep numbers.
const callsKey, currentKey = "lastinsertid.calls", "lastinsertid.current"

func callsOf(p *rewrite.Pass) *calls {
	c, _ := p.Session.Values[callsKey].(*calls)
	if c == nil {
		c = &calls{of: map[*catalog.Routine][]*catalog.Routine{}, lines: map[string]int{}}
		p.Session.Values[callsKey] = c
	}
	return c
}

func current(p *rewrite.Pass) map[*catalog.Routine]bool {
	m, _ := p.Session.State[currentKey].(map[*catalog.Routine]bool)
	if m == nil {
		m = map[*catalog.Routine]bool{}
		p.Session.State[currentKey] = m
	}
	return m
}

func prepare(p *rewrite.Pass) {
	c := callsOf(p)
	for _, s := range p.Unit.Stmts {
		var object *catalog.Routine
		if r, ok := s.(*ir.Routine); ok && r.Object != nil {
			object = r.Object
			current(p)[object] = true
			if reads(r) || p.Session.InOrder && calledByReaders(p.Session)[strings.ToLower(object.Name)] {
				keeping(p)[object] = true
			}
		} else if control.IsProgram(s) && !isBlock(s) {
			continue
		}
		if reads(s) {
			c.readers = append(c.readers, object)
			if at := p.Unit.Span; object == nil && at.IsValid() {
				c.lines[at.File.Name] = max(c.lines[at.File.Name], at.Line())
			}
		}
		c.needed = nil
		ir.Walk(s, func(n ir.Node) bool {
			if x, ok := n.(*ir.CallProc); ok && x.Routine != nil {
				c.of[object] = append(c.of[object], x.Routine)
			}
			return true
		})
	}
}

// calledWord finds the name behind CALL.
var calledWord = regexp.MustCompile("(?i)\\bcall\\s+(?:`?\\w+`?\\s*\\.\\s*)?`?(\\w+)")

// calledByReaders are the names, in lower case, of the procedures that routines of the script call which read the number, and that the script
// itself calls if it does.
func calledByReaders(s *rewrite.Session) map[string]bool {
	type named struct {
		script []*ir.Unit
		names  map[string]bool
	}
	const key = "lastinsertid.called"
	if x, ok := s.Values[key].(named); ok && len(x.script) == len(s.Script) && (len(s.Script) == 0 || x.script[0] == s.Script[0]) {
		return x.names
	}
	x := named{s.Script, map[string]bool{}}
	var top []string
	reads := false
	for _, u := range s.Script {
		text := u.Span.Text()
		routine := false
		for _, n := range u.Stmts {
			routine = routine || control.IsProgram(n)
		}
		for _, m := range calledWord.FindAllStringSubmatch(text, -1) {
			switch name := strings.ToLower(m[1]); {
			case !routine:
				top = append(top, name)
			case mentions(text):
				x.names[name] = true
			}
		}
		reads = reads || !routine && mentions(text)
	}
	for _, name := range top {
		if reads {
			x.names[name] = true
		}
	}
	s.Values[key] = x
	return x.names
}

// keepsFor tells that a routine keeps its numbers: it reads one, or it is called where one is read afterwards.
func keepsFor(p *rewrite.Pass, o *catalog.Routine) bool {
	if keeping(p)[o] || p.Session.InOrder {
		return keeping(p)[o]
	}
	c := callsOf(p)
	if c.needed == nil {
		c.needed = map[*catalog.Routine]bool{}
		todo := append([]*catalog.Routine(nil), c.readers...)
		for len(todo) > 0 {
			r := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, x := range c.of[r] {
				if !c.needed[x] {
					c.needed[x] = true
					todo = append(todo, x)
				}
			}
		}
	}
	return c.needed[o] && current(p)[o]
}

func isCall(n ir.Node) bool {
	switch x := n.(type) {
	case *ir.Call:
		return x.Op == op.LastInsertID
	case *ir.SysVar:
		return x.Name == "last_insert_id" || x.Name == "identity"
	}
	return false
}

func reads(n ir.Node) bool { return ir.Find(n, isCall) }

type pass struct {
	*rewrite.Pass
	keep    bool
	program ir.Stmt // the routine around, nil at the top level
	inner   bool    // in a function or trigger: the caller's number comes back behind it
	vars    *ir.VarDecl
	more    []ir.Decl // variables of the function that gives the caller's number back
}

func run(p *rewrite.Pass) {
	r := &pass{Pass: p}
	if len(p.Unit.Stmts) == 0 {
		return
	}
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		r.program, r.inner, r.vars, r.more = nil, false, nil, nil
		if control.IsProgram(s) {
			r.program = s
		}
		r.keep = r.wanted(s)
		r.inner = isInner(s)
		f, function := s.(*ir.Routine)
		if r.inner && !function && r.keep && inserts(s) {
			rewrite.Refuse(p, unclear, s.Base().Span, "LAST_INSERT_ID() in a trigger that inserts")
			return
		}
		r.follow(s)
		if b, ok := madeBlock(s); ok && r.keep {
			r.block(b)
			if p.Refused() {
				return
			}
			out = append(out, s)
			continue
		}
		if r.keep && splits(s) {
			rewrite.Refuse(p, unclear, s.Base().Span, "rows that are inserted one by one: LAST_INSERT_ID() is the first of their numbers")
			return
		}
		if r.inner && function && r.keep && (inserts(s) || ir.Find(s, sets)) {
			r.giveBack(f)
		}
		if r.keep && (!r.inner || function) {
			s = ir.Map(s, r.insert)
		}
		if p.Refused() {
			return
		}
		r.declare()
		if sp, ok := s.(*ir.Splice); ok {
			out = append(out, sp.Stmts...)
			continue
		}
		out = append(out, s)
	}
	p.Unit.Stmts = out
	p.Exprs(r.read)
}

func inserts(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool { _, ok := n.(*ir.Insert); return ok })
}

// sets tells LAST_INSERT_ID(x).
func sets(n ir.Node) bool {
	c, ok := n.(*ir.Call)
	return ok && c.Op == op.LastInsertID && len(c.Args) > 0
}

// giveBack lets a function end with the number that it began with, as on the source.
func (r *pass) giveBack(f *ir.Routine) {
	old := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(f, "callers_id")}, Type: types.Int{Bits: 64}}
	old.Default = &ir.Call{Op: op.LastInsertID, Name: "LAST_INSERT_ID"}
	old.Default.SetType(types.Int{Bits: 64})
	result := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(f, "result")}, Type: f.Returns}
	for _, d := range []*ir.VarDecl{old, result} {
		d.Span = f.Span
		d.Made(code)
	}
	r.more = []ir.Decl{old}
	back := func() ir.Stmt {
		h := r.Helper("set_last_insert_id", nil, control.Var(old))
		h.Type = types.Int{Bits: 64}
		return &ir.Perform{Expr: h}
	}
	body := ir.Map[ir.Node](f.Body, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.Return)
		if !ok {
			return n
		}
		if build.IsConstant(x.Value) || isVariable(x.Value) {
			return control.Take(code, x, back(), x)
		}
		if len(r.more) == 1 {
			r.more = append(r.more, result)
		}
		keep := control.Set(control.Var(result), x.Value)
		x.Value = control.Var(result)
		return control.Take(code, x, keep, back(), x)
	})
	switch b := body.(type) {
	case *ir.Splice:
		f.Body = &ir.Block{Body: b.Stmts}
		f.Body.Base().Span = f.Span
	case ir.Stmt:
		f.Body = b
	}
}

func isVariable(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	return ok && control.Target(n) != nil
}

// splits tells that rows of one statement of the source are inserted by several.
func splits(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return false
		}
		inserts := 0
		for _, x := range b.Body {
			if i, ok := x.(*ir.Insert); ok && i.Table.Table != nil && counter(i.Table.Table) != nil {
				inserts++
			}
		}
		for _, code := range b.Origin {
			if inserts > 1 && strings.HasPrefix(code, "QY") {
				return true
			}
		}
		return false
	})
}

func isInner(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.Routine:
		return n.Kind == catalog.Function
	case *ir.CreateTrigger:
		return true
	}
	return false
}

// wanted tells that numbers have to be kept: in a routine that reads them, or in a session that reads them later.
func (r *pass) wanted(s ir.Stmt) bool {
	if r.program != nil && !isBlock(s) {
		f, ok := s.(*ir.Routine)
		return reads(s) || ok && f.Object != nil && keepsFor(r.Pass, f.Object)
	}
	if !r.Session.InOrder {
		at := r.Unit.Span
		return at.IsValid() && at.Line() <= callsOf(r.Pass).lines[at.File.Name]
	}
	return r.Session.At <= lastReader(r.Session)
}

// Read tells that the statement stands before the last one of the script that reads the number.
func Read(s *rewrite.Session) bool { return s.InOrder && s.At <= lastReader(s) }

// last is the key of the place of the last unit of a script that reads the number.
const last = "lastinsertid.last"

type place struct {
	script []*ir.Unit
	at     int
}

// lastReader is the place of the last unit of the script that reads the number, -1 if none does.
func lastReader(s *rewrite.Session) int {
	if p, ok := s.Values[last].(place); ok && len(p.script) == len(s.Script) && len(s.Script) > 0 && &p.script[0] == &s.Script[0] {
		return p.at
	}
	at := len(s.Script) - 1
	for at >= 0 && !mentions(s.Script[at].Span.Text()) {
		at--
	}
	s.Values[last] = place{s.Script, at}
	return at
}

func mentions(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "last_insert_id") || strings.Contains(text, "@@identity")
}

func isBlock(s ir.Stmt) bool { _, ok := s.(*ir.Block); return ok }

// follow notes statements that change the number without keeping it.
func (r *pass) follow(s ir.Stmt) {
	if r.program != nil && !isBlock(s) {
		r.callees(s)
		return
	}
	if bad := r.foreignWrite(s); bad != nil {
		r.Session.State[lost] = true
	}
	if isLost, _ := r.Session.State[lost].(bool); isLost && reads(s) {
		rewrite.Refuse(r.Pass, unclear, s.Base().Span, "LAST_INSERT_ID() behind a CALL of a procedure that may have generated a number")
	}
}

// foreignWrite is a call of a procedure that writes and does not keep its numbers.
func (r *pass) foreignWrite(s ir.Node) *ir.CallProc {
	var found *ir.CallProc
	ir.Walk(s, func(n ir.Node) bool {
		if c, ok := n.(*ir.CallProc); ok && found == nil {
			if c.Routine == nil || c.Routine.Facts.Writes && !keepsFor(r.Pass, c.Routine) {
				found = c
			}
		}
		return true
	})
	return found
}

func (r *pass) callees(s ir.Stmt) {
	if !r.keep {
		return
	}
	if c := r.foreignWrite(s); c != nil {
		rewrite.Refuse(r.Pass, unclear, c.Span, "%s may generate a number, and the routine reads LAST_INSERT_ID()", c.Name)
	}
}

// generated tells which rows of the statement take a number: all, none, or some.
type generated int

const (
	none generated = iota
	all
	some
)

func numbers(i *ir.Insert, c *catalog.Column) generated {
	at := -1
	if i.Columns == nil {
		k := 0
		for _, o := range i.Table.Table.Columns {
			if o == c {
				at = k
			}
			if !o.Invisible {
				k++
			}
		}
	}
	for k, n := range i.Columns {
		if x, ok := n.Ref.(*ir.ColumnRef); ok && x.Column == c {
			at = k
		}
	}
	if at < 0 || i.Source == nil {
		return all
	}
	if q, ok := i.Source.(*ir.Select); ok && at < len(q.Items) {
		switch q.Items[at].Expr.(type) {
		case *ir.Star, *ir.TargetCall:
			return some
		}
		for _, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); star {
				return some
			}
		}
		return none
	}
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return some
	}
	n := 0
	for _, row := range v.Rows {
		if at >= len(row.Items) || tree.IsDefault(row.Items[at]) {
			n++
			continue
		}
		if _, computed := row.Items[at].(*ir.TargetCall); computed {
			return some
		}
	}
	switch n {
	case 0:
		return none
	case len(v.Rows):
		return all
	}
	return some
}

// counter is the column of a table or view that takes generated numbers, nil if there is none: a view that does not show the column leaves the number of the session.
func counter(t *catalog.Table) *catalog.Column {
	if t.Base == nil || len(t.Of) != len(t.Columns) {
		return tree.AutoIncrement(t)
	}
	of := tree.AutoIncrement(t.Base)
	for i, name := range t.Of {
		if of != nil && strings.EqualFold(name, of.Name) {
			return t.Columns[i]
		}
	}
	return nil
}

// insert keeps the number.
func (r *pass) insert(n ir.Node) ir.Node {
	i, ok := n.(*ir.Insert)
	if !ok || i.Table == nil || i.Table.Table == nil || r.Refused() {
		return n
	}
	c := counter(i.Table.Table)
	if c == nil {
		return n
	}
	g := numbers(i, c)
	if g == none {
		return n
	}
	updates := i.Conflict != nil && len(i.Conflict.Sets) > 0
	v, _ := i.Source.(*ir.Values)
	single := i.Source == nil || v != nil && len(v.Rows) == 1
	if g == some || updates && !(single && reads(i.Conflict)) || len(i.Returning) > 0 {
		rewrite.Refuse(r.Pass, unclear, i.Span, "this statement takes a number for some rows or paths only, or returns rows")
		return n
	}
	if r.program == nil && (r.late(i) || misfits(i)) {
		if b := r.rowByRow(i); b != nil {
			return b
		}
	}
	if !single && r.program == nil && mayFail(i, c) && i.With == nil {
		r.Report(concurrent, i.Span, "LAST_INSERT_ID() is the first of the numbers that are generated")
		i.Returning = []*ir.SelectItem{r.item(r.Helper("first_insert_id", nil, tree.Column(i.Table.Table, c, nil, "")))}
		i.Rows = false
		i.Made(code)
		return i
	}
	if single && r.program == nil {
		i.Returning = []*ir.SelectItem{r.item(r.Helper("set_last_insert_id", nil, tree.Column(i.Table.Table, c, nil, "")))}
		i.Rows = false
		i.Made(code)
		return i
	}
	if single {
		// The statement stays what FOUND and the count of rows behind it are about.
		i.Returning = []*ir.SelectItem{r.item(r.Helper("set_last_insert_id", nil, tree.Column(i.Table.Table, c, nil, "")))}
		i.Into = []ir.Expr{r.number(i)}
		i.Made(code)
		return i
	}
	if r.program != nil && countsRows(r.program) {
		rewrite.Refuse(r.Pass, unclear, i.Span, "the routine reads both ROW_COUNT() and LAST_INSERT_ID()")
		return n
	}
	r.Report(concurrent, i.Span, "LAST_INSERT_ID() is the first of the numbers that are generated")
	return r.through(i, c)
}

// number is the variable of the routine that takes the number.
func (r *pass) number(i *ir.Insert) ir.Expr {
	if r.vars == nil {
		r.vars = &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.program, "last_id")}, Type: types.Int{Bits: 64}}
		r.vars.Span = i.Span
		r.vars.Made(code)
	}
	return control.Var(r.vars)
}

// countsRows tells that the routine asks how many rows a statement changed: keeping the number makes that one.
func countsRows(s ir.Node) bool {
	return ir.Find(s, func(n ir.Node) bool { _, ok := n.(*ir.GetDiagnostics); return ok })
}

func (r *pass) item(e ir.Expr) *ir.SelectItem {
	e.SetType(types.Int{Bits: 64})
	return tree.Item(e, "")
}

// through is WITH inserted AS (INSERT ... RETURNING id) SELECT set_last_insert_id(min(id)).
func (r *pass) through(i *ir.Insert, c *catalog.Column) ir.Node {
	name := c.Target
	if name == "" {
		name = strings.ToLower(c.Name)
	}
	w := &ir.With{}
	if i.With != nil {
		w = i.With
		i.With = nil
	}
	lead := i.Lead
	i.Lead = nil
	w.CTEs = append(w.CTEs, tree.Changing("inserted", i))
	i.Returning = []*ir.SelectItem{tree.Item(tree.Column(i.Table.Table, c, nil, ""), "")}
	least := &ir.Aggregate{Op: op.Min, Name: "MIN", TargetName: "min", Args: []ir.Expr{tree.Output("", name, c.Type)}}
	least.Type = c.Type
	q := tree.Select([]*ir.SelectItem{r.item(r.Helper("set_last_insert_id", nil, least))}, []ir.TableExpr{tree.CTERef("inserted")}, nil)
	q.With = w
	q.Span = i.Span
	var s ir.Stmt = &ir.Perform{Query: q}
	if r.program != nil {
		q.Into = []ir.Expr{r.number(i)}
		s = &ir.SelectInto{Query: q}
	}
	s.Base().Span, s.Base().Lead = i.Span, lead
	s.Base().Made(code)
	return s
}

// declare puts the variable that takes the number into the routine's block.
func (r *pass) declare() {
	if r.vars == nil && r.more == nil {
		return
	}
	body := control.Body(r.program)
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		b.Span = body.Base().Span
		control.SetBody(r.program, b)
	}
	list := r.more
	if r.vars != nil {
		list = append(list, r.vars)
	}
	b.Decls = append(list, b.Decls...)
}

func (r *pass) read(e ir.Expr) ir.Expr {
	c, ok := e.(*ir.Call)
	if !ok || c.Op != op.LastInsertID {
		return e
	}
	if len(c.Args) == 0 {
		h := r.Helper("last_insert_id", c)
		h.Type = types.Int{Bits: 64}
		return h
	}
	if _, function := r.program.(*ir.Routine); r.inner && !function {
		rewrite.Refuse(r.Pass, unclear, c.Span, "LAST_INSERT_ID(x) in a trigger: the source restores the number behind it")
		return e
	}
	h := r.Helper("set_last_insert_id", c, c.Args...)
	h.Type = types.Int{Bits: 64}
	return h
}
