package collections

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// bulkState is the state of ORA-24381, that statements of a FORALL have failed.
const bulkState = "ZZIT9"

// forall are the variables that attributes of a FORALL become.
type forall struct {
	counts *ir.VarDecl // rows by index
	total  *ir.VarDecl
	errors *ir.VarDecl
	last   *ir.VarDecl // rows of the last statement of any kind; nil where attributes are read right behind their statements
}

// foralls replaces FORALL, and the attributes that are read behind it.
func (r *run) foralls(b *ir.Block) {
	found, gathers := false, false
	ir.WalkStatements(b, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d != nil {
			return false
		}
		_, is := n.(*ir.Forall)
		found = found || is
		if s, ok := n.(ir.Stmt); ok && !is {
			gathers = gathers || bulkInto(s) != nil
		}
		return true
	})
	counted, listed, errors := r.asked(b)
	if !found && !(gathers && listed) {
		return
	}
	f := &forall{}
	if counted {
		f.counts = r.local("bulk_rowcount", types.JSON{}, b)
		f.counts.TypeSQL = "jsonb"
		f.counts.Default = build.As(control.Text("{}"), "jsonb", types.JSON{}, code)
	}
	if listed {
		f.total = r.local("sql_rowcount", types.Int{Bits: 32}, b)
	}
	if errors || savesAny(b) {
		f.errors = r.local("bulk_exceptions", types.JSON{}, b)
		f.errors.TypeSQL = "jsonb"
		f.errors.Default = build.As(control.Text("[]"), "jsonb", types.JSON{}, code)
	}
	r.replace(b, f)
	r.attributes(b, f)
}

func savesAny(b *ir.Block) bool {
	return ir.Find(b, func(n ir.Node) bool { x, ok := n.(*ir.Forall); return ok && x.SaveExceptions })
}

// asked tells which attributes of bulk statements the routine reads.
func (r *run) asked(b *ir.Block) (counted, total, errors bool) {
	ir.Walk(b, func(n ir.Node) bool {
		if a, ok := n.(*ir.CursorAttr); ok && a.Cursor == nil {
			switch a.Name {
			case "BULK_ROWCOUNT":
				counted = true
			case "BULK_EXCEPTIONS":
				errors = true
			case "ROWCOUNT", "FOUND", "NOTFOUND":
				total = true
			}
		}
		return true
	})
	return counted, total, errors
}

// replace makes loops of the FORALL statements, and variables of the attributes that are read behind them in the same list.
func (r *run) replace(b *ir.Block, f *forall) {
	inner := map[ir.Stmt]bool{}
	ir.WalkStatements(b, func(n ir.Node) bool {
		if x, ok := n.(*ir.Forall); ok {
			inner[x.Body] = true
		}
		return true
	})
	left, seen := false, map[*ir.CursorAttr]bool{}
	r.direct(b, &forall{total: f.total}, func(s ir.Stmt, _ *forall) {
		ir.Walk(s, func(n ir.Node) bool {
			if a, ok := n.(*ir.CursorAttr); ok {
				seen[a] = true
			}
			return true
		})
	})
	lists(b, func(list []ir.Stmt) {
		for i, s := range list {
			if x, ok := s.(*ir.If); ok {
				for _, b := range x.Branches {
					if reads(&ir.Return{Value: b.Cond}, seen) && !(i > 0 && isChange(list[i-1])) {
						left = true
					}
				}
			}
			if compound(s) {
				continue
			}
			if reads(s, seen) && !(i > 0 && isChange(list[i-1])) {
				left = true
			}
		}
	})
	if left {
		f.last = r.local("last_rowcount", types.Int{Bits: 32}, b)
		control.MarkRows(f.last)
	} else {
		r.direct(b, f, r.totals)
	}
	_ = ir.MapPre[ir.Stmt](b, func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl && ir.HoldsStatements(n)
	}, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.Forall)
		if !ok {
			if s, is := n.(ir.Stmt); is && !inner[s] {
				return r.counted(s, f)
			}
			return n
		}
		list := f.noted(r.loopOf(x, f), x)
		for _, s := range list {
			if !s.Base().Span.IsValid() {
				s.Base().Span = x.Span
			}
		}
		return control.Take(code, x, list...)
	})
}

// direct calls do for the statements that read attributes right behind bulk statements.
func (r *run) direct(b *ir.Block, f *forall, do func(ir.Stmt, *forall)) {
	lists(b, func(list []ir.Stmt) {
		for i, s := range list {
			if _, ok := s.(*ir.Forall); !ok && bulkInto(s) == nil {
				continue
			}
			for _, next := range list[i+1:] {
				if f.total != nil && !compound(next) {
					do(next, f)
				}
				if f.total != nil && touches(next) {
					conditions(next, f, do)
				}
				if touches(next) {
					break
				}
				if f.total != nil && compound(next) {
					do(next, f)
				}
			}
		}
	})
}

// noted are the statements that a bulk one became, with the number of its rows for whoever reads it later.
func (f *forall) noted(list []ir.Stmt, at ir.Node) []ir.Stmt {
	if x, ok := at.(*ir.Forall); f.last == nil || ok && x.SaveExceptions {
		return list
	}
	return append(list, set(control.Var(f.last), control.Var(f.total), at))
}

// bulkInto is a collection that a statement reads rows into, nil if it reads none.
func bulkInto(s ir.Stmt) ir.Expr {
	var into []ir.Expr
	bulk := false
	switch n := s.(type) {
	case *ir.SelectInto:
		if m := ir.Common(n.Query); m != nil {
			into, bulk = m.Into, m.Bulk
		}
	case *ir.Update:
		into, bulk = n.Into, n.Bulk
	case *ir.Delete:
		into, bulk = n.Into, n.Bulk
	case *ir.Insert:
		into, bulk = n.Into, n.Bulk
	}
	if !bulk || len(into) == 0 {
		return nil
	}
	return into[0]
}

// counted keeps the number of rows that a statement reads into a collection.
func (r *run) counted(s ir.Stmt, f *forall) ir.Node {
	into := bulkInto(s)
	if f.total == nil || into == nil {
		return s
	}
	count := &ir.CollectionCall{X: ir.Clone(into), Method: "COUNT"}
	count.Span, count.Type = s.Base().Span, types.Int{Bits: 32}
	return control.Take(code, s, f.noted([]ir.Stmt{s, set(control.Var(f.total), count, s)}, s)...)
}

func isChange(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
		return true
	}
	return false
}

func compound(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Block, *ir.If, *ir.CaseStmt, *ir.Loop:
		return true
	}
	return false
}

// touches tells that a statement runs SQL or calls something that may.
func touches(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.SelectInto, *ir.CallProc, *ir.RoutineCall, *ir.Execute, *ir.Forall, *ir.Transaction, *ir.MultiInsert:
			return true
		}
		return false
	})
}

func reads(s ir.Stmt, seen map[*ir.CursorAttr]bool) bool {
	return ir.Find(s, func(n ir.Node) bool {
		a, ok := n.(*ir.CursorAttr)
		return ok && a.Cursor == nil && !seen[a] && (a.Name == "ROWCOUNT" || a.Name == "FOUND" || a.Name == "NOTFOUND")
	})
}

// conditions makes variables of the attributes in the conditions of an IF: they are computed before the statements in it.
func conditions(s ir.Stmt, f *forall, do func(ir.Stmt, *forall)) {
	x, ok := s.(*ir.If)
	if !ok {
		return
	}
	for _, b := range x.Branches {
		v := &ir.Return{Value: b.Cond}
		do(v, f)
		b.Cond = v.Value
	}
}

// totals makes a variable of the attributes in a statement behind a FORALL.
func (r *run) totals(s ir.Stmt, f *forall) {
	_ = ir.MapExprs(s, func(e ir.Expr) ir.Expr {
		a, ok := e.(*ir.CursorAttr)
		if !ok || a.Cursor != nil {
			return e
		}
		switch a.Name {
		case "ROWCOUNT":
			n := control.Var(f.total)
			n.Span = a.Span
			return n
		case "FOUND":
			return build.Compare(ir.Gt, control.Var(f.total), control.Int("0"), a, code)
		case "NOTFOUND":
			return build.Compare(ir.Eq, control.Var(f.total), control.Int("0"), a, code)
		}
		return e
	})
}

// lists calls f for the lists of statements of a routine, without those of routines that it declares.
func lists(b *ir.Block, f func([]ir.Stmt)) {
	ir.WalkStatements(b, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.RoutineDecl:
			return false
		case *ir.Block:
			f(n.Body)
		case *ir.Catch:
			f(n.Body)
		case *ir.ExceptArm:
			f(n.Body)
		case *ir.If:
			f(n.Else)
		case *ir.Branch:
			f(n.Body)
		case *ir.CaseStmt:
			f(n.Else)
		case *ir.Loop:
			f(n.Body)
		}
		return true
	})
}

// loopOf is a FORALL as a loop.
func (r *run) loopOf(n *ir.Forall, f *forall) []ir.Stmt {
	if n.Body == nil || n.Var == nil || !isChange(n.Body) {
		rewrite.Refuse(r.Pass, bulk, n.Span, "FORALL of such a statement")
		return []ir.Stmt{n}
	}
	before, body, after := r.together(n)
	if f.counts != nil || f.total != nil {
		d := r.local("row_count", types.Int{Bits: 32}, n)
		if part := bulkInto(n.Body); part != nil {
			body = append(body, set(control.Var(d), build.Call("cardinality", part, types.Int{Bits: 32}, code, ir.Clone(part)), n))
		} else {
			g := &ir.GetDiagnostics{Items: []*ir.DiagItem{{Target: control.Var(d), Name: "ROW_COUNT"}}}
			g.Span = n.Span
			g.Items[0].Span = n.Span
			body = append(body, g)
		}
		if f.counts != nil {
			before = append(before, set(control.Var(f.counts), build.As(control.Text("{}"), "jsonb", types.JSON{}, code), n))
			one := build.Call("to_jsonb", control.Var(d), types.JSON{}, code, control.Var(d))
			body = append(body, set(control.Var(f.counts), r.helper("map_put", control.Var(d), types.JSON{}, control.Var(f.counts), control.Var(n.Var), one), n))
		}
		if f.total != nil {
			before = append(before, set(control.Var(f.total), control.Int("0"), n))
			body = append(body, set(control.Var(f.total), build.Op("+", control.Var(d), types.Int{Bits: 32}, code, control.Var(f.total), control.Var(d)), n))
		}
	}
	if n.SaveExceptions {
		before = append(before, set(control.Var(f.errors), build.As(control.Text("[]"), "jsonb", types.JSON{}, code), n))
		var round *ir.VarDecl
		if n.Indices != nil || n.Values != nil {
			round = r.counter("round", n)
			before = append(before, set(control.Var(round), control.Int("0"), n))
		}
		var raise []ir.Stmt
		body, raise = r.saved(n, f, body, round)
		after = append(after, raise...)
	}
	loop := &ir.Loop{Kind: ir.RangeLoop, Var: n.Var, Lo: n.Lo, Hi: n.Hi, Body: body}
	loop.Span = n.Span
	loop.Made(code)
	if n.Indices != nil || n.Values != nil {
		return append(append(before, r.over(n, loop)...), after...)
	}
	return append(append(before, loop), after...)
}

// together is the statement of a FORALL with what it needs to gather the rows that all its rounds return.
func (r *run) together(n *ir.Forall) (before, body, after []ir.Stmt) {
	body = []ir.Stmt{n.Body}
	if bulkInto(n.Body) == nil {
		return nil, body, nil
	}
	into := *returned(n.Body)
	for i, x := range into {
		_, elem := elemOf(x)
		if elem == nil {
			rewrite.Refuse(r.Pass, bulk, n.Span, "BULK COLLECT INTO something that is no collection")
			return nil, body, nil
		}
		all, part := r.array("returned", elem, n), r.array("part", elem, n)
		before = append(before, set(control.Var(all), r.emptyArray(all, x), n))
		body = append(body, set(control.Var(all), build.Call("array_cat", x, all.Type, code, control.Var(all), control.Var(part)), n))
		t, _ := x.TypeOf().(types.Collection)
		after = append(after, r.assign(x, r.gathered(t, form(r, x), control.Var(all), n), n)...)
		into[i] = control.Var(part)
	}
	return before, body, after
}

// returned is the list of places that a change returns values into.
func returned(s ir.Stmt) *[]ir.Expr {
	switch n := s.(type) {
	case *ir.Insert:
		return &n.Into
	case *ir.Update:
		return &n.Into
	case *ir.Delete:
		return &n.Into
	}
	return nil
}

// saved keeps the errors of a FORALL ... SAVE EXCEPTIONS and raises ORA-24381 at its end. They tell the number of the round, which a loop over
// the places of a collection counts (round).
func (r *run) saved(n *ir.Forall, f *forall, body []ir.Stmt, round *ir.VarDecl) (in, after []ir.Stmt) {
	var index ir.Expr = control.Var(n.Var)
	if round != nil {
		index = control.Var(round)
		next := build.Op("+", index, types.Int{Bits: 32}, code, control.Var(round), control.Int("1"))
		in = append(in, set(control.Var(round), next, n))
	} else if v, ok := build.IntLiteral(n.Lo); !ok || v != 1 {
		low := build.Op("-", index, types.Int{Bits: 32}, code, index, ir.Clone(n.Lo))
		index = build.Op("+", index, types.Int{Bits: 32}, code, low, control.Int("1"))
	}
	number := r.helper("sqlcode", index, types.Int{Bits: 32}, control.State(), control.Message())
	if _, updated := n.Body.(*ir.Update); updated { // a NULL where none may be is ORA-01407 then
		number.Args = append(number.Args, truth(false), truth(true))
	}
	one := build.Call("jsonb_build_object", index, types.JSON{}, code, control.Text("index"), index, control.Text("code"),
		build.Call("abs", index, types.Int{Bits: 32}, code, number))
	arm := &ir.ExceptArm{Conditions: []string{"OTHERS"}, Body: []ir.Stmt{set(control.Var(f.errors), build.Op("||", index, types.JSON{}, code, control.Var(f.errors), one), n)}}
	arm.Span = n.Span
	b := &ir.Block{Body: body, Except: []*ir.ExceptArm{arm}}
	b.Span = n.Span
	raise := &ir.Raise{Level: "EXCEPTION", State: bulkState, Message: control.Text("ORA-24381: error(s) in array DML")}
	raise.Span = n.Span
	raise.Made(code)
	count := build.Call("jsonb_array_length", index, types.Int{Bits: 32}, code, control.Var(f.errors))
	if f.last != nil { // the handler reads the number of rows
		after = append(after, set(control.Var(f.last), control.Var(f.total), n))
	}
	return append(in, b), append(after, control.When(build.Compare(ir.Gt, count, control.Int("0"), index, code), raise))
}

// attributes replaces the attributes of bulk statements.
func (r *run) attributes(b *ir.Block, f *forall) {
	_ = ir.MapExprs(ir.Stmt(b), func(e ir.Expr) ir.Expr {
		a, ok := e.(*ir.CursorAttr)
		if !ok || a.Cursor != nil {
			return e
		}
		integer := types.Int{Bits: 32}
		switch {
		case a.Name == "BULK_ROWCOUNT" && f.counts != nil && a.Index != nil:
			h := r.helper("map_text", a, types.Text{}, control.Var(f.counts), build.As(a.Index, "integer", integer, code))
			return build.As(h, "integer", integer, code)
		case a.Name == "BULK_EXCEPTIONS" && f.errors != nil && a.Part == "COUNT":
			return build.Call("jsonb_array_length", a, integer, code, control.Var(f.errors))
		case a.Name == "BULK_EXCEPTIONS" && f.errors != nil && a.Index != nil:
			key := "index"
			if a.Part == "ERROR_CODE" {
				key = "code"
			}
			at := build.Op("-", a, integer, code, a.Index, control.Int("1"))
			item := build.Op("->", a, types.JSON{}, code, control.Var(f.errors), at)
			return build.As(build.Op("->>", a, types.Text{}, code, item, control.Text(key)), "integer", integer, code)
		}
		return e
	})
}
