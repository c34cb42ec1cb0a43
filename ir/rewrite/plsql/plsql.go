// Package plsql answers what the rules for PL/SQL ask about code: which exceptions a statement can raise, what it writes, and whether
// an error in it would lose work that the source keeps. It changes nothing.
//
// All answers err on the safe side: what is not known can raise anything, writes, and keeps nothing.
package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Kinds is a set of kinds of exceptions.
type Kinds int

// Kinds of exceptions.
const (
	NoRow      Kinds = 1 << iota // NO_DATA_FOUND
	Constraint                   // unique, not null, check and foreign key
	Declared                     // the user's own exceptions, and those of RAISE_APPLICATION_ERROR
	Local                        // exceptions that a routine declares itself without a number: RAISE in it, or in routines within it, raises them alone
	Cursor                       // a cursor that is not open, or open already
	Other                        // conversions, ranges, division by zero, several rows, and whatever else

	// Any is every kind.
	Any = NoRow | Constraint | Declared | Local | Cursor | Other
)

// ofStates are the kinds of the target's conditions, which are names or SQLSTATEs.
func (c *Code) ofStates(states ...string) Kinds {
	var k Kinds
	for _, s := range states {
		switch {
		case c.local[s]:
			k |= Local
		case s == "no_data_found" || s == "P0002" || s == "02000":
			k |= NoRow
		case strings.HasPrefix(s, "ZX") || strings.HasPrefix(s, "ZY"):
			k |= Declared
		case s == "unique_violation" || s == "foreign_key_violation" || s == "check_violation" || s == "not_null_violation" ||
			s == "23505" || s == "23503" || s == "23514" || s == "23502":
			k |= Constraint
		case s == "invalid_cursor_name" || s == "34000" || s == "invalid_cursor_state" || s == "24000" || s == "duplicate_cursor" || s == "42P03":
			k |= Cursor
		default:
			k |= Other
		}
	}
	return k
}

// OfCatch are the kinds of exceptions that a handler takes.
func (c *Code) OfCatch(x *ir.Catch) Kinds {
	if x.Others || len(x.States) == 0 {
		return Any
	}
	return c.ofStates(x.States...)
}

// Code knows the bodies of routines that a program calls.
type Code struct {
	// nested are the routines that the program declares, by their entry in the catalog and by name.
	nested map[*catalog.Routine]*ir.Routine
	// bodies are those of routines of the schema that the session has seen.
	bodies map[*catalog.Routine]*ir.Routine
	// kept are the cursors that handlers use: going back closes what was opened meanwhile.
	kept map[string]bool
	// busy are the routines that are being looked at, against recursion; looks counts how many were (see tired).
	busy  map[*ir.Routine]bool
	looks int
	// triggers are the bodies of the triggers of tables; firing those that are being looked at.
	triggers map[*catalog.Table][]ir.Stmt
	firing   map[ir.Stmt]bool
	// local are the states of exceptions that routines declare themselves; no two declarations share one.
	local   map[string]bool
	readers *readers
}

const (
	bodiesKey   = "plsql.bodies"
	triggersKey = "plsql.triggers"
	localKey    = "plsql.local"
	notedKey    = "plsql.noted"
)

// noted is the unit that was looked at last, with its first statement.
type noted struct {
	unit  *ir.Unit
	first ir.Stmt
}

// Note keeps the routines of a unit for programs that call them. Several rules ask for that before a unit is rewritten; it is done once.
func Note(p *rewrite.Pass) {
	if len(p.Unit.Stmts) == 0 {
		return
	}
	now := noted{p.Unit, p.Unit.Stmts[0]}
	if p.Session.Values[notedKey] == now {
		return
	}
	p.Session.Values[notedKey] = now
	m, _ := p.Session.Values[bodiesKey].(map[*catalog.Routine]*ir.Routine)
	if m == nil {
		m = map[*catalog.Routine]*ir.Routine{}
		p.Session.Values[bodiesKey] = m
	}
	fired, _ := p.Session.Values[triggersKey].(map[*catalog.Table][]ir.Stmt)
	if fired == nil {
		fired = map[*catalog.Table][]ir.Stmt{}
		p.Session.Values[triggersKey] = fired
	}
	local, _ := p.Session.Values[localKey].(map[string]bool)
	if local == nil {
		local = map[string]bool{}
		p.Session.Values[localKey] = local
	}
	for _, s := range p.Unit.Stmts {
		if t, ok := s.(*ir.CreateTrigger); ok && t.Table != nil && t.Table.Table != nil {
			if t.Body != nil {
				fired[t.Table.Table] = append(fired[t.Table.Table], ir.Clone(t.Body))
			}
			for _, x := range t.Sections {
				fired[t.Table.Table] = append(fired[t.Table.Table], ir.Clone(x.Body))
			}
		}
		ir.WalkStatements(s, func(n ir.Node) bool {
			if r, ok := n.(*ir.Routine); ok && r.Object != nil && r.Body != nil {
				m[r.Object] = ir.Clone(r)
				readersOf(p).learn(r)
			}
			if b, ok := n.(*ir.Block); ok {
				for _, d := range b.Decls {
					if x, ok := d.(*ir.ExceptionDecl); ok && x.Code == 0 && x.State != "" {
						local[x.State] = true
					}
				}
			}
			return true
		})
	}
}

// Of gathers what is known for a program.
func Of(p *rewrite.Pass, program ir.Stmt) *Code {
	c := &Code{nested: map[*catalog.Routine]*ir.Routine{}, busy: map[*ir.Routine]bool{}, kept: map[string]bool{}, firing: map[ir.Stmt]bool{}, readers: readersOf(p)}
	c.triggers, _ = p.Session.Values[triggersKey].(map[*catalog.Table][]ir.Stmt)
	c.local, _ = p.Session.Values[localKey].(map[string]bool)
	c.keep(program)
	c.bodies, _ = p.Session.Values[bodiesKey].(map[*catalog.Routine]*ir.Routine)
	ir.WalkStatements(program, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && !d.Forward && d.Routine != nil && d.Routine.Object != nil {
			c.nested[d.Routine.Object] = d.Routine
		}
		return true
	})
	return c
}

// keep notes cursors that handlers use, or that are declared around a block with handlers.
func (c *Code) keep(program ir.Stmt) {
	note := func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			c.kept[n.Name] = true
		case *ir.FetchCursor:
			c.kept[n.Name] = true
		case *ir.CloseCursor:
			c.kept[n.Name] = true
		}
		return true
	}
	ir.WalkStatements(program, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		for _, x := range b.Catches {
			ir.Walk(x, note)
		}
		for _, s := range b.Body {
			if in, ok := s.(*ir.Block); ok && len(in.Catches) > 0 {
				ir.Walk(in, note)
			}
		}
		return true
	})
}

// Nested is the declaration of a routine that the program declares, nil if it is another.
func (c *Code) Nested(r *catalog.Routine) *ir.Routine { return c.nested[r] }

// Body is the declaration of a routine, nil if it is not known.
func (c *Code) Body(r *catalog.Routine) *ir.Routine {
	if d := c.nested[r]; d != nil {
		return d
	}
	return c.bodies[r]
}

// OfExpr tells what evaluating an expression can raise.
func (c *Code) OfExpr(e ir.Expr) Kinds {
	if e == nil {
		return 0
	}
	var k Kinds
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.RoutineCall:
			k |= c.ofRoutine(n.Routine) | ofBack(n.Routine, n.Args)
		case *ir.Element, *ir.CollectionCall, *ir.TargetCall, *ir.TargetOp, *ir.Subscript: // elements of collections, lowered or not
			k |= NoRow | Other
		case *ir.HelperCall:
			k |= Other
			switch {
			case strings.HasPrefix(n.Name, "map_"), n.Name == "dbms_lob_read": // a missing element, a place behind the end
				k |= NoRow
			case n.Name == "autonomous": // a routine runs there
				k = Any
			}
		case *ir.Subquery, *ir.Exists, *ir.In, *ir.Quantified:
			k |= Other
		case ir.Expr:
			if !harmless(n) {
				k |= Other
			}
		}
		return k != Any
	})
	return k
}

// harmless tells that a node itself raises nothing.
func harmless(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Null, *ir.Number, *ir.String, *ir.Bool, *ir.Name, *ir.Compare, *ir.IsNull, *ir.IsTruth, *ir.Between, *ir.Concat,
		*ir.Case, *ir.CursorAttr, *ir.NamedArg, *ir.Temporal, *ir.Like, *ir.In, *ir.Collate:
		return true
	case *ir.Unary:
		_, whole := e.Type.(types.Int) // the least of which has no opposite
		_, literal := e.X.(*ir.Number)
		return e.Op == ir.Not || e.Op == ir.Neg && (!whole || literal)
	case *ir.Binary:
		return e.Op == ir.And || e.Op == ir.Or || (e.Op == ir.Add || e.Op == ir.Sub || e.Op == ir.Mul) && isNumber(e.TypeOf())
	case *ir.Call:
		return strings.EqualFold(e.Name, "NVL") || strings.EqualFold(e.Name, "COALESCE") || strings.EqualFold(e.Name, "SYSDATE") ||
			strings.EqualFold(e.Name, "SQLCODE") || strings.EqualFold(e.Name, "SQLERRM") || strings.EqualFold(e.Name, "UPPER") || strings.EqualFold(e.Name, "LOWER")
	case *ir.Cast:
		return e.Implicit && fits(e.X.TypeOf(), e.To)
	}
	return false
}

func isNumber(t types.Type) bool {
	d, ok := t.(types.Decimal)
	return ok && d.Precision == 0
}

// fits tells that every value of a type is one of the other.
func fits(from, to types.Type) bool {
	switch t := to.(type) {
	case types.Decimal:
		if t.Precision == 0 {
			_, dec := from.(types.Decimal)
			_, whole := from.(types.Int)
			return dec || whole
		}
		f, ok := from.(types.Decimal)
		return ok && f.Precision > 0 && f.Scale == t.Scale && f.Precision <= t.Precision
	case types.Text:
		if t.N == 0 && t.MaxBytes == 0 {
			switch from.(type) {
			case types.Text, types.Decimal, types.Int:
				return true
			}
			return false
		}
		f, ok := from.(types.Text)
		return ok && f.N > 0 && f.N <= t.N
	case types.Bool:
		_, ok := from.(types.Bool)
		return ok
	case types.Int:
		f, ok := from.(types.Int)
		return ok && f.Bits <= t.Bits
	}
	_, null := from.(types.Null)
	return null
}

// stores is what storing a value can raise.
func (c *Code) stores(to types.Type, value ir.Expr) Kinds {
	k := c.OfExpr(value)
	if value == nil {
		return k
	}
	if _, null := value.(*ir.Null); null || to == nil || fits(value.TypeOf(), to) || literalFits(value, to) {
		return k
	}
	return k | Other
}

// Fits tells that storing a value cannot fail because it is too large.
func Fits(value ir.Expr, to types.Type) bool {
	if value == nil {
		return true
	}
	switch t := to.(type) {
	case types.Text:
		if t.N == 0 {
			return true
		}
	case types.Decimal:
		if t.Precision == 0 {
			return true
		}
	case types.Int:
	default:
		return true
	}
	if c, ok := value.(*ir.Cast); ok && c.Implicit && c.To == to {
		value = c.X
	}
	_, null := value.(*ir.Null)
	return null || fits(value.TypeOf(), to) || literalFits(value, to)
}

// literalFits tells that a literal is a value of the type.
func literalFits(e ir.Expr, to types.Type) bool {
	if x, ok := e.(*ir.Cast); ok && x.Implicit {
		return literalFits(x.X, to)
	}
	switch e := e.(type) {
	case *ir.String:
		t, ok := to.(types.Text)
		return ok && (t.N == 0 || len(e.Value) <= t.N)
	case *ir.Number:
		switch t := to.(type) {
		case types.Decimal:
			return t.Precision == 0 || e.Kind == ir.IntNumber && len(e.Text) <= t.Precision-t.Scale
		case types.Int:
			return e.Kind == ir.IntNumber && len(e.Text) < 10 && t.Bits >= 32
		}
	case *ir.Bool:
		return true
	}
	return false
}

func (c *Code) ofRoutine(r *catalog.Routine) Kinds {
	if r == nil {
		return Any
	}
	if d := c.nested[r]; d != nil {
		if c.busy[d] {
			return 0
		}
		if c.tired() {
			return Any
		}
		c.busy[d] = true
		defer delete(c.busy, d)
		return c.OfStmt(d.Body) | ofEnd(d)
	}
	if !r.Facts.CanRaise {
		return 0
	}
	d := c.bodies[r]
	switch {
	case d == nil || d.Body == nil:
		return Any
	case c.busy[d]:
		return 0
	case c.tired():
		return Any
	}
	c.busy[d] = true
	defer delete(c.busy, d)
	k := c.OfStmt(d.Body)
	if k |= ofEnd(d); k == 0 && c.passes(r, d) {
		return 0
	}
	return k | Other
}

// ofEnd is what the end of a function's body raises: ORA-06503.
func ofEnd(d *ir.Routine) Kinds {
	if d.FallsOff {
		return Other
	}
	return 0
}

// mostLooks is how many bodies of callees are looked at for one program. Routines that call each other several times each make their number
// double with every link of a chain.
const mostLooks = 5000

// tired tells that too many bodies were looked at: what is asked for counts as so from there on, which is safe.
func (c *Code) tired() bool {
	c.looks++
	return c.looks > mostLooks
}

// Quiet tells that no exception leaves a call of the routine, but for those of its arguments.
func (c *Code) Quiet(r *catalog.Routine) bool {
	d := c.Body(r)
	if d == nil || d.Body == nil || c.busy[d] || !c.passes(r, d) {
		return false
	}
	c.busy[d] = true
	defer delete(c.busy, d)
	return c.OfStmt(d.Body)|ofEnd(d) == 0
}

// passes tells that nothing fails between a call and the body: no value comes back into a variable of the caller, and defaults cannot fail.
func (c *Code) passes(r *catalog.Routine, d *ir.Routine) bool {
	if HasOut(r) {
		return false
	}
	for _, p := range d.Params {
		if p.Default != nil && c.stores(p.Type, p.Default) != 0 {
			return false
		}
	}
	return true
}

// OfStmt tells what a statement with everything in it can raise.
func (c *Code) OfStmt(s ir.Stmt) Kinds {
	switch n := s.(type) {
	case nil, *ir.Nothing, *ir.CommentStmt, *ir.Goto, *ir.LabelStmt, *ir.GetDiagnostics:
		return 0
	case *ir.Transaction:
		return 0
	case *ir.Leave:
		return c.OfExpr(n.When)
	case *ir.Iterate:
		return c.OfExpr(n.When)
	case *ir.Return:
		return c.OfExpr(n.Value)
	case *ir.SetVar:
		var k Kinds
		for _, i := range n.Items {
			k |= c.stores(i.Target.TypeOf(), i.Value)
			v, _ := control.Target(i.Target).(*ir.VarDecl)
			if control.Target(i.Target) == nil || v != nil && v.NotNull && !control.Given(i.Value) {
				k |= Other
			}
		}
		return k
	case *ir.SelectInto:
		if control.ExactlyOne(n.Query) {
			return Other | c.calls(n.Query)
		}
		return Other | NoRow | c.calls(n.Query)
	case *ir.OpenCursor:
		return Cursor | Other | c.calls(n)
	case *ir.FetchCursor:
		return Cursor | Other
	case *ir.CloseCursor:
		return Cursor
	case *ir.Block:
		return c.ofBlock(n)
	case *ir.If:
		return c.ofBranches(n.Branches) | c.OfList(n.Else)
	case *ir.CaseStmt:
		k := c.OfExpr(n.Operand) | c.ofBranches(n.Branches) | c.OfList(n.Else)
		if !n.HasElse {
			k |= Other
		}
		return k
	case *ir.Loop:
		k := c.OfList(n.Body) | c.OfExpr(n.Cond)
		if n.Kind == ir.RangeLoop {
			k |= c.OfBound(n.Lo) | c.OfBound(n.Hi)
		}
		if n.Kind == ir.QueryLoop {
			k |= Other | Cursor | c.calls(n.Query) | c.OfExpr(n.Cursor)
		}
		return k
	case *ir.RaiseNamed:
		if n.Exception != nil && n.Exception.State != "" {
			return c.ofStates(n.Exception.State)
		}
		if e, ok := Predefined(n.Name.Name()); ok && n.Exception == nil {
			return c.ofStates(e.State)
		}
		return Any
	case *ir.CallProc:
		if _, own := ApplicationError(n); own {
			return Declared
		}
		k := c.ofRoutine(n.Routine) | ofBack(n.Routine, n.Args)
		for _, a := range n.Args {
			k |= c.OfExpr(a)
		}
		return k
	case *ir.Perform:
		return c.OfExpr(n.Expr) | c.calls(n.Query)
	case *ir.Invocation:
		if x := quietCall(n); x != nil {
			return c.ofQuiet(x)
		}
	case *ir.Insert:
		return c.change(n.Table, n)
	case *ir.Update:
		return c.changes(n.Tables, n)
	case *ir.Delete:
		return c.changes(n.From, n)
	case *ir.RawStmt:
		return Any
	case *ir.Raise:
		return c.ofRaise(n)
	}
	return Any
}

// change is what changing rows of a table can raise: NO_DATA_FOUND and errors of cursors come from functions and triggers only.
func (c *Code) change(t *ir.TableRef, s ir.Stmt) Kinds {
	k := Constraint | Declared | Other | c.calls(s)
	if t == nil || t.Table == nil || t.Table.Kind == catalog.ViewTable {
		return Any
	}
	for _, body := range c.triggers[t.Table] {
		if c.firing[body] {
			continue
		}
		if c.tired() {
			return Any
		}
		c.firing[body] = true
		k |= c.OfStmt(body)
		delete(c.firing, body)
	}
	return k
}

// Fires tells that a change of a table's rows fires triggers of the script.
func (c *Code) Fires(t *catalog.Table) bool { return len(c.triggers[t]) > 0 }

func (c *Code) changes(list []ir.TableExpr, s ir.Stmt) Kinds {
	if len(list) != 1 {
		return Any
	}
	t, _ := list[0].(*ir.TableRef)
	return c.change(t, s)
}

// OfBound is what the bound of a loop can raise: a NULL or a number that is too large does.
func (c *Code) OfBound(e ir.Expr) Kinds {
	if _, ok := e.(*ir.Number); ok {
		return 0
	}
	return c.OfExpr(e) | Other
}

func (c *Code) ofRaise(n *ir.Raise) Kinds {
	switch {
	case n.Level != "" && n.Level != "EXCEPTION":
		return 0
	case n.State != "":
		return c.ofStates(n.State)
	}
	return Any
}

// calls are the kinds of exceptions that functions in a query raise.
func (c *Code) calls(n ir.Node) Kinds {
	var k Kinds
	if n == nil || n == ir.Query(nil) {
		return 0
	}
	ir.Walk(n, func(x ir.Node) bool {
		if r, ok := x.(*ir.RoutineCall); ok {
			k |= c.ofRoutine(r.Routine)
		}
		return true
	})
	return k
}

func (c *Code) ofBlock(b *ir.Block) Kinds {
	k := c.OfList(b.Body)
	for _, a := range b.Catches {
		if a.Others {
			k = 0
		}
	}
	for _, a := range b.Except {
		for _, x := range a.Conditions {
			if x == "OTHERS" {
				k = 0
			}
		}
	}
	for _, a := range b.Catches {
		k |= c.OfList(a.Body)
	}
	for _, a := range b.Except {
		k |= c.OfList(a.Body)
	}
	for _, d := range b.Decls {
		if v, ok := d.(*ir.VarDecl); ok && v.Default != nil {
			k |= c.stores(v.Type, v.Default)
		}
	}
	return k
}

// OfList is what the statements of a list can raise.
func (c *Code) OfList(list []ir.Stmt) Kinds {
	var k Kinds
	for _, s := range list {
		k |= c.OfStmt(s)
	}
	return k
}

func (c *Code) ofBranches(list []*ir.Branch) Kinds {
	var k Kinds
	for _, b := range list {
		k |= c.OfExpr(b.Cond) | c.OfList(b.Body)
	}
	return k
}

// Writes tells that running a node changes rows or objects of the database, or may do so.
func (c *Code) Writes(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert, *ir.Truncate, *ir.Execute, *ir.RawStmt, *ir.Forall, *ir.LockTables,
			*ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.Drop, *ir.CreateView, *ir.Grant:
			return true
		case *ir.OpenCursor:
			return x.Query != nil && len(ir.Common(x.Query).Lock) > 0 || c.kept[x.Name] || x.Name == ""
		case *ir.CallProc:
			_, raises := ApplicationError(x)
			return !raises && c.writes(x.Routine)
		case *ir.RoutineCall:
			return c.writes(x.Routine)
		case *ir.Invocation:
			_, raises := ApplicationError(x)
			return !raises && !onCollection(x) && quietCall(x) == nil
		}
		return false
	})
}

func (c *Code) writes(r *catalog.Routine) bool {
	if r == nil {
		return true
	}
	if d := c.nested[r]; d != nil {
		if c.busy[d] {
			return false
		}
		if c.tired() {
			return true
		}
		c.busy[d] = true
		defer delete(c.busy, d)
		return d.Body != nil && c.Writes(d.Body)
	}
	return r.Facts.Writes && !r.Apart
}

// Transactional tells that a statement ends a transaction, itself or by what it calls.
func (c *Code) Transactional(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Transaction:
			return true
		case *ir.CallProc:
			if d := c.nested[x.Routine]; d != nil && x.Routine != nil {
				if c.busy[d] {
					return false
				}
				if c.tired() {
					return true
				}
				c.busy[d] = true
				defer delete(c.busy, d)
				return d.Body != nil && c.Transactional(d.Body)
			}
			return x.Routine != nil && c.ends(x.Routine)
		case *ir.RoutineDecl:
			return false
		}
		return false
	})
}

// ends tells that a call of a routine may end the transaction; savepoints of its own are blocks on the target, and do not. What is not converted refuses
// the routine, so that its call raises an error.
func (c *Code) ends(r *catalog.Routine) bool {
	if r == nil || !r.Facts.Transaction {
		return false
	}
	d := c.bodies[r]
	if d == nil || d.Body == nil || d.Autonomous {
		return true
	}
	if c.busy[d] {
		return false
	}
	if c.tired() {
		return true
	}
	c.busy[d] = true
	defer delete(c.busy, d)
	return ir.Find(d.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Transaction:
			return n.Kind != ir.SetSavepoint && n.Kind != ir.RollbackToSavepoint && n.Kind != ir.ReleaseSavepoint
		case *ir.CallProc:
			return c.ends(n.Routine)
		case *ir.RoutineCall:
			return c.ends(n.Routine)
		case *ir.Execute:
			return len(n.Into)+len(n.Returning) == 0
		case *ir.SetTransaction, *ir.Truncate, *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex,
			*ir.CreateView, *ir.Drop, *ir.RenameTables, *ir.CreateSequence, *ir.Grant, *ir.Routine, *ir.CreateTrigger, *ir.LockTables, *ir.LockTable, *ir.RoutineDecl:
			return true
		}
		return false
	})
}

// ErrorWord tells SQLCODE and SQLERRM, in upper case, and the argument of SQLERRM(code); "" for every other expression.
func ErrorWord(e ir.Expr) (name string, arg ir.Expr) {
	word, args := "", []ir.Expr(nil)
	switch e := e.(type) {
	case *ir.Call:
		word, args = e.Name, e.Args
	case *ir.Name:
		_, unresolved := e.Ref.(*ir.Unresolved)
		if len(e.Parts) == 1 && (e.Ref == nil || unresolved) {
			word = e.Parts[0].Text
		}
	case *ir.Invoke:
		if n, ok := e.X.(*ir.Name); ok && len(n.Parts) == 1 {
			word, args = n.Parts[0].Text, e.Args
		}
	}
	word = strings.ToUpper(word)
	if word != "SQLCODE" && word != "SQLERRM" || len(args) > 1 {
		return "", nil
	}
	if len(args) == 1 {
		return word, args[0]
	}
	return word, nil
}

// onCollection tells a method of a collection, which changes a variable only.
func onCollection(n *ir.Invocation) bool {
	_, ok := n.X.(*ir.CollectionCall)
	return ok
}
