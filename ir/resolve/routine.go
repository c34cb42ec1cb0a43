package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// routine resolves a procedure or function. User variables take part with the types that all of its assignments give together,
// so the body is resolved on copies until these are stable.
func (r *Resolver) routine(s *ir.Routine) {
	p := newProgram(nil)
	p.routine = s
	for _, d := range s.Params {
		p.params[strings.ToLower(d.Name.Text)] = d
	}
	r.within(s.Name.Schema(), func() {
		r.body(s.Object, s.Body, func() { s.Body = r.bodyStmt(p, s.Body) }, func() ir.Stmt { return ir.Clone(s.Body) }, p)
	})
}

// within calls f with a database in use, "" for the one that is. The body of a routine, trigger or event uses the database that it is stored in,
// whichever was in use when it was made (MySQL Reference Manual, "Stored Routine Syntax").
func (r *Resolver) within(schema string, f func()) {
	was := r.schema
	defer r.use(was) // a statement that the resolver cannot bear ends by a panic, and the next one uses its own database
	if schema != "" {
		r.use(schema)
	}
	f()
}

// probed are the kinds of nodes for which a body is resolved on copies first: without them no user variable is assigned, and no table
// comes or goes.
var probed = ir.Kinds(ir.KindUserVar, ir.KindAssignExpr, ir.KindCallProc, ir.KindExecute, ir.KindCreateTable, ir.KindAlterTable, ir.KindRenameTables, ir.KindDrop)

// body resolves the body of a routine, trigger or event with user variables of its own.
func (r *Resolver) body(object *catalog.Routine, s ir.Stmt, final func(), copied func() ir.Stmt, p *program) {
	var kinds ir.NodeKinds
	kinds.Look(s)
	vars, in, assigned, handled := r.vars, r.inRoutine, r.assigned, r.handled
	r.inRoutine, r.handled = true, takesErrors(s)
	known := map[string]types.Type{}
	for i := 0; i < 3 && probed.Meets(&kinds); i++ {
		r.vars, r.assigned = cloneVars(known), map[string]types.Type{}
		probe := copied()
		r.quietly(func() { r.withTables(false, func() { r.bodyStmt(p, probe) }) })
		if sameVars(known, r.assigned) {
			break
		}
		known = r.assigned
	}
	r.vars, r.assigned = cloneVars(known), map[string]types.Type{}
	r.withTables(true, final)
	if object != nil {
		r.effects[object] = r.assigned
	}
	r.vars, r.inRoutine, r.assigned, r.handled = vars, in, assigned, handled
}

func cloneVars(m map[string]types.Type) map[string]types.Type {
	c := make(map[string]types.Type, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

func sameVars(a, b map[string]types.Type) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range b {
		if o, ok := a[k]; !ok || o != v {
			return false
		}
	}
	return true
}

func (r *Resolver) trigger(s *ir.CreateTrigger) {
	it := r.bindTable(s.Table)
	s.Object = it.table
	if it.table == nil {
		return
	}
	p := newProgram(nil)
	p.trigger, p.events = it.table, s.Events
	schema := s.Name.Schema()
	if schema == "" {
		schema = s.Table.Name.Schema()
	}
	r.within(schema, func() {
		r.body(nil, s.Body, func() { s.Body = r.bodyStmt(p, s.Body) }, func() ir.Stmt { return ir.Clone(s.Body) }, p)
	})
}

// bodyStmt resolves one statement of a routine.
func (r *Resolver) bodyStmt(p *program, s ir.Stmt) ir.Stmt {
	sc := (&scope{proc: p}).inner()
	sc.outer = nil
	switch s := s.(type) {
	case nil:
	case *ir.Block:
		r.block(p, s)
	case *ir.If:
		defer r.maybe()()
		for _, b := range s.Branches {
			b.Cond = r.condition(sc, b.Cond)
			r.list(p, b.Body)
		}
		r.list(p, s.Else)
	case *ir.CaseStmt:
		defer r.maybe()()
		return r.caseStmt(p, sc, s)
	case *ir.Loop:
		defer r.maybe()()
		r.loop(p, sc, s)
	case *ir.Leave:
		r.label(p, s.Label, s)
	case *ir.Iterate:
		r.label(p, s.Label, s)
	case *ir.Return:
		r.returns(p, sc, s)
	case *ir.ReturnRows:
		r.query(sc, s.Query)
	case *ir.SelectInto:
		r.query(sc, s.Query)
		r.storeInto(s.Query)
	case *ir.OpenCursor:
		r.openCursor(p, sc, s)
	case *ir.FetchCursor:
		r.fetchCursor(p, sc, s)
	case *ir.CloseCursor:
		if p.cursor(s.Name) == nil {
			r.fail(unknownName, s.Span, "no cursor is called %q here", s.Name)
		}
	case *ir.Signal:
		r.signal(p, sc, s)
	case *ir.GetDiagnostics:
		r.diagnostics(sc, s)
	case *ir.Nothing:
	default:
		return r.statement(sc, s)
	}
	return s
}

func (r *Resolver) list(p *program, body []ir.Stmt) {
	for i := range body {
		body[i] = r.bodyStmt(p, body[i])
	}
}

func (r *Resolver) block(outer *program, s *ir.Block) {
	p := newProgram(outer)
	p.label = s.Label
	for _, d := range s.Decls {
		switch d := d.(type) {
		case *ir.VarDecl:
			r.varDecl(p, d)
			p.vars[strings.ToLower(d.Name.Text)] = d
		case *ir.ConditionDecl:
			p.conditions[strings.ToLower(d.Name.Text)] = d
		case *ir.CursorDecl:
			r.cursorDecl(p, d)
		}
	}
	for _, d := range s.Decls {
		if h, ok := d.(*ir.Handler); ok {
			r.conditions(p, h)
			r.handlerBody(p, h)
		}
	}
	r.list(p, s.Body)
}

func (r *Resolver) varDecl(p *program, d *ir.VarDecl) {
	switch {
	case d.TypeOf != nil:
		d.Type = r.typeOf(*d.TypeOf, d)
	case d.RowOf != nil:
		d.Type = r.rowOfTable(p, *d.RowOf, d)
	}
	d.Type = r.fill(d.Type, r.schemaCollation(r.unit.Schema))
	if d.Default != nil {
		sc := &scope{proc: p, ctes: map[string]*cte{}}
		d.Default = r.strictly(sc, d.Default)
		r.strictValue(d.Default)
		d.Default = r.assign(d.Default, d.Type)
		if b, bytes := d.Type.(types.Binary); bytes {
			d.Default = r.fittingBytes(d.Default, b)
		}
	}
}

// typeOf is the type of table.column (MariaDB's TYPE OF).
func (r *Resolver) typeOf(q ir.QName, at ir.Node) types.Type {
	if len(q.Parts) >= 2 {
		t := r.findTable(ir.QName{Parts: q.Parts[:len(q.Parts)-1]})
		if t != nil {
			for _, c := range r.columnsOf(t) {
				if strings.EqualFold(c.name, q.Name()) {
					return c.typ
				}
			}
		}
	}
	r.fail(unknownName, spanOr(q.Span, at.Base().Span), "no column is called %s", q)
	return types.Unknown{Why: "TYPE OF " + q.String()}
}

func (r *Resolver) rowOfTable(p *program, q ir.QName, at ir.Node) types.Type {
	row := types.Row{}
	if c := p.cursor(q.Name()); c != nil && len(q.Parts) == 1 && c.Query != nil {
		if t := c.Query.Columns(); t != nil {
			return *t
		}
	}
	t := r.findTable(q)
	if t == nil {
		r.fail(unknownTable, spanOr(q.Span, at.Base().Span), "table %s is not in the catalog", q)
		return types.Unknown{Why: "ROW TYPE OF " + q.String()}
	}
	for _, c := range r.columnsOf(t) {
		row.Names = append(row.Names, c.name)
		row.Types = append(row.Types, c.typ)
	}
	return row
}

func (r *Resolver) cursorDecl(p *program, d *ir.CursorDecl) {
	in := newProgram(p)
	for _, a := range d.Params {
		a.Type = r.fill(a.Type, r.schemaCollation(r.unit.Schema))
		in.params[strings.ToLower(a.Name.Text)] = a
	}
	if d.Query != nil {
		r.query(&scope{proc: in, ctes: map[string]*cte{}}, d.Query)
	}
	p.cursors[strings.ToLower(d.Name.Text)] = d
}

func (r *Resolver) conditions(p *program, h *ir.Handler) {
	for _, c := range h.Conditions {
		if c.Kind == ir.ByName && p.condition(c.Name) == nil {
			r.fail(unknownName, h.Span, "no condition is called %q here", c.Name)
		}
	}
}

// caseStmt resolves a CASE statement. One that compares texts becomes a searched one: each comparison has its collation.
func (r *Resolver) caseStmt(p *program, sc *scope, s *ir.CaseStmt) ir.Stmt {
	var out ir.Stmt = s
	if s.Operand != nil {
		s.Operand = r.value(sc, s.Operand)
	}
	var conds []ir.Expr
	for _, b := range s.Branches {
		if s.Operand == nil {
			b.Cond = r.condition(sc, b.Cond)
		} else {
			b.Cond = r.value(sc, b.Cond)
			conds = append(conds, b.Cond)
		}
	}
	if s.Operand != nil {
		r.comparable(s.Operand, conds, func(x ir.Expr, xs []ir.Expr, c types.Collation) {
			if c.Name != "" {
				out = r.caseByValue(s)
				return
			}
			s.Operand, s.Collation = x, c
			for i, b := range s.Branches {
				b.Cond = xs[i]
			}
		}, func() { out = r.caseByValue(s) })
	}
	for _, b := range s.Branches {
		r.list(p, b.Body)
	}
	r.list(p, s.Else)
	return out
}

// caseByValue compares the operand with each value by itself. An operand that is no variable is evaluated once, into one.
func (r *Resolver) caseByValue(s *ir.CaseStmt) ir.Stmt {
	var out ir.Stmt = s
	operand := s.Operand
	s.Operand = nil
	if _, plain := operand.(*ir.Name); !plain {
		d := &ir.VarDecl{Name: ir.Ident{Text: "case_value"}, Type: operand.TypeOf(), Default: operand}
		d.Span = operand.Base().Span
		n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.VarRef{Decl: d}}
		n.Span, n.Type = d.Span, d.Type
		operand = n
		b := &ir.Block{Decls: []ir.Decl{d}, Body: []ir.Stmt{s}}
		b.Span = s.Span
		out = b
	}
	for _, b := range s.Branches {
		b.Cond = r.compared(ir.Eq, ir.Clone(operand), b.Cond)
	}
	return out
}

func (r *Resolver) loop(outer *program, sc *scope, s *ir.Loop) {
	p := newProgram(outer)
	p.label = s.Label
	in := &scope{proc: p, ctes: map[string]*cte{}}
	if s.Query != nil {
		row := r.query(sc, s.Query)
		if s.Var != nil {
			s.Var.Type = *row
		}
	}
	for _, e := range []*ir.Expr{&s.Lo, &s.Hi} {
		if *e != nil {
			*e = r.integer(r.value(sc, *e))
		}
	}
	if s.Var != nil {
		if s.Var.Type == nil {
			s.Var.Type = types.Int{Bits: 64}
		}
		p.vars[strings.ToLower(s.Var.Name.Text)] = s.Var
	}
	if s.Cond != nil {
		s.Cond = r.condition(in, s.Cond)
	}
	r.list(p, s.Body)
}

func (r *Resolver) label(p *program, name string, at ir.Node) {
	if name != "" && !p.hasLabel(name) {
		r.fail(unknownName, at.Base().Span, "no block or loop is labelled %q here", name)
	}
}

func (r *Resolver) returns(p *program, sc *scope, s *ir.Return) {
	if s.Value == nil {
		return
	}
	s.Value = r.strictly(sc, s.Value)
	r.strictValue(s.Value)
	if p.routine != nil && p.routine.Returns != nil {
		s.Value = r.caught(p, r.handOver(s.Value, p.routine.Returns), p.routine.Returns)
	}
}

func (r *Resolver) openCursor(p *program, sc *scope, s *ir.OpenCursor) {
	c := p.cursor(s.Name)
	if c == nil {
		r.fail(unknownName, s.Span, "no cursor is called %q here", s.Name)
		return
	}
	for i := range s.Args {
		s.Args[i] = r.value(sc, s.Args[i])
		if i < len(c.Params) {
			s.Args[i] = r.pass(s.Args[i], c.Params[i].Type)
		}
	}
}

func (r *Resolver) fetchCursor(p *program, sc *scope, s *ir.FetchCursor) {
	c := p.cursor(s.Name)
	for i := range s.Into {
		s.Into[i] = r.intoTarget(sc, s.Into[i])
	}
	if c == nil {
		r.fail(unknownName, s.Span, "no cursor is called %q here", s.Name)
		return
	}
	if c.Query == nil || c.Query.Columns() == nil {
		return
	}
	row := c.Query.Columns()
	sel, _ := c.Query.(*ir.Select)
	for i, t := range s.Into {
		if i >= len(row.Types) {
			break
		}
		if v, ok := t.(*ir.UserVar); ok {
			v.Type = r.assignUserVar(v, typed(row.Types[i]))
			continue
		}
		if !fetches(row.Types[i], t.TypeOf()) {
			r.fail(mixedClasses, s.Span, "%s is fetched into %s, of type %s: convert it in the query of the cursor", row.Types[i], t.Base().Span.Text(), t.TypeOf())
		}
		if sel != nil && len(sel.Items) == len(row.Types) {
			r.noteUncaught(sel.Items[i].Expr, t.TypeOf(), storing{strict: r.strict(r.unit.Settings)})
		}
	}
}

// fetches tells that the target's FETCH gives a variable of a type what the source's does, or raises: it goes by the text of the value.
func fetches(from, to types.Type) bool {
	b, bit := from.(types.Bit)
	_, toBit := to.(types.Bit)
	if bit || toBit {
		return bit && (toBit || b.N <= 1 && types.IsNumeric(to))
	}
	switch from := from.(type) {
	case types.Enum, types.Set:
		return !types.IsNumeric(to)
	case types.Year:
		return !isTime(to)
	case types.Date:
		return !types.IsNumeric(to) && !isTime(to)
	case types.Timestamp:
		return kindOf(to) == temporalKind && !isTime(to) // its text has the zone
	case types.DateTime:
		return kindOf(to) == temporalKind && !isTime(to) || kindOf(to) == textKind && from.Precision == 0 // its text leaves zeros out
	case types.Time:
		return isTime(to) || kindOf(to) == textKind && from.Precision == 0
	}
	return true
}

func (r *Resolver) signal(p *program, sc *scope, s *ir.Signal) {
	if s.Condition != nil && s.Condition.Kind == ir.ByName {
		c := p.condition(s.Condition.Name)
		if c == nil {
			r.fail(unknownName, s.Span, "no condition is called %q here", s.Condition.Name)
		}
	}
	for _, it := range s.Items {
		if it.Value != nil {
			it.Value = r.value(sc, it.Value)
		}
	}
}

func (r *Resolver) diagnostics(sc *scope, s *ir.GetDiagnostics) {
	if s.Condition != nil {
		s.Condition = r.value(sc, s.Condition)
	}
	for _, it := range s.Items {
		it.Target = r.intoTarget(sc, it.Target)
		if v, ok := it.Target.(*ir.UserVar); ok {
			t := types.Type(types.Text{})
			switch it.Name {
			case "NUMBER", "ROW_COUNT", "MYSQL_ERRNO":
				t = types.Int{Bits: 64}
			}
			v.Type = r.assignUserVar(v, typed(t))
		}
	}
}
