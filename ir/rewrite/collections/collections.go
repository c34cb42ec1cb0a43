// Package collections holds the rule for records, collections and bulk statements of PL/SQL.
package collections

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PL0520"

var (
	noType = &diag.Code{
		ID: "PL0521", Title: "A record or collection whose type the target lacks", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A field or element has a type that is not known or that the target does not have.",
		Next: "Change the type, or convert the routine by hand.", Each: 0.5,
	}
	notConverted = &diag.Code{
		ID: "PL0522", Title: "A use of a collection that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Comparisons of whole collections and operators on them whose elements are records, objects or collections, and methods of collections that a function returns have no equivalent here.",
		Next: "Write a loop over the elements.", Each: 0.5,
	}
	gaps = &diag.Code{
		ID: "PL0523", Title: "DELETE of single elements of a collection that others see", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A nested table whose type is declared in a package or in the schema is an array on the target, which has no gaps; DELETE(n) makes a gap.",
		Next: "Use an associative array, or declare the type in the routine.", Each: 0.5,
	}
	bulk = &diag.Code{
		ID: "PL0524", Title: "A bulk statement that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "BULK COLLECT into several collections of a statement that changes rows, FORALL over dynamic SQL, and attributes of a FORALL that is not in the same block are not converted.",
		Next: "Write a loop.", Each: 0.5,
	}
)

// Rule is PL0520.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "collections",
		Doc: `Records are composite types. Nested tables and varrays (PL/SQL Language Reference, "PL/SQL Collections and Records") are arrays as long as no single elements are deleted; associative arrays,
nested tables with gaps and collections of collections are jsonb. Helper routines raise the source's errors. BULK COLLECT gathers an array, FORALL is a loop.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (v NUMBER);", Source: "DECLARE\n  TYPE nums IS TABLE OF NUMBER;\n  a nums := nums(1, 2);\nBEGIN\n  a.EXTEND;\n  INSERT INTO t VALUES (a.COUNT);\nEND;",
			Target: "DO $$\nDECLARE\n  a numeric[] := ARRAY[1, 2]::numeric[];\nBEGIN\n  a := godwit_oracle.array_extend(a);\n  INSERT INTO t VALUES (godwit_oracle.array_count(a));\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{noType, notConverted, gaps, bulk, setOrder},
		After:    map[string]string{"encoded-attributes": "attributes that are jsonb are read as such", "inserted-objects": "objects are still told from rows", "object-values": "methods become routines, and objects have their types", "package-state": "variables of packages become calls", "dynamic-sql": "texts become statements"},
		Prepare:  pipelined,
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				if p.Refused() {
					return
				}
				r := &run{Pass: p, root: s, outer: map[ir.TableExpr]bool{}, sparse: map[*types.CollectionDecl]bool{}, proven: map[*ir.Element]bool{}}
				s = r.statement(s)
				out = append(append(out, r.types...), s)
			}
			if !p.Refused() {
				p.Unit.Stmts = out
			}
		},
	}
}

type run struct {
	*rewrite.Pass
	root    ir.Stmt
	top     *ir.Block
	types   []ir.Stmt // that create types
	sparse  map[*types.CollectionDecl]bool
	proven  map[*ir.Element]bool  // elements that are there
	outer   map[ir.TableExpr]bool // TABLE(...)(+)
	written map[ir.Expr]bool      // expressions that are assigned
}

// assigned notes the expressions that statements assign.
func (r *run) assigned(s ir.Stmt) {
	r.written = map[ir.Expr]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		for _, e := range control.Written(n) {
			r.written[e] = true
		}
		if a, ok := n.(*ir.Assign); ok { // SET a.b.c takes no parentheses
			for _, c := range append([]*ir.Name{a.Column}, a.Columns...) {
				r.written[c] = true
			}
		}
		return true
	})
}

func (r *run) statement(s ir.Stmt) ir.Stmt {
	if control.IsProgram(s) {
		r.declared(s)
		r.spelled(s)
		r.prove(s)
		r.program(s)
		r.remove(s)
	}
	r.assigned(s)
	s = ir.MapExprs(s, r.expr)
	return ir.Map(s, func(n ir.Node) ir.Node {
		switch t := n.(type) {
		case *ir.CollectionTable:
			return r.table(t)
		case *ir.Select:
			r.joined(t)
		case *ir.Routine:
			r.piped(t)
		}
		return n
	})
}

// owner is where types that a program declares are created, and what their names begin with, in the package that the program is in.
func (r *run) owner() (schema, prefix string, in *catalog.Package) {
	switch n := r.root.(type) {
	case *ir.Routine:
		if x := n.Object; x != nil && x.Target != "" {
			return x.TargetSchema, x.Package.OwnName(catalog.RoutineSpace, x.Target) + "_", x.Package
		}
		return n.Name.Schema(), datatypes.Fold(n.Name.Name()) + "_", nil
	case *ir.CreateTrigger:
		return n.Name.Schema(), datatypes.Fold(n.Name.Name()) + "_", nil
	}
	return "pg_temp", "", nil
}

// declared gives the types that a program declares their types on the target.
func (r *run) declared(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		var c *ir.CollectionCall
		switch n := n.(type) {
		case *ir.CollectionCall:
			c = n
		default:
			return true
		}
		if t, ok := c.X.TypeOf().(types.Collection); ok && c.Method == "DELETE" && len(c.Args) > 0 && t.CollectionDecl != nil {
			r.sparse[t.CollectionDecl] = true
		}
		return true
	})
	ir.Walk(s, func(n ir.Node) bool {
		d, ok := n.(*ir.TypeDecl)
		if !ok {
			return true
		}
		switch t := d.Defined.(type) {
		case types.Record:
			if d.Kind == ir.RecordType && t.RecordDecl != nil && t.Target == "" {
				r.composite(t.RecordDecl, datatypes.Fold(d.Name.Text), d)
				datatypes.Defaults(r.Pass, t.RecordDecl, d.Fields)
			}
		case types.Collection:
			if d.Kind != ir.Subtype && t.CollectionDecl != nil {
				if rec, ok := t.Elem.(types.Record); ok {
					r.row(rec, strings.ToLower(d.Name.Text)+"_row", d)
				}
				datatypes.Collection(r.Pass, t.CollectionDecl, r.sparse[t.CollectionDecl])
				if t.Target == "" {
					rewrite.Refuse(r.Pass, noType, d.Span, "type %s", d.Name.Text)
				}
			}
		}
		return true
	})
}

const droppedKey = "collections.temporary"

// composite creates the type of a record.
func (r *run) composite(d *types.RecordDecl, name string, at ir.Node) {
	schema, prefix, in := r.owner()
	full := in.TargetName(catalog.RelationSpace, prefix+name)
	for i := 2; r.has(schema, full); i++ {
		full = in.TargetName(catalog.RelationSpace, fmt.Sprintf("%s%s_%d", prefix, name, i))
	}
	c := datatypes.Composite(r.Pass, d, schema, full, code, at)
	if c == nil {
		rewrite.Refuse(r.Pass, noType, at.Base().Span, "record %s", name)
		return
	}
	if schema == "pg_temp" {
		m, _ := r.Session.State[droppedKey].(map[string]bool)
		if m == nil {
			m = map[string]bool{}
			r.Session.State[droppedKey] = m
		}
		if m[full] || !r.Session.InOrder {
			x := &ir.RawStmt{Text: "DROP TYPE IF EXISTS " + datatypes.Qualified(schema, full) + " CASCADE"}
			x.Span = at.Base().Span
			x.Made(code)
			r.types = append(r.types, x)
		}
		m[full] = true
	}
	r.types = append(r.types, c)
}

func (r *run) has(schema, name string) bool {
	for _, s := range r.types {
		if c, ok := s.(*ir.CreateType); ok && c.Name.Schema() == schema && c.Name.Name() == name {
			return true
		}
	}
	return false
}

// row gives the row of a table or cursor its type.
func (r *run) row(t types.Record, name string, at ir.Node) {
	if t.RecordDecl == nil || t.Target != "" || datatypes.Named(r.Pass, t.RecordDecl) {
		return
	}
	datatypes.Row(t.RecordDecl)
	if t.Target == "" {
		r.composite(t.RecordDecl, name, at)
	}
}

// spelled gives the types of variables, parameters and results their types on the target.
func (r *run) spelled(s ir.Stmt) {
	loops := map[*ir.VarDecl]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		if l, ok := n.(*ir.Loop); ok && l.Var != nil && l.Kind == ir.QueryLoop {
			loops[l.Var] = true
		}
		return true
	})
	ir.Walk(s, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.VarDecl:
			r.variable(d, loops[d])
		case *ir.ParamDecl:
			r.spell(d.Type)
		case *ir.Routine:
			r.spell(d.Returns)
			r.outputs(d)
		}
		return true
	})
	r.loopRows(s, loops)
}

// outputs gives OUT parameters that do not begin as NULL their first values: an empty associative array, a record with defaults.
func (r *run) outputs(d *ir.Routine) {
	b, ok := d.Body.(*ir.Block)
	if !ok {
		return
	}
	var first []ir.Stmt
	for _, x := range d.Params {
		if x.Mode != catalog.Out {
			continue
		}
		r.spell(x.Type)
		if value := datatypes.Initial(r.Pass, x.Type, x, code); value != nil {
			n := &ir.Name{Parts: []ir.Ident{x.Name}, Ref: &ir.ParamRef{Param: x}}
			n.Span, n.Type = x.Span, x.Type
			set := control.Set(n, value)
			set.Made(code)
			first = append(first, set)
		}
	}
	b.Body = append(first, b.Body...)
}

func (r *run) spell(t types.Type) {
	switch x := t.(type) {
	case types.Record:
		if x.RecordDecl != nil && !datatypes.Named(r.Pass, x.RecordDecl) {
			datatypes.Row(x.RecordDecl)
		}
	case types.Collection, types.Object:
		datatypes.SQL(r.Pass, x)
	}
}

func (r *run) variable(d *ir.VarDecl, loop bool) {
	switch t := d.Type.(type) {
	case types.Record:
		if loop || t.RecordDecl == nil {
			return
		}
		r.row(t, strings.ToLower(strings.ReplaceAll(d.Name.Text, "%", "_"))+"_row", d)
		if t.Target != "" && d.TypeSQL == "" {
			d.TypeSQL = t.Target + rowType // the target's parser of routines knows its fields
		}
		if d.Default == nil {
			d.Default = datatypes.Initial(r.Pass, t, d, code)
		}
	case types.Collection:
		if datatypes.SQL(r.Pass, t) != "" && d.Default == nil {
			d.Default = datatypes.Initial(r.Pass, t, d, code)
		}
	case types.Object:
		if sql := datatypes.SQL(r.Pass, t); sql != "" && d.TypeSQL == "" {
			d.TypeSQL = sql + rowType
		}
	}
}

// rowType marks a variable as one of a composite type.
const rowType = "%ROWTYPE"

// remove takes the declarations of types away.
func (r *run) remove(s ir.Stmt) {
	ir.WalkStatements(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		keep := b.Decls[:0:0]
		for _, d := range b.Decls {
			if x, is := d.(*ir.TypeDecl); is && x.Kind != ir.CursorType && x.Kind != ir.Subtype {
				continue
			}
			keep = append(keep, d)
		}
		b.Decls = keep
		return true
	})
}

// prove finds elements that are there: a(i) in FOR i IN 1 .. a.COUNT, where nothing else is done to a.
func (r *run) prove(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		l, ok := n.(*ir.Loop)
		if !ok || l.Kind != ir.RangeLoop || l.Var == nil || l.Step != nil {
			return true
		}
		c, ok := l.Hi.(*ir.CollectionCall)
		if !ok || c.Method != "COUNT" || datatypes.FormOf(c.X.TypeOf()) != datatypes.Array {
			return true
		}
		if v, lit := build.IntLiteral(l.Lo); !lit || v < 1 {
			return true
		}
		d := control.Target(c.X)
		if d == nil || changes(l.Body, d) {
			return true
		}
		ir.Walk(&ir.Block{Body: l.Body}, func(n ir.Node) bool {
			if e, ok := n.(*ir.Element); ok && control.Target(e.X) == d && control.Target(e.Index) == ir.Node(l.Var) {
				r.proven[e] = true
			}
			return true
		})
		return true
	})
}

// changes tells that statements change a collection in other ways than element by element.
func changes(list []ir.Stmt, d ir.Node) bool {
	return ir.Find(&ir.Block{Body: list}, func(n ir.Node) bool {
		if c, ok := n.(*ir.CollectionCall); ok && control.Target(c.X) == d {
			switch c.Method {
			case "EXTEND", "TRIM", "DELETE":
				return true
			}
		}
		switch n.(type) {
		case *ir.CallProc, *ir.RoutineCall:
			if r := routineOf(n); r == nil || r.Package == nil && r.TargetSchema == "" && r.Target == "" {
				return true // a nested routine may change it
			}
		}
		for _, e := range control.Written(n) {
			if control.Target(e) == d {
				return true
			}
		}
		return false
	})
}

func routineOf(n ir.Node) *catalog.Routine {
	switch x := n.(type) {
	case *ir.CallProc:
		return x.Routine
	case *ir.RoutineCall:
		return x.Routine
	}
	return nil
}
