package control

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Kinds is a set of kinds of conditions that a statement can raise.
type Kinds int

// Kinds of conditions.
const (
	NoRow       Kinds = 1 << iota // a FETCH or SELECT ... INTO that finds no row: class 02
	Constraint                    // unique, foreign key, not null and check violations
	Data                          // bad values, overflow, several rows where one is expected
	Concurrency                   // deadlocks, lock waits
	Missing                       // objects that do not exist, or exist already
	Declared                      // what SIGNAL and RESIGNAL raise, and CASE without a branch
	Cursor                        // a cursor that is not open, or open already
	Warning                       // a warning; only SIGNAL makes one that the target can see

	// Anything is every kind, NoRow included: what an unknown callee can raise.
	Anything = NoRow | Errors
	// Errors is every kind but NoRow.
	Errors = Constraint | Data | Concurrency | Missing | Declared | Cursor
)

// OfExpr tells what evaluating an expression can raise. Sums and differences of integers count as safe: an overflow
// there still ends with an error on the target, only a handler would not see it.
func OfExpr(e ir.Expr) Kinds {
	if e == nil {
		return 0
	}
	var s Kinds
	ir.Walk(e, func(n ir.Node) bool {
		s |= ofNode(n)
		_, isQuery := n.(*ir.Subquery)
		return !isQuery && s != Anything
	})
	return s
}

func ofNode(n ir.Node) Kinds {
	switch n := n.(type) {
	case *ir.RoutineCall:
		return ofRoutine(n.Routine)
	case *ir.Cast:
		if n.Fail == ir.FailError && !Widens(n.X.TypeOf(), n.To) || n.TooLong == ir.ErrorLong && isBounded(n.To) && mayBeLonger(n.X.TypeOf(), n.To) {
			return Data
		}
	case *ir.Div:
		if n.Zero == ir.ZeroError {
			return Data
		}
	case *ir.Mod:
		if n.Zero == ir.ZeroError {
			return Data
		}
	case *ir.Call:
		if i := op.Lookup(n.Op); i == nil || i.CanRaise {
			return Data
		}
	case *ir.HelperCall:
		if !safeHelpers[n.Name] {
			return Data
		}
	case *ir.TargetCall, *ir.UnsupportedExpr, *ir.NextValue:
		return Data
	case *ir.Subquery:
		s := OfQuery(n.Query)
		if !n.Array && !AtMostOne(n.Query) {
			s |= Data
		}
		return s
	}
	return 0
}

// safeHelpers are helper routines that raise no error.
var safeHelpers = map[string]bool{"last_insert_id": true, "row_count": true, "var_get": true, "errno": true, "sqlstate": true, "signal_errno": true}

// Widens tells that every value of from is a value of to.
func Widens(from, to types.Type) bool {
	switch t := to.(type) {
	case types.Int:
		f, ok := from.(types.Int)
		return ok && f.Bits <= t.Bits && f.Unsigned == t.Unsigned
	case types.Float:
		_, ok := from.(types.Int)
		return ok
	case types.Text:
		return !mayBeLonger(from, to)
	case types.Decimal:
		if t.Precision == 0 {
			return types.IsNumeric(from)
		}
		switch f := from.(type) {
		case types.Int:
			return t.Precision-t.Scale >= digits(f)
		case types.Decimal:
			return f.Precision > 0 && t.Precision-t.Scale > f.Precision-f.Scale
		}
	}
	return false
}

// fits tells that a number that is written out has less digits than the greatest of the type.
func fits(n *ir.Number, t types.Int) bool {
	return n.Kind == ir.IntNumber && (len(n.Text) < digits(t) || t.Bits >= 64 && len(n.Text) < 19)
}

func digits(t types.Int) int {
	switch {
	case t.Bits <= 8:
		return 3
	case t.Bits <= 16:
		return 5
	case t.Bits <= 24:
		return 8
	case t.Bits <= 32:
		return 10
	}
	return 20
}

func isBounded(t types.Type) bool {
	switch t := t.(type) {
	case types.Text:
		return t.N > 0
	case types.Binary:
		return t.N > 0
	}
	return false
}

func mayBeLonger(from, to types.Type) bool {
	t, ok := to.(types.Text)
	if !ok {
		return true
	}
	if t.N == 0 {
		return false
	}
	switch f := from.(type) {
	case types.Text:
		return f.N == 0 || f.N > t.N
	case types.Int:
		return digits(f)+1 > t.N
	}
	return true
}

// OfQuery tells what running a query can raise, the number of its rows aside.
func OfQuery(q ir.Query) Kinds {
	if q == nil {
		return 0
	}
	var s Kinds
	ir.Walk(q, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Locking:
			s |= Concurrency
		case *ir.JSONTable:
			s |= Data
		case *ir.TableRef:
			if n.Table == nil && n.CTE == nil {
				s |= Missing
			}
		case ir.Expr:
			s |= ofNode(n)
			if _, ok := n.(*ir.Subquery); ok {
				return false
			}
		}
		return true
	})
	return s
}

// OfStmt tells what a statement itself can raise. For blocks, branches and loops it counts everything inside,
// whatever handlers there are.
func OfStmt(s ir.Stmt) Kinds {
	switch n := s.(type) {
	case nil, *ir.Nothing, *ir.CommentStmt, *ir.Leave, *ir.Iterate, *ir.Transaction, *ir.Deallocate, *ir.GetDiagnostics:
		return 0
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
		return Constraint | Data | Concurrency | Declared | Missing
	case *ir.SetVar:
		return ofItems(n)
	case *ir.Return:
		return OfExpr(n.Value)
	case *ir.ReturnRows:
		return OfQuery(n.Query)
	case *ir.QueryStmt:
		return OfQuery(n.Query)
	case *ir.SelectInto:
		return ofSelectInto(n)
	case *ir.FetchCursor:
		return unless(n.Safe, Cursor) | NoRow | ofTargets(n.Into)
	case *ir.OpenCursor:
		return unless(n.Safe, Cursor|OfQuery(n.Query)|Data)
	case *ir.CloseCursor:
		return unless(n.Safe, Cursor)
	case *ir.CallProc:
		return ofCall(n)
	case *ir.Do:
		return ofExprs(n.Items)
	case *ir.RawStmt:
		if strings.HasSuffix(n.Text, emptyResult) {
			return 0
		}
	case *ir.Signal:
		return ofSignal(n)
	case *ir.Raise:
		return ofRaise(n)
	case *ir.Block:
		return ofBlock(n)
	case *ir.If:
		return ofBranches(n.Branches) | OfList(n.Else)
	case *ir.CaseStmt:
		r := OfExpr(n.Operand) | ofBranches(n.Branches) | OfList(n.Else)
		if !n.HasElse {
			r |= Declared
		}
		return r
	case *ir.Loop:
		return OfExpr(n.Cond) | OfExpr(n.Lo) | OfExpr(n.Hi) | OfQuery(n.Query) | OfList(n.Body)
	}
	return Errors
}

// ofTargets is what fetching into variables of narrow types may raise.
func ofTargets(list []ir.Expr) Kinds {
	for _, e := range list {
		if _, narrow := Narrow(e.TypeOf()); narrow {
			return Data
		}
	}
	return 0
}

func unless(safe bool, k Kinds) Kinds {
	if safe {
		return 0
	}
	return k
}

const emptyResult = " FOR SELECT WHERE false"

// OpenEmpty opens a cursor over no rows, which cannot fail.
func OpenEmpty(cursor string) *ir.RawStmt { return &ir.RawStmt{Text: "OPEN " + cursor + emptyResult} }

// EmptyResult is a result without rows for a cursor that outlives its transaction.
func EmptyResult(cursor string) *ir.ReturnRows {
	never := &ir.Bool{}
	never.Type = types.Bool{}
	return &ir.ReturnRows{Query: &ir.Select{Where: never}, Cursor: cursor, Held: true}
}

// IsEmptyResult tells what EmptyResult made: the source has no query without columns.
func IsEmptyResult(s *ir.ReturnRows) bool {
	q, ok := s.Query.(*ir.Select)
	return ok && len(q.Items) == 0 && len(q.From) == 0
}

// ofSignal counts a SIGNAL of class 02 as NoRow too: a handler for NOT FOUND takes it. What a name stands for is not known here.
func ofSignal(n *ir.Signal) Kinds {
	c := n.Condition
	switch {
	case c == nil || NoRowMark(n) != "":
		return Declared
	case c.Kind == ir.ByName, c.Kind == ir.ByState && IsNotFound(c.State):
		return Declared | NoRow
	case c.Kind == ir.ByState && IsWarning(c.State) && !n.Resignal:
		return 0
	}
	return Declared
}

// ofRaise counts what raises again as anything.
func ofRaise(n *ir.Raise) Kinds {
	switch {
	case n.Level == "", n.Code != nil:
		return Anything
	case n.Level != "EXCEPTION":
		return 0
	case IsNotFound(n.State):
		return Declared | NoRow
	}
	return Declared
}

func ofBlock(b *ir.Block) Kinds {
	r := OfList(b.Body)
	for _, d := range b.Decls {
		if v, ok := d.(*ir.VarDecl); ok {
			r |= OfExpr(v.Default) | ofRange(v.Type, v.Default)
		}
	}
	return r
}

// OfList is what the statements of a list can raise.
func OfList(list []ir.Stmt) Kinds {
	var s Kinds
	for _, x := range list {
		s |= OfStmt(x)
	}
	return s
}

func ofBranches(list []*ir.Branch) Kinds {
	var s Kinds
	for _, b := range list {
		s |= OfExpr(b.Cond) | OfList(b.Body)
	}
	return s
}

func ofExprs(list []ir.Expr) Kinds {
	var s Kinds
	for _, e := range list {
		s |= OfExpr(e)
	}
	return s
}

func ofItems(n *ir.SetVar) Kinds {
	var s Kinds
	for _, i := range n.Items {
		s |= OfExpr(i.Value) | ofStore(i.Target, i.Value)
	}
	return s
}

// ofRange is what a number may raise that is out of the range of an integer type.
func ofRange(to types.Type, value ir.Expr) Kinds {
	t, ok := to.(types.Int)
	if !ok || value == nil {
		return 0
	}
	if n, ok := ir.Bare(value).(*ir.Number); ok && !Widens(n.TypeOf(), t) && !fits(n, t) {
		return Data
	}
	if _, narrow := Narrow(t); narrow && !FitsInt(value, t) && !countsUp(value, t) || grows(value, t) {
		return Data
	}
	return 0
}

// grows tells that a product may be out of the range of the type: one with more than a small literal.
func grows(e ir.Expr, t types.Int) bool {
	if from, ok := e.TypeOf().(types.Int); !ok || from.Bits <= t.Bits {
		return false
	}
	small := func(x ir.Expr) bool {
		n, ok := ir.Bare(x).(*ir.Number)
		return ok && len(n.Text) < 4
	}
	return ir.Find(e, func(n ir.Node) bool {
		b, ok := n.(*ir.Binary)
		return ok && b.Op == ir.Mul && !small(b.L) && !small(b.R)
	})
}

// ofStore is what storing a text in a variable can raise, or a number that is written out: it may be too long.
func ofStore(target, value ir.Expr) Kinds {
	if target == nil || value == nil || Target(target) == nil {
		return 0
	}
	if k := ofRange(target.TypeOf(), value); k != 0 {
		return k
	}
	if v, ok := Target(target).(*ir.VarDecl); ok && v.NotNull && !Given(value) {
		return Data
	}
	t, ok := target.TypeOf().(types.Text)
	if _, null := value.TypeOf().(types.Null); !ok || null || t.N == 0 || !mayBeLonger(value.TypeOf(), t) {
		return 0
	}
	return Data
}

func ofSelectInto(n *ir.SelectInto) Kinds {
	s := OfQuery(n.Query)
	if q, ok := n.Query.(*ir.Select); ok {
		for i, e := range Into(q) {
			if i < len(q.Items) {
				s |= ofStore(e, q.Items[i].Expr)
			}
		}
	}
	if ExactlyOne(n.Query) {
		return s
	}
	s |= NoRow
	if !AtMostOne(n.Query) {
		s |= Data
	}
	return s
}

// Given tells a literal: a value that is never NULL.
func Given(e ir.Expr) bool {
	switch x := ir.Bare(e).(type) {
	case *ir.Number, *ir.Bool:
		return true
	case *ir.String:
		return x.Value != ""
	}
	return false
}

func ofCall(n *ir.CallProc) Kinds {
	k := ofRoutine(n.Routine) | ofExprs(n.Args)
	for i, a := range n.Args {
		if n.Routine == nil || i >= len(n.Routine.Params) || n.Routine.Params[i].Mode == catalog.In || Target(a) == nil {
			continue
		}
		back := ir.Clone(a) // the value that comes back has the type of the parameter
		back.SetType(n.Routine.Params[i].Type)
		k |= ofStore(a, back)
	}
	return k
}

// ofRoutine counts the condition "no row" only where it is an error in the routine: a query that finds none leaves nothing behind in a function.
func ofRoutine(c *catalog.Routine) Kinds {
	switch {
	case c != nil && !c.Facts.CanRaise:
		return 0
	case c != nil && !c.Facts.NoRow:
		return Errors
	}
	return Anything
}
