package collections

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

func (r *run) gap(c *ir.CollectionCall) {
	rewrite.Refuse(r.Pass, gaps, c.Span, "DELETE of an element of %s", c.X.TypeOf())
}

// program rewrites the statements of a routine and of those that it declares.
func (r *run) program(owner ir.Stmt) {
	ir.WalkStatements(owner, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && ir.Stmt(d.Routine) != owner {
			if d.Routine.Body != nil {
				r.program(d.Routine)
			}
			return false
		}
		return true
	})
	body := control.Body(owner)
	if body == nil {
		return
	}
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		b.Span = body.Base().Span
		control.SetBody(owner, b)
	}
	r.top = b
	r.foralls(b)
	enter := func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl && ir.HoldsStatements(n)
	}
	_ = ir.MapPre[ir.Stmt](b, enter, func(n ir.Node) ir.Node {
		s, ok := n.(ir.Stmt)
		if !ok || r.Refused() {
			return n
		}
		list := r.stmt(s)
		if len(list) == 1 && list[0] == s {
			return s
		}
		for _, x := range list {
			if !x.Base().Span.IsValid() {
				x.Base().Span = s.Base().Span
			}
		}
		return control.Take(code, s, list...)
	})
}

// stmt is one statement, whose inner statements have their form.
func (r *run) stmt(s ir.Stmt) []ir.Stmt {
	switch n := s.(type) {
	case *ir.Block, *ir.If, *ir.CaseStmt, *ir.Loop:
		return []ir.Stmt{s}
	case *ir.SetVar:
		if len(n.Items) == 1 && n.Items[0].Value != nil && !plain(n.Items[0].Target) && !targets(n.Items[0].Target) {
			return r.assign(n.Items[0].Target, n.Items[0].Value, n)
		}
		return []ir.Stmt{s}
	case *ir.Invocation:
		if c, ok := n.X.(*ir.CollectionCall); ok {
			return r.change(n, c)
		}
	case *ir.PipeRow:
		x := &ir.ReturnNext{Value: n.Value}
		return []ir.Stmt{x}
	case *ir.SelectInto:
		if m := ir.Common(n.Query); m != nil && m.Bulk {
			return r.bulkSelect(n, m)
		}
	case *ir.FetchCursor:
		if n.Bulk {
			return r.bulkFetch(n)
		}
	case *ir.Insert:
		if n.Record != nil {
			return r.insertRecord(n)
		}
		if n.Bulk {
			return r.bulkReturning(n, &n.Returning, &n.Into, &n.Bulk)
		}
	case *ir.Update:
		if n.SetRow != nil {
			if before := r.setRow(n); before != nil {
				return append(before, r.places(n)...)
			}
		}
		if n.Bulk {
			return r.bulkReturning(n, &n.Returning, &n.Into, &n.Bulk)
		}
	case *ir.Delete:
		if n.Bulk {
			return r.bulkReturning(n, &n.Returning, &n.Into, &n.Bulk)
		}
	case *ir.Execute:
		if n.Bulk {
			rewrite.Refuse(r.Pass, bulk, n.Span, "dynamic SQL into collections")
			return []ir.Stmt{s}
		}
	}
	return r.places(s)
}

// targets tells a place that this rule has made.
func targets(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Subscript:
		return true
	case *ir.Field:
		return targets(x.X)
	}
	return false
}

// places gives values that a statement gives back variables on their way into elements.
func (r *run) places(s ir.Stmt) []ir.Stmt {
	var before, after []ir.Stmt
	taken := 0
	one := func(e *ir.Expr, reads bool) {
		at := e
		if n, ok := (*e).(*ir.NamedArg); ok {
			at = &n.Value
		}
		if *at == nil {
			return
		}
		switch x := (*at).(type) {
		case *ir.Element, *ir.Field:
		case *ir.Name:
			if _, call := s.(*ir.CallProc); call || !rowField(x) {
				return
			}
		default:
			return
		}
		d := r.local("value", (*at).TypeOf(), s)
		if reads {
			before = append(before, set(control.Var(d), ir.Clone(*at), s))
		}
		after = append(after, r.assign(*at, control.Var(d), s)...)
		*at = control.Var(d)
		taken++
	}
	list := func(l []ir.Expr) {
		for i := range l {
			one(&l[i], false)
		}
	}
	switch n := s.(type) {
	case *ir.SelectInto:
		if m := ir.Common(n.Query); m != nil {
			list(m.Into)
		}
	case *ir.FetchCursor:
		if list(n.Into); len(after) > 0 {
			n.Direct = taken == len(n.Into) // nobody reads variables of ours where no row is left
			after = []ir.Stmt{whereFound(n, after)}
		}
	case *ir.Insert:
		list(n.Into)
	case *ir.Update:
		list(n.Into)
	case *ir.Delete:
		list(n.Into)
	case *ir.Execute:
		list(n.Into)
		list(n.Returning)
	case *ir.CallProc:
		if n.Routine == nil {
			break
		}
		for i := range n.Args {
			if p := paramOf(n.Routine, i, n.Args[i]); p != nil && p.Mode != catalog.In {
				one(&n.Args[i], p.Mode == catalog.InOut)
			}
		}
	}
	return append(append(before, s), after...)
}

// rowField tells a field of a record that is a row itself. INTO takes the columns of a row for the fields of a variable only (PostgreSQL
// manual, "Executing a Command with a Single-Row Result"): a field would take the first of them.
func rowField(n *ir.Name) bool {
	if _, ok := n.Ref.(*ir.FieldRef); !ok {
		return false
	}
	switch n.Type.(type) {
	case types.Record, types.Row:
		return true
	}
	return false
}

func paramOf(o *catalog.Routine, i int, a ir.Expr) *catalog.Param {
	if n, ok := a.(*ir.NamedArg); ok {
		for k := range o.Params {
			if o.Params[k].Name == n.Name.Text {
				return &o.Params[k]
			}
		}
		return nil
	}
	if i < len(o.Params) {
		return &o.Params[i]
	}
	return nil
}

// elemOf is the type of the elements that a bulk statement fills a collection with.
func elemOf(e ir.Expr) (types.Collection, types.Type) {
	c, ok := e.TypeOf().(types.Collection)
	if !ok || c.CollectionDecl == nil {
		return c, nil
	}
	return c, c.Elem
}

// isRow tells that elements are records that take several columns.
func isRow(t types.Type, q ir.Query) bool {
	if _, ok := t.(types.Record); !ok {
		return false
	}
	if s, ok := q.(*ir.Select); ok && len(s.Items) == 1 {
		_, whole := s.Items[0].Expr.TypeOf().(types.Record)
		return !whole
	}
	return true
}

// bulkSelect is SELECT ... BULK COLLECT INTO.
func (r *run) bulkSelect(n *ir.SelectInto, m *ir.QueryMeta) []ir.Stmt {
	into := m.Into
	m.Into, m.Bulk = nil, false
	if len(into) == 1 {
		t, elem := elemOf(into[0])
		f := form(r, into[0])
		if elem == nil || f == datatypes.Unknown {
			rewrite.Refuse(r.Pass, bulk, n.Span, "BULK COLLECT INTO something that is no collection")
			return []ir.Stmt{n}
		}
		return r.assign(into[0], r.gathered(t, f, r.list(n.Query, elem, n), n), n)
	}
	q := &ir.Select{}
	d := &ir.Derived{Query: n.Query, Alias: ir.Ident{Text: "rows_read", Quoted: true}}
	d.Span = n.Span
	var after []ir.Stmt
	for i, x := range into {
		t, elem := elemOf(x)
		f := form(r, x)
		if elem == nil || f == datatypes.Unknown {
			rewrite.Refuse(r.Pass, bulk, n.Span, "BULK COLLECT INTO something that is no collection")
			return []ir.Stmt{n}
		}
		if f != datatypes.Array || !plain(x) { // gathered in an array of its own first
			list := r.array("list", elem, n)
			after = append(after, r.assign(x, r.gathered(t, f, control.Var(list), n), n)...)
			x = control.Var(list)
			x.Base().Span = n.Span
			into[i] = x
		}
		name := ir.Ident{Text: "c" + string(rune('1'+i)), Quoted: true}
		if i > 8 {
			rewrite.Refuse(r.Pass, bulk, n.Span, "BULK COLLECT into more than nine collections")
		}
		d.Columns = append(d.Columns, name)
		c := &ir.Name{Parts: []ir.Ident{d.Alias, name}}
		c.Span, c.Type = n.Span, elem
		empty := build.Make(control.Text("{}"), c, types.Text{}, "")
		q.Items = append(q.Items, &ir.SelectItem{Expr: build.Call("coalesce", c, x.TypeOf(), code, build.Call("array_agg", c, x.TypeOf(), code, c), empty)})
	}
	q.From, q.Span, q.Into = []ir.TableExpr{d}, n.Span, into
	s := &ir.SelectInto{Query: q}
	s.Span = n.Span
	return append([]ir.Stmt{s}, after...)
}

// list is a query as an array of its rows.
func (r *run) list(q ir.Query, elem types.Type, at ir.Node) ir.Expr {
	if isRow(elem, q) {
		d := &ir.Derived{Query: q, Alias: ir.Ident{Text: "rows_read", Quoted: true}}
		d.Span = at.Base().Span
		items := r.fields(elem, q.Columns(), d.Alias, &d.Columns, at)
		s := &ir.Select{Items: []*ir.SelectItem{{Expr: r.record(elem, items, at)}}, From: []ir.TableExpr{d}}
		s.Span = d.Span
		q = s
	}
	x := &ir.Subquery{Query: q, Array: true}
	x.Span = at.Base().Span
	x.Type = types.Array{Elem: elem}
	x.Made(code)
	return x
}

// gathered is an array as a value of a collection.
func (r *run) gathered(t types.Collection, f datatypes.Form, list ir.Expr, at ir.Node) ir.Expr {
	if f == datatypes.Array {
		return list
	}
	if _, nested := t.Elem.(types.Collection); nested || isTextKey(t) {
		r.refuse(at, "BULK COLLECT into a collection of this type")
	}
	return r.helper("map_of", list, t, list, truth(f == datatypes.Places))
}

func isTextKey(t types.Collection) bool { _, ok := t.Key.(types.Text); return ok }

// bulkFetch is FETCH ... BULK COLLECT INTO ... LIMIT: a loop that fetches row by row.
func (r *run) bulkFetch(n *ir.FetchCursor) []ir.Stmt {
	var before, after []ir.Stmt
	loop := &ir.Loop{Kind: ir.InfiniteLoop}
	loop.Span = n.Span
	one := &ir.FetchCursor{Name: n.Name, X: n.X}
	one.Span = n.Span
	var first *ir.VarDecl
	var added []ir.Stmt
	for _, x := range n.Into {
		t, elem := elemOf(x)
		f := form(r, x)
		if elem == nil || f == datatypes.Unknown {
			rewrite.Refuse(r.Pass, bulk, n.Span, "BULK COLLECT INTO something that is no collection")
			return []ir.Stmt{n}
		}
		list := listVar(x, f)
		if list == nil {
			list = r.array("list", elem, n)
			after = append(after, r.assign(x, r.gathered(t, f, control.Var(list), n), n)...)
		}
		if first == nil {
			first = list
		}
		item := r.local("item", elem, n)
		one.Into = append(one.Into, control.Var(item))
		before = append(before, set(control.Var(list), r.emptyArray(list, x), n))
		added = append(added, set(control.Var(list), build.Call("array_append", x, list.Type, code, control.Var(list), control.Var(item)), n))
	}
	if n.Limit != nil {
		count := build.Call("cardinality", n.Limit, types.Int{Bits: 32}, code, control.Var(first))
		loop.Body = append(loop.Body, leave(build.Compare(ir.Ge, count, n.Limit, n.Limit, code), n))
	}
	loop.Body = append(loop.Body, one, leave(attribute(n, "NOTFOUND"), n))
	loop.Body = append(loop.Body, added...)
	return append(append(before, loop), after...)
}

// attribute is an attribute of the cursor that a FETCH reads.
func attribute(n *ir.FetchCursor, name string) *ir.CursorAttr {
	a := &ir.CursorAttr{Name: name, Cursor: n.X}
	if a.Cursor == nil {
		c := &ir.Name{Parts: []ir.Ident{{Text: n.Name}}}
		c.Span, c.Type = n.Span, types.Cursor{}
		a.Cursor = c
	} else {
		a.Cursor = ir.Clone(n.X)
	}
	a.Span, a.Type = n.Span, types.Bool{}
	return a
}

// whereFound lets statements run where a FETCH has read a row: the source leaves the targets as they are where none is left.
func whereFound(n *ir.FetchCursor, list []ir.Stmt) ir.Stmt {
	b := &ir.Branch{Cond: attribute(n, "FOUND"), Body: list}
	b.Span = n.Span
	is := &ir.If{Branches: []*ir.Branch{b}}
	is.Span = n.Span
	is.Made(code)
	return is
}

// array declares a variable that is an array of elements of a type.
func (r *run) array(name string, elem types.Type, at ir.Node) *ir.VarDecl {
	return r.local(name, types.Collection{CollectionDecl: &types.CollectionDecl{Name: "list", Elem: elem, Target: datatypes.SQL(r.Pass, elem) + "[]"}}, at)
}

func (r *run) emptyArray(d *ir.VarDecl, like ir.Expr) ir.Expr {
	return build.As(build.Make(control.Text("{}"), like, types.Text{}, ""), datatypes.SQL(r.Pass, d.Type), d.Type, code)
}

// listVar is the variable that a collection is, if it is an array.
func listVar(e ir.Expr, f datatypes.Form) *ir.VarDecl {
	n, ok := e.(*ir.Name)
	if !ok || f != datatypes.Array {
		return nil
	}
	if ref, ok := n.Ref.(*ir.VarRef); ok {
		return ref.Decl
	}
	return nil
}

func leave(when ir.Expr, at ir.Node) ir.Stmt {
	l := &ir.Leave{When: when}
	l.Span = at.Base().Span
	l.Made(code)
	return l
}

// bulkReturning is RETURNING ... BULK COLLECT INTO: the changed rows are gathered.
func (r *run) bulkReturning(n ir.Stmt, returning *[]*ir.SelectItem, into *[]ir.Expr, flag *bool) []ir.Stmt {
	targets := *into
	*into, *flag = nil, false
	cte := &ir.CTE{Name: ir.Ident{Text: "changed", Quoted: true}, Stmt: n}
	cte.Span = n.Base().Span
	q := &ir.Select{}
	q.With = &ir.With{CTEs: []*ir.CTE{cte}}
	q.Span = cte.Span
	from := &ir.TableRef{Name: ir.Qualified("", "changed")}
	from.Span = cte.Span
	q.From = []ir.TableExpr{from}
	single := len(targets) == 1
	if single {
		_, elem := elemOf(targets[0])
		if _, row := elem.(types.Record); row {
			return r.returnedRecords(n, cte, q, *returning, targets[0])
		}
	}
	if len(*returning) != len(targets) || len(targets) > 9 {
		rewrite.Refuse(r.Pass, bulk, cte.Span, "RETURNING ... BULK COLLECT")
		return []ir.Stmt{n}
	}
	var after []ir.Stmt
	for i, x := range targets {
		t, elem := elemOf(x)
		f := form(r, x)
		if elem == nil || f == datatypes.Unknown {
			rewrite.Refuse(r.Pass, bulk, cte.Span, "RETURNING ... BULK COLLECT into such a collection")
			return []ir.Stmt{n}
		}
		if f != datatypes.Array || !plain(x) {
			list := r.array("list", elem, n)
			after = append(after, r.assign(x, r.gathered(t, f, control.Var(list), n), n)...)
			x = control.Var(list)
			targets[i] = x
		}
		name := ir.Ident{Text: "c" + string(rune('1'+i)), Quoted: true}
		(*returning)[i].Alias = name
		c := &ir.Name{Parts: []ir.Ident{name}}
		c.Span, c.Type = cte.Span, elem
		empty := build.Make(control.Text("{}"), c, types.Text{}, "")
		q.Items = append(q.Items, &ir.SelectItem{Expr: build.Call("coalesce", c, x.TypeOf(), code, build.Call("array_agg", c, x.TypeOf(), code, c), empty)})
	}
	q.Into = targets
	s := &ir.SelectInto{Query: q}
	s.Span = cte.Span
	return append([]ir.Stmt{s}, after...)
}

// insertRecord is INSERT ... VALUES record.
func (r *run) insertRecord(n *ir.Insert) []ir.Stmt {
	t, ok := n.Record.TypeOf().(types.Record)
	if !ok || t.RecordDecl == nil {
		rewrite.Refuse(r.Pass, notConverted, n.Span, "INSERT of something that is no record")
		return []ir.Stmt{n}
	}
	var before []ir.Stmt
	e := n.Record
	if !plain(e) {
		d := r.local("record", t, n)
		before = append(before, set(control.Var(d), e, n))
		e = control.Var(d)
	}
	row := &ir.RowExpr{Items: fieldsOf(e, t)}
	row.Span, row.Type = n.Span, t
	v := &ir.Values{Rows: []*ir.RowExpr{row}}
	v.Span = n.Span
	n.Source, n.Record = v, nil
	return append(before, r.stmt(n)...)
}

// setRow is UPDATE ... SET ROW = record; nil where it is refused.
func (r *run) setRow(n *ir.Update) []ir.Stmt {
	t, ok := n.SetRow.TypeOf().(types.Record)
	var table *ir.TableRef
	if len(n.Tables) == 1 {
		table, _ = n.Tables[0].(*ir.TableRef)
	}
	var columns []*catalog.Column
	if table != nil && table.Table != nil {
		columns = slices.DeleteFunc(slices.Clone(table.Table.Columns), (*catalog.Column).Hidden)
	}
	if !ok || t.RecordDecl == nil || len(columns) == 0 || len(columns) != len(t.Fields) {
		rewrite.Refuse(r.Pass, notConverted, n.Span, "SET ROW")
		return nil
	}
	before := []ir.Stmt{}
	e := n.SetRow
	if !plain(e) {
		d := r.local("record", t, n)
		before = append(before, set(control.Var(d), e, n))
		e = control.Var(d)
	}
	for i, v := range fieldsOf(e, t) {
		c := columns[i]
		if c.Generated != catalog.NotGenerated {
			continue
		}
		name := &ir.Name{Parts: []ir.Ident{{Text: c.Name}}, Ref: &ir.ColumnRef{Table: table.Table, Column: c, From: table}}
		name.Span, name.Type = n.Span, c.Type
		a := &ir.Assign{Column: name, Value: v}
		a.Span = n.Span
		n.Sets = append(n.Sets, a)
	}
	n.SetRow = nil
	return before
}
