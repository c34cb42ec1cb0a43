// Package valueerrors holds the rules for errors that PL/SQL and SQL raise under different names: values that are too large, and texts that are
// no numbers.
package valueerrors

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const sizesCode, numbersCode = "PL0503", "PL0504"

var both = &diag.Code{
	ID: "PL0505", Title: "Values that are too large, for a variable or for a column", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `A value that does not fit into a variable is VALUE_ERROR (ORA-06502), one that does not fit into a column ORA-01438 or ORA-12899, which VALUE_ERROR does not take (PL/SQL Language
Reference, "Predefined Exceptions"). On the target both are one condition. The statements of this block can raise both; assumed: it is the column's where SQLCODE is asked, the variable's where VALUE_ERROR is handled.`,
	Next: "Nothing, if values that are too large cannot occur; else put the change of rows into a block of its own.", Each: 0.1,
}

// Rule is PL0503.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: sizesCode, Name: "value-errors",
		Doc: `Handlers of values that are too large (PL/SQL Language Reference, "Predefined Exceptions"): VALUE_ERROR is about variables. Where the statements of a block can only raise errors of columns,
WHEN VALUE_ERROR does not take them; where they can only raise those of variables, SQLCODE and SQLERRM tell ORA-06502.
A handler of one of two errors that are one condition of the target (ORA-02291 and ORA-02292, ORA-02290 and ORA-01438) asks which of them it is where the block can raise both.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (s VARCHAR2(5));",
				Source: "CREATE PROCEDURE p(v VARCHAR2) AUTHID CURRENT_USER IS\nBEGIN\n  INSERT INTO t VALUES (v);\nEXCEPTION\n  WHEN VALUE_ERROR THEN NULL;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p(v text)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  INSERT INTO t VALUES (v);\nEXCEPTION\n  WHEN invalid_character_value_for_cast OR null_value_not_allowed THEN\n    NULL;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{both, nulled},
		Looks:    ir.Kinds(ir.KindBlock),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					sizes(p, s)
				}
			}
		},
	}
}

func sizes(p *rewrite.Pass, s ir.Stmt) {
	code := plsql.Of(p, s)
	ir.WalkStatements(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok || !slices.ContainsFunc(b.Catches, func(c *ir.Catch) bool { return asks(code, c) || hasSibling(c) }) {
			return true
		}
		w := &sides{code: code, seen: map[*ir.Routine]bool{}, packages: map[*catalog.Package]bool{}}
		w.list(b.Body)
		w.siblings(b)
		for _, c := range b.Catches {
			w.nulls(p, c)
			if !asks(code, c) {
				continue
			}
			switch {
			case w.variable && w.column && !w.far:
				w.mixed(c, b.Catches)
			case (w.variable || w.overflow) && w.column:
				c.Overflow = w.overflow && !w.whole
				if w.variable || !c.Overflow {
					p.Report(both, c.Span, "the block changes rows and assigns variables")
				}
				c.Assigned = c.Assigned || onlyValueError(c)
			case w.variable || w.overflow:
				c.Assigned = true
			case w.column && valueError(c):
				c.States = slices.DeleteFunc(slices.Clone(c.States), func(s string) bool {
					return s == "string_data_right_truncation" || s == "numeric_value_out_of_range"
				})
			}
		}
		if w.overflow || w.variable && slices.ContainsFunc(b.Catches, ofOverflow) {
			overflows(p, b)
		}
		return true
	})
}

func valueError(c *ir.Catch) bool {
	return slices.ContainsFunc(c.Names, func(q ir.QName) bool { return q.Name() == "VALUE_ERROR" })
}

// onlyValueError tells a handler that sees no error of a column.
func onlyValueError(c *ir.Catch) bool { return len(c.Names) == 1 && valueError(c) }

// asks tells a handler for which it matters where a value did not fit.
func asks(code *plsql.Code, c *ir.Catch) bool {
	if valueError(c) {
		return true
	}
	return slices.ContainsFunc(c.Body, func(s ir.Stmt) bool {
		return code.TellsCallee(s) || ir.Find(s, func(n ir.Node) bool {
			e, ok := n.(ir.Expr)
			if !ok {
				return false
			}
			name, arg := plsql.ErrorWord(e)
			return name != "" && arg == nil
		})
	})
}

// sides finds out which statements can meet a value that is too large.
type sides struct {
	code             *plsql.Code
	variable, column bool
	overflow         bool // a whole number of a program can leave its range
	whole            bool // so can one of a column
	parents          bool // a parent can be missing
	children         bool // children can be there
	digits           bool // a column with a CHECK of its digits can be too small
	inserts, updates bool // a NULL can meet a column that takes none
	far              bool // either can happen in a routine that is called, or in a block of its own
	seen             map[*ir.Routine]bool
	packages         map[*catalog.Package]bool
}

func (w *sides) list(list []ir.Stmt) {
	for _, s := range list {
		ir.Walk(s, w.node)
	}
}

func (w *sides) node(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.RoutineDecl:
		return false // counts where it is called
	case *ir.Block:
		w.far = w.far || len(n.Catches) > 0
	case *ir.SetVar:
		for _, i := range n.Items {
			w.assign(i.Target, i.Value)
		}
	case *ir.Binary: // a sum of PLS_INTEGERs has their type, and overflows
		if _, whole := n.Type.(types.Int); whole && (n.Op == ir.Add || n.Op == ir.Sub || n.Op == ir.Mul) {
			w.overflow = true
		}
	case *ir.Unary: // the least PLS_INTEGER has no opposite
		_, whole := n.Type.(types.Int)
		_, literal := n.X.(*ir.Number)
		w.overflow = w.overflow || whole && n.Op == ir.Neg && !literal
	case *ir.Loop: // bounds become PLS_INTEGERs
		if n.Kind == ir.RangeLoop {
			w.store(n.Lo, types.Int{Bits: 32})
			w.store(n.Hi, types.Int{Bits: 32})
		}
	case *ir.Raise:
		w.raised(n.State)
	case *ir.VarDecl:
		w.store(n.Default, n.Type)
	case *ir.SelectInto:
		if q, ok := n.Query.(*ir.Select); ok && len(q.Into) == len(q.Items) && !q.Bulk {
			for i, t := range q.Into {
				w.assign(t, q.Items[i].Expr)
			}
			return true
		}
		w.variable = true
	case *ir.FetchCursor, *ir.Execute, *ir.PipeRow:
		w.variable = true
		if e, ok := n.(*ir.Execute); ok && len(e.Into) == 0 {
			w.column, w.whole = true, true
			w.references(nil, true, true, nil)
		}
	case *ir.Insert:
		w.insert(n)
	case *ir.Update:
		w.references(changed(n.Tables), false, false, n.Sets)
		w.sets(n.Sets)
		w.variable = w.variable || len(n.Into) > 0
	case *ir.Delete:
		w.references(changed(n.From), false, true, nil)
		w.variable = w.variable || len(n.Into) > 0
	case *ir.Merge:
		if n.Update != nil {
			w.references(changed([]ir.TableExpr{n.Into}), false, n.Update.DeleteWhere != nil, n.Update.Sets)
			w.sets(n.Update.Sets)
		}
		if n.Insert != nil {
			w.references(changed([]ir.TableExpr{n.Into}), true, false, nil)
			w.column, w.whole, w.digits, w.inserts = true, true, true, true
		}
	case *ir.MultiInsert:
		w.references(nil, true, true, nil)
		w.column, w.whole = true, true
	case *ir.CallProc:
		w.called(n.Routine, n.Args)
	case *ir.RoutineCall:
		w.called(n.Routine, n.Args)
	case *ir.Invocation, *ir.Invoke:
		w.any()
	}
	return true
}

func (w *sides) assign(target, value ir.Expr) {
	if value != nil && target.TypeOf() != nil {
		w.store(value, target.TypeOf())
	}
}

// store is a value that a variable of the type takes: one that is too large for a PLS_INTEGER is another error.
func (w *sides) store(value ir.Expr, to types.Type) {
	switch _, whole := to.(types.Int); {
	case plsql.Fits(value, to):
	case whole:
		w.overflow = true
	default:
		w.variable = true
	}
}

func (w *sides) sets(list []*ir.Assign) {
	for _, a := range list {
		if a.Columns != nil || !plsql.Fits(a.Value, a.Column.TypeOf()) {
			w.column = true
			w.whole = w.whole || a.Columns != nil || wide(a.Column.Column())
			w.digits = w.digits || a.Columns != nil || hasDigits(a.Column.Column())
		}
	}
}

func (w *sides) insert(n *ir.Insert) {
	w.variable = w.variable || len(n.Into) > 0
	w.references(changed([]ir.TableExpr{n.Table}), true, false, nil)
	var to []*catalog.Column
	if n.Table != nil && n.Table.Table != nil && n.Columns == nil {
		to = n.Table.Table.Columns
	}
	w.inserts = w.inserts || len(n.Columns) > 0 && leavesOut(n)
	for _, c := range n.Columns {
		ref, ok := c.Ref.(*ir.ColumnRef)
		if !ok {
			w.column, w.whole, w.digits = true, true, true
			return
		}
		to = append(to, ref.Column)
	}
	w.whole = w.whole || len(to) == 0 || slices.ContainsFunc(to, wide)
	fits := func(i int, e ir.Expr) bool {
		ok := i < len(to) && to[i] != nil && plsql.Fits(e, to[i].Type)
		w.digits = w.digits || !ok && (i >= len(to) || hasDigits(to[i]))
		w.inserts = w.inserts || i >= len(to) || takesNoNull(to[i], e)
		return ok
	}
	switch q := n.Source.(type) {
	case *ir.Values:
		for _, r := range q.Rows {
			for i, e := range r.Items {
				w.column = !fits(i, e) || w.column
			}
		}
	case *ir.Select:
		for i, it := range q.Items {
			w.column = !fits(i, it.Expr) || w.column
		}
	default:
		w.column, w.digits, w.inserts = true, true, true
	}
}

// any is code that is not at hand.
func (w *sides) any() {
	w.far = true
	w.variable, w.column, w.overflow, w.whole = true, true, true, true
	w.parents, w.children, w.digits, w.inserts, w.updates = true, true, true, true, true
}

// wide tells a column that is an integer of 32 bits on the target, whose error has the words of a PLS_INTEGER's.
func wide(c *catalog.Column) bool {
	if c == nil {
		return true
	}
	d, ok := c.Type.(types.Decimal)
	return ok && d.Integral() && d.Precision > 4 && d.Precision < 10
}

// called is what a routine can meet; an argument that it sets counts as a variable.
func (w *sides) called(r *catalog.Routine, args []ir.Expr) {
	if r == nil {
		return
	}
	w.starts(r.Package)
	for i, a := range args {
		w.variable = w.variable || plsql.GivesBack(r, i, a)
		if p, value, _ := control.Param(r, i, a); p != nil && p.Mode == catalog.In && value != nil {
			if to, whole := p.Type.(types.Int); whole {
				if c, cast := value.(*ir.Cast); cast && c.To == p.Type { // by which the target finds the routine
					value = c.X
				}
				w.store(value, to)
			}
		}
	}
	d := w.code.Nested(r)
	if d == nil {
		d = w.code.Body(r)
	}
	switch {
	case d == nil || d.Body == nil:
		w.any()
	case !w.seen[d]:
		w.seen[d] = true
		variable, column := w.variable, w.column
		w.variable, w.column = false, false
		ir.Walk(d.Body, w.node)
		w.far = w.far || w.variable || w.column
		w.variable, w.column = w.variable || variable, w.column || column
	}
}

// starts looks at the first values of a package's variables, which are computed where a member is used first.
func (w *sides) starts(k *catalog.Package) {
	if k == nil || w.packages[k] {
		return
	}
	w.packages[k] = true
	for _, v := range k.Vars {
		if d, ok := v.Decl.(*ir.VarDecl); ok && d.Default != nil {
			w.node(d)
		}
	}
	if k.Init {
		w.any()
	}
}

// Numbers is PL0504.
func Numbers() *rewrite.Rule {
	return &rewrite.Rule{
		Code: numbersCode, Name: "plsql-numbers",
		Doc: `Texts that become numbers outside of SQL statements (PL/SQL Language Reference, "Predefined Exceptions"): what is no number is VALUE_ERROR there, and INVALID_NUMBER in SQL statements. The helper routine
plsql_number raises the former.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle,
				Source: "CREATE FUNCTION f(v VARCHAR2) RETURN NUMBER AUTHID CURRENT_USER IS\nBEGIN\n  RETURN TO_NUMBER(v);\nEXCEPTION\n  WHEN VALUE_ERROR THEN RETURN 0;\nEND;\n/",
				Target: "CREATE OR REPLACE FUNCTION f(v text)\nRETURNS numeric\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  RETURN godwit_oracle.plsql_number(v);\nEXCEPTION\n  WHEN string_data_right_truncation OR numeric_value_out_of_range OR invalid_character_value_for_cast OR null_value_not_allowed THEN\n    RETURN 0;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		After:    map[string]string{"oracle-expressions": "it tells which texts are read as numbers"},
		Looks:    ir.Kinds(ir.KindHelperCall),
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					p.Unit.Stmts[i] = numbers(p, s)
				}
			}
		},
	}
}

func numbers(p *rewrite.Pass, s ir.Stmt) ir.Stmt {
	inSQL := map[*ir.HelperCall]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		switch n.(type) {
		case ir.Query, *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert:
			ir.Walk(n, func(x ir.Node) bool {
				if h, ok := x.(*ir.HelperCall); ok {
					inSQL[h] = true
				}
				return true
			})
			return false
		}
		return true
	})
	return ir.MapExprs(s, func(e ir.Expr) ir.Expr {
		h, ok := e.(*ir.HelperCall)
		if !ok || inSQL[h] {
			return e
		}
		if h.Name == "cast_number" && len(h.Args) == 2 {
			yes := &ir.Bool{Value: true}
			yes.Type = types.Bool{}
			h.Args = append(h.Args, yes)
			return h
		}
		if h.Name != "to_number" {
			return e
		}
		return p.Helper("plsql_number", h, h.Args...)
	})
}
