package resolve

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// statement resolves a statement that may stand at the top level.
func (r *Resolver) statement(sc *scope, s ir.Stmt) ir.Stmt {
	switch s := s.(type) {
	case *ir.QueryStmt:
		r.query(sc, s.Query)
		r.storeInto(s.Query)
	case *ir.Insert:
		r.change(s, s.OnError, func() { r.insert(sc, s) })
	case *ir.Update:
		r.change(s, s.OnError, func() { r.update(sc, s) })
	case *ir.Delete:
		if r.sem.DeletesAreLax {
			r.delete(sc, s)
			break
		}
		r.change(s, s.OnError, func() { r.delete(sc, s) })
	case *ir.Truncate:
		r.bindTable(s.Table)
	case *ir.SetVar:
		r.set(sc, s)
	case *ir.CallProc:
		r.callProc(sc, s)
	case *ir.Do:
		for i := range s.Items {
			s.Items[i] = r.value(sc, s.Items[i])
		}
	case *ir.Prepare:
		s.Text = r.value(sc, s.Text)
	case *ir.Execute:
		r.execute(sc, s)
	case *ir.LockTables:
		for _, it := range s.Items {
			r.bindTable(it.Table)
		}
	case *ir.Block:
		p := sc.proc
		if p == nil {
			p = newProgram(nil)
		}
		r.body(nil, s, func() { r.block(p, s) }, func() ir.Stmt { return ir.Clone(s) }, p)
	case *ir.Routine:
		r.routine(s)
	case *ir.CreateTrigger:
		r.trigger(s)
	case *ir.CreateEvent:
		p := newProgram(nil)
		r.within(s.Name.Schema(), func() {
			r.body(nil, s.Body, func() { s.Body = r.bodyStmt(p, s.Body) }, func() ir.Stmt { return ir.Clone(s.Body) }, p)
		})
	case *ir.If, *ir.CaseStmt, *ir.Loop, *ir.SelectInto, *ir.ReturnRows, *ir.Signal, *ir.GetDiagnostics:
		return r.bodyStmt(newProgram(nil), s)
	default:
		return r.definition(sc, s)
	}
	return s
}

// definition resolves the expressions of DDL.
func (r *Resolver) definition(sc *scope, s ir.Stmt) ir.Stmt {
	if r.made != nil {
		r.declareInBody(s)
		if c, ok := s.(*ir.CreateTable); ok && r.views[c.Object] != nil {
			r.views[c.Object].proc = sc.proc
		}
	}
	switch s := s.(type) {
	case *ir.CreateTable:
		r.createTable(sc, s)
	case *ir.AlterTable:
		r.alterTable(s)
	case *ir.CreateIndex:
		r.createIndex(s)
	case *ir.CreateView:
		r.createView(s)
	case *ir.Drop:
		if s.On != nil {
			r.bindTable(s.On)
		}
		r.dropNames(s)
	}
	return s
}

// dropNames tells what the names of a DROP stand for: a table that comes later in the script if it stands before it,
// and the database in use for objects that are always in one.
func (r *Resolver) dropNames(s *ir.Drop) {
	for i := range s.Tables {
		if t := s.Tables[i]; t != nil && (t.Kind == catalog.TempTable || t.Target != "") || s.Temporary {
			continue
		}
		if t := r.findTable(s.Names[i]); t != nil && t.Kind != catalog.TempTable {
			s.Tables[i] = t
		}
	}
	switch s.Kind {
	case "view", "sequence", "procedure", "function":
		for i, q := range s.Names {
			if q.Schema() == "" && r.schema != "" {
				s.Names[i].Parts = append([]ir.Ident{{Text: r.schema}}, q.Parts...)
			}
		}
	}
}

// set resolves SET. Outside of routines all values are computed before the first variable changes.
func (r *Resolver) set(sc *scope, s *ir.SetVar) {
	for _, it := range s.Items {
		r.setValue(sc, it)
		if r.inRoutine {
			r.setTarget(sc, it)
		}
	}
	for _, it := range s.Items {
		if !r.inRoutine {
			r.setTarget(sc, it)
		}
	}
}

func (r *Resolver) setValue(sc *scope, it *ir.SetItem) {
	if it.Value != nil {
		if n, ok := it.Value.(*ir.Name); ok && len(n.Parts) == 1 && n.Ref == nil && isSysVar(it.Target) {
			// SET sql_mode = ANSI: a word, no name.
			if v, p := sc.proc.variable(n.Parts[0].Text); v == nil && p == nil {
				str := &ir.String{Value: n.Parts[0].Text}
				str.Meta = n.Meta
				it.Value = str
			}
		}
		it.Value = r.assignedValue(sc, it)
	}
}

// assignedValue resolves the value of an assignment. User variables and settings take what a query would.
func (r *Resolver) assignedValue(sc *scope, it *ir.SetItem) ir.Expr {
	switch it.Target.(type) {
	case *ir.UserVar, *ir.SysVar:
		return r.value(sc, it.Value)
	}
	return r.strictly(sc, it.Value)
}

func (r *Resolver) setTarget(sc *scope, it *ir.SetItem) {
	switch t := it.Target.(type) {
	case *ir.UserVar:
		t.Type = types.Null{}
		if it.Value != nil {
			t.Type = r.assignUserVar(t, it.Value)
		}
	case *ir.SysVar:
		t.Type = sysVarType(t.Name)
	default:
		it.Target = r.intoTarget(sc, it.Target)
		if it.Value != nil {
			r.strictValue(it.Value)
			it.Value = r.give(it.Value, it.Target)
		}
	}
}

func isSysVar(e ir.Expr) bool { _, ok := e.(*ir.SysVar); return ok }

func (r *Resolver) callProc(sc *scope, s *ir.CallProc) {
	schema := s.Name.Schema()
	if schema == "" {
		schema = r.schema
	}
	if s.Routine == nil {
		s.Routine = r.cat.Routine(catalog.Procedure, schema, s.Name.Name())
	}
	for i := range s.Args {
		if s.Routine != nil && i < len(s.Routine.Params) && s.Routine.Params[i].Mode != catalog.In {
			s.Args[i] = r.outArgument(sc, s.Args[i], s.Routine.Params[i])
			continue
		}
		s.Args[i] = r.value(sc, s.Args[i])
	}
	if s.Routine == nil {
		r.missingRoutine("procedure", schema, s.Name, spanOr(s.Name.Span, s.Span))
		return
	}
	if len(s.Args) != len(s.Routine.Params) {
		r.fail(wrongArguments, s.Span, "procedure %s takes %d arguments, not %d", s.Name, len(s.Routine.Params), len(s.Args))
		return
	}
	for i, p := range s.Routine.Params {
		if p.Mode == catalog.In {
			s.Args[i] = r.pass(s.Args[i], p.Type)
		}
	}
	r.afterCall(r.effects[s.Routine])
	for i, p := range s.Routine.Params {
		if v, ok := s.Args[i].(*ir.UserVar); ok && p.Mode != catalog.In {
			r.assignUserVar(v, typed(p.Type))
		}
	}
}

// outArgument binds a variable that takes a result; an INOUT argument is read with the type it has before the call.
func (r *Resolver) outArgument(sc *scope, e ir.Expr, p catalog.Param) ir.Expr {
	v, ok := e.(*ir.UserVar)
	if !ok {
		return r.intoTarget(sc, e)
	}
	if p.Mode == catalog.InOut {
		v.Type = r.userVar(v)
	} else {
		v.Type = r.session(p.Type)
	}
	return v
}

func (r *Resolver) execute(sc *scope, s *ir.Execute) {
	if s.Text != nil {
		s.Text = r.value(sc, s.Text)
	}
	for i := range s.Using {
		s.Using[i] = r.value(sc, s.Using[i])
	}
	for i := range s.Into {
		s.Into[i] = r.intoTarget(sc, s.Into[i])
	}
}
