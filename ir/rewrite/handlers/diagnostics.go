package handlers

import (
	"slices"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/signal"
	"godwit/ir/types"
)

// bindDiagnostics replaces what a handler's body reads of the condition it runs for: GET DIAGNOSTICS CONDITION 1, RESIGNAL,
// and names of conditions in SIGNAL.
func (r *run) bindDiagnostics(list []ir.Stmt, ctx context, h *bound, leaf ir.Stmt) []ir.Stmt {
	b := &ir.Block{Body: list}
	pre := func(n ir.Node) bool {
		_, inner := n.(*ir.Handler)
		return !inner
	}
	b = ir.MapPre(b, pre, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.GetDiagnostics:
			return r.diagnostics(n, ctx, h, leaf)
		case *ir.Signal:
			return r.resignal(n, ctx, h, leaf)
		}
		return n
	})
	return b.Body
}

func (r *run) diagnostics(n *ir.GetDiagnostics, ctx context, h *bound, leaf ir.Stmt) ir.Node {
	if n.Condition == nil && len(n.Items) == 1 && n.Items[0].Name == "NUMBER" && !n.Late && !n.Stacked && !r.calls(leaf) {
		i := n.Items[0]
		r.tell(oneCondition, i, "GET DIAGNOSTICS ... NUMBER is 1")
		si := &ir.SetItem{Target: i.Target, Value: control.Int("1")}
		si.Span = i.Span
		s := &ir.SetVar{Items: []*ir.SetItem{si}}
		s.Span = n.Span
		return control.Take(code, n, s)
	}
	if n.Condition == nil {
		for _, i := range n.Items {
			if i.Name != "ROW_COUNT" && i.Name != errorDetail {
				rewrite.Refuse(r.p, hardDiagnostics, i.Span, "GET DIAGNOSTICS %s", i.Name)
			}
		}
		return n
	}
	if c, ok := n.Condition.(*ir.Number); !ok || c.Text != "1" {
		rewrite.Refuse(r.p, hardDiagnostics, n.Span, "GET DIAGNOSTICS of a condition other than 1")
		return n
	}
	s := &ir.SetVar{}
	s.Span = n.Span
	own := ctx == errorContext && !signalsItself(leaf) && r.declaredBy(r.place(h.scope, leaf)).numbered()
	for _, i := range n.Items {
		v := r.diagnostic(i, ctx, h, leaf)
		if v == nil {
			rewrite.Refuse(r.p, hardDiagnostics, i.Span, "GET DIAGNOSTICS CONDITION 1 ... = %s", i.Name)
			return n
		}
		read := own && i.Name == "MYSQL_ERRNO"
		if read {
			v = r.p.Helper("signal_errno", withType(types.Int{Bits: 32}), r.numberRead(), v)
		}
		si := &ir.SetItem{Target: i.Target, Value: v}
		si.Span = i.Span
		s.Items = append(s.Items, si)
	}
	if slices.ContainsFunc(n.Items, func(i *ir.DiagItem) bool { return own && i.Name == "MYSQL_ERRNO" }) {
		return control.Take(code, n, r.readNumber(), s)
	}
	return control.Take(code, n, s)
}

// calls tells that the error may come from a routine, whose handlers can put conditions behind the first one.
func (r *run) calls(leaf ir.Stmt) bool {
	n := r.top
	if leaf != nil {
		n = leaf
	}
	return ir.Find(n, func(x ir.Node) bool {
		switch x.(type) {
		case *ir.CallProc, *ir.RoutineCall:
			return true
		}
		return false
	})
}

// errorDetail is where the target keeps the number that a SIGNAL gives.
const errorDetail = "PG_EXCEPTION_DETAIL"

// readNumber puts the number that a SIGNAL gave into a variable: the arm's statement that has to run before the variable is read.
func (r *run) readNumber() ir.Stmt {
	g := &ir.GetDiagnostics{Stacked: true, Items: []*ir.DiagItem{{Target: r.numberRead(), Name: errorDetail}}}
	g.Made(code)
	return g
}

func (r *run) numberRead() ir.Expr {
	if r.number == nil {
		r.number = &ir.VarDecl{Name: ir.Ident{Text: r.fresh("signal_number")}, Type: types.Text{}, TypeSQL: "text"}
		r.number.Span = r.root.Span
		r.number.Made(code)
		r.root.Decls = append([]ir.Decl{r.number}, r.root.Decls...)
	}
	return control.Var(r.number)
}

// signalsItself tells a SIGNAL whose number is known where its handler stands.
func signalsItself(leaf ir.Stmt) bool {
	s, ok := leaf.(*ir.Signal)
	return ok && !s.Resignal && s.Condition != nil && control.NoRowMark(s) == "" && numberOf(s) != "?"
}

// known is a condition that is known where its handler stands: no row, or what a SIGNAL says.
type known struct {
	state, number string
	message       ir.Expr
	level         string
}

// knownOf is the condition of a place that needs no exception arm. The message is nil when it has to be evaluated at the SIGNAL.
func knownOf(leaf ir.Stmt) known {
	s, ok := leaf.(*ir.Signal)
	if !ok || control.NoRowMark(s) != "" || s.Condition == nil {
		return known{state: "02000", number: "1329", message: control.Text(noData), level: "EXCEPTION"}
	}
	k := known{state: s.Condition.State, number: "1643", message: control.Text("Unhandled user-defined not found condition"), level: "EXCEPTION"}
	if control.IsWarning(k.state) {
		k.number, k.message, k.level = "1642", control.Text("Unhandled user-defined warning condition"), "WARNING"
	}
	for _, i := range s.Items {
		switch i.Name {
		case "MESSAGE_TEXT":
			k.message = nil
			if t, ok := i.Value.(*ir.String); ok {
				k.message = ir.Clone(t)
			}
		case "MYSQL_ERRNO":
			k.number = ""
			if n, ok := i.Value.(*ir.Number); ok {
				k.number = n.Text
			}
		}
	}
	return k
}

// warnAgain is RESIGNAL for a query that found no row, which is a warning: the handler around runs, and behind it what follows.
func (r *run) warnAgain(n *ir.Signal, h *bound) ir.Node {
	if len(n.Items) > 0 && h.scope.parent.forMissing() != nil {
		rewrite.Refuse(r.p, hardDiagnostics, n.Span, "RESIGNAL that changes the condition of a query without rows, for a handler around")
		return n
	}
	return control.Take(code, n, control.NoRowSignal(control.SelectMark, n))
}

func (r *run) diagnostic(i *ir.DiagItem, ctx context, h *bound, leaf ir.Stmt) ir.Expr {
	k := knownOf(leaf)
	switch i.Name {
	case "RETURNED_SQLSTATE":
		if ctx == noRowContext {
			return control.Text(k.state)
		}
		args := []ir.Expr{control.State()}
		if d := r.declaredBy(r.place(h.scope, leaf)); d.missing {
			args = append(args, control.Text("HY000"))
			if d.null {
				r.tell(sharedCondition, i, "the target has one condition here for columns that are NULL and for those that are left out")
			}
		}
		return r.p.Helper("sqlstate", withType(types.Text{N: 5}), args...)
	case "MYSQL_ERRNO":
		if ctx == noRowContext && k.number == "" {
			return nil
		}
		if ctx == noRowContext {
			return control.Int(k.number)
		}
		if signalsItself(leaf) {
			return control.Int(numberOf(leaf.(*ir.Signal)))
		}
		return r.p.Helper("errno", withType(types.Int{Bits: 32}), r.numbers(i, r.declaredBy(r.place(h.scope, leaf)))...)
	case "MESSAGE_TEXT":
		if ctx == noRowContext {
			return k.message
		}
		if leaf == nil || control.OfStmt(leaf) != control.Declared {
			r.tell(serverMessage, i, "MESSAGE_TEXT of an error that the server raises has the target's words")
		}
		return control.Message()
	case "CLASS_ORIGIN", "SUBCLASS_ORIGIN", "CONSTRAINT_CATALOG", "CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "CATALOG_NAME",
		"SCHEMA_NAME", "TABLE_NAME", "COLUMN_NAME", "CURSOR_NAME":
		// The source leaves these empty unless a SIGNAL sets them.
		return nil
	}
	return nil
}

// numbers are the arguments of errno: the state, and the numbers that depend on the statement.
func (r *run) numbers(at ir.Node, d *declared) []ir.Expr {
	if d.parent && d.child || d.missing && d.null {
		r.tell(sharedCondition, at, "the target does not tell here which end of a foreign key, or which column without a value, the error is about")
	}
	key, null := "1452", "1048"
	if d.parent && !d.child {
		key = "1451"
	}
	if d.missing {
		null = "1364"
	}
	args := []ir.Expr{control.State()}
	if key != "1452" || null != "1048" {
		args = append(args, control.Int(key))
	}
	if null != "1048" {
		args = append(args, control.Int(null))
	}
	return args
}

// withType carries a type into Pass.Helper.
func withType(t types.Type) ir.Expr {
	n := &ir.Null{}
	n.Type = t
	return n
}

// resignal makes RAISE of RESIGNAL, and looks up the names of conditions while the handler's block is at hand.
func (r *run) resignal(n *ir.Signal, ctx context, h *bound, leaf ir.Stmt) ir.Node {
	k := knownOf(leaf)
	if n.Condition != nil && n.Condition.Kind == ir.ByName && control.NoRowMark(n) == "" {
		if d := h.scope.declared(n.Condition.Name); d != nil {
			c := *d
			n.Condition = &c
		}
	}
	if !n.Resignal {
		return n
	}
	if ctx == noRowContext && k.message == nil {
		rewrite.Refuse(r.p, hardDiagnostics, n.Span, "RESIGNAL of a condition whose message is computed")
		return n
	}
	if ctx == noRowContext && n.Condition == nil && control.NoRowMark(leaf) == control.SelectMark {
		return r.warnAgain(n, h)
	}
	if n.Condition == nil && len(n.Items) == 0 {
		if ctx == noRowContext {
			return control.Take(code, n, &ir.Raise{Level: k.level, State: k.state, Message: k.message})
		}
		x := &ir.Raise{}
		r.again[x] = origin{h, leaf}
		return control.Take(code, n, x)
	}
	x := &ir.Raise{Level: "EXCEPTION", Message: control.Message()}
	before := []ir.Stmt{x}
	if n.Condition != nil {
		r.tell(pushedCondition, n, "RESIGNAL with a condition: GET DIAGNOSTICS CONDITION 1 of a handler around finds the first error on the source")
		x.State = n.Condition.State
		if !control.ValidState(x.State) {
			rewrite.Refuse(r.p, unknownCondition, n.Span, "RESIGNAL of a condition without an SQLSTATE")
			return n
		}
	} else {
		x.Code = control.State()
		r.again[x] = origin{h, leaf}
		if ctx == errorContext && r.declaredBy(r.place(h.scope, leaf)).numbered() && !slices.ContainsFunc(n.Items, isNumber) {
			x.Detail = r.numberRead()
			before = []ir.Stmt{r.readNumber(), x}
		}
	}
	if ctx == noRowContext {
		x.Message, x.Code = k.message, nil
		if x.State == "" {
			x.State, x.Level = k.state, k.level
		}
	}
	for _, i := range n.Items {
		switch i.Name {
		case "MESSAGE_TEXT":
			x.Message = signal.Text(r.p, i.Value)
		case "MYSQL_ERRNO":
			x.Detail = signal.Number(i.Value)
		default:
			rewrite.Refuse(r.p, hardDiagnostics, i.Span, "RESIGNAL SET %s", i.Name)
		}
	}
	return control.Take(code, n, before...)
}

func isNumber(i *ir.SignalItem) bool { return i.Name == "MYSQL_ERRNO" }
